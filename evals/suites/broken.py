"""What a bug comes to in a verdict: it fails one case, and the run goes on."""

from __future__ import annotations

import sys
import traceback

from agent.schemas.text import one_line


def broke(error: Exception) -> str:
    """The message of a verdict for an error that nobody expected; its traceback goes to stderr."""
    traceback.print_exception(error, file=sys.stderr)
    said = one_line(str(error))
    return f"broke: {type(error).__name__}" + (f": {said}" if said else "")
