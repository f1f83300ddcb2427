"""Prompt + evidence -> typed drafts, one module a section."""
