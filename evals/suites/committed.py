"""Committed counts, looked at before anything runs: what is not whole is told with its file."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agent.errors import InvalidInput, NotFound, StorageFailed
from evals.seeded.report import RATCHET, Ratchet

AGAIN = "Restore the file, or count anew: python evals/seeded/measure.py --write"
GROUPS = ("mutants", "controls")


def check_ratchet(file: Path = RATCHET) -> None:
    """Whether the counts of seeded errors can be read.

    Raises NotFound without the file, StorageFailed for one that cannot be read, InvalidInput for one that is not whole
    or of another shape.
    """
    try:
        found = TypeAdapter(Ratchet).validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"The counts of seeded errors are missing: found no {file}.", hint=AGAIN) from error
    except OSError as error:
        raise StorageFailed(f"The counts of seeded errors {file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        problems = tuple(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}." for e in error.errors())
        raise InvalidInput(
            f"The counts of seeded errors {file} are not valid: {problems[0]}", problems=problems, hint=AGAIN
        ) from error
    lacking = [name for name in GROUPS if name not in found]
    if lacking:
        raise InvalidInput(f"The counts of seeded errors {file} have no {' and no '.join(lacking)}.", hint=AGAIN)
