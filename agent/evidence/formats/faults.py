"""What a parser may raise on a file that is broken or built to break it."""

from __future__ import annotations

import struct
import zlib

PARSER_FAULTS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""Caught around calls into a parser, never around our own logic. XML errors are SyntaxErrors, encoding errors are
ValueErrors, RecursionError and NotImplementedError are RuntimeErrors. MemoryError is left out on purpose: the process
that reads the file has a memory limit and reports it."""
