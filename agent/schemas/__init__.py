"""Frozen domain values. No I/O."""
