"""The files that begin first are there, and are begun first."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_order import FIRST, place_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("file", FIRST)
def test_a_file_that_begins_first_is_there(file: str) -> None:
    assert (ROOT / file).is_file()


def test_the_files_that_begin_first_come_in_their_order_and_the_others_behind_them() -> None:
    others = ["tests/cli/test_settings.py", "tests/store/test_database.py"]
    mixed = [f"{file}::test_it[{at}]" for at, file in enumerate((*others, *reversed(FIRST)))]
    assert [name.partition("::")[0] for name in sorted(mixed, key=place_of)] == [*FIRST, *others]
