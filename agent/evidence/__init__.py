"""Articles in: read, split, embedded, indexed. Passages out: hybrid search."""
