"""The guard: deterministic checks of drafts against the stored passages. Pure."""
