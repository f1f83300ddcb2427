"""One reader for each kind of file: bytes in, documents out."""
