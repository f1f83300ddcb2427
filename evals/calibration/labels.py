"""What the pairs are labelled as: `python -m evals.calibration.labels FOLDER` puts the answers to the sheets together.

Two label every pair, each from a sheet alone; a third labels what they disagree on, and decides it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError

from agent.errors import AssessorError, InvalidInput, NotFound
from agent.schemas.base import Value
from evals.calibration.agreement import Said
from evals.calibration.pairs import Pair, pairs
from evals.calibration.sheets import sheet

LABELS = Path(__file__).with_name("labels.json")
WHO = "Language models, not persons: two labelled each pair independently of one another, from the sheets alone."
RESOLVED = "A third language model labelled the pairs on which the two disagree, from a sheet alone; its label counts."


class Label(StrEnum):
    """Whether everything that a claim says is said by the passages it cites."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


class Given(Value):
    """One label by one who labelled."""

    label: Label
    why: str = Field(min_length=1)


class Answer(Given):
    """A line of an answer to a sheet."""

    id: str


class Labelled(Value):
    """A pair with all its labels."""

    id: str
    a: Given
    b: Given
    c: Given | None = None
    """Only where the first two disagree."""

    @property
    def unsupported(self) -> bool:
        """What counts."""
        return (self.c or self.a).label is Label.UNSUPPORTED


class Labels(Value):
    """All labels, in the order of the pairs."""

    who: str
    resolved: str
    disagreements: int = Field(ge=0)
    labels: tuple[Labelled, ...]

    @property
    def both(self) -> list[Said]:
        """The first two who labelled, beside one another."""
        return [Said(*(given.label is Label.UNSUPPORTED for given in (each.a, each.b))) for each in self.labels]


def read_answers(path: Path, of: Sequence[Pair]) -> dict[str, Given]:
    """The answers to a sheet with these pairs, by id.

    Raises NotFound for a file that is not there; InvalidInput for a line that is no label, and for a pair that is
    labelled twice, not at all, or does not exist.
    """
    if not path.is_file():
        raise NotFound(f"There are no labels {path}.", hint="sheets.py writes the sheets that are to be labelled.")
    found: dict[str, Given] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            answer = Answer.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "line"
            raise InvalidInput(f"{path}, line {number}, is no label: {place}: {problem['msg']}.") from error
        if answer.id in found:
            raise InvalidInput(f"{path} labels {answer.id} twice; expected one label a pair.")
        found[answer.id] = Given(label=answer.label, why=answer.why)
    _same(path, found, [pair.id for pair in of])
    return found


def together(a: dict[str, Given], b: dict[str, Given], c: dict[str, Given]) -> Labels:
    """The labels of everybody; `c` has those pairs on which the others disagree."""
    labelled = tuple(Labelled(id=key, a=a[key], b=b[key], c=c.get(key)) for key in sorted(a))
    return Labels(who=WHO, resolved=RESOLVED, disagreements=len(c), labels=labelled)


def disputed(a: dict[str, Given], b: dict[str, Given], of: Iterable[Pair]) -> list[Pair]:
    """The pairs with two different labels."""
    return [pair for pair in of if a[pair.id].label is not b[pair.id].label]


def load_labels(path: Path = LABELS, of: Sequence[Pair] | None = None) -> Labels:
    """The committed labels. Raises NotFound where there are none, InvalidInput where they do not fit the pairs."""
    if not path.is_file():
        raise NotFound(f"There are no labels {path}.", hint="labels.py puts them together.")
    try:
        labels = Labels.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise InvalidInput(f"The labels {path} are not valid: {error.errors()[0]['msg']}.") from error
    _same(path, [each.id for each in labels.labels], [pair.id for pair in (pairs() if of is None else of)])
    unresolved = [each.id for each in labels.labels if (each.a.label is each.b.label) != (each.c is None)]
    if unresolved:
        raise InvalidInput(f"{path}: {unresolved[0]} needs a third label exactly where the first two disagree.")
    if labels.disagreements != (counted := sum(each.c is not None for each in labels.labels)):
        raise InvalidInput(f"{path} says {labels.disagreements} disagreements; its labels have {counted}.")
    return labels


def _same(path: Path, found: Iterable[str], expected: Sequence[str]) -> None:
    counted = list(found)
    problems = [f"{key} has no label." for key in expected if key not in set(counted)]
    problems += [f"{key} is none of the pairs." for key in counted if key not in set(expected)]
    problems += [f"{key} stands more than once." for key in sorted({k for k in counted if counted.count(k) > 1})]
    if problems:
        raise InvalidInput(f"{path} does not fit the pairs: {problems[0]}", problems=problems)


def main(folder: Path) -> int:
    """Writes the labels, or the third sheet where it is still to be labelled. Returns the exit code."""
    try:
        every = pairs()
        a, b = (read_answers(folder / f"{name}.jsonl", every) for name in "ab")
        open_pairs = disputed(a, b, every)
        if open_pairs and not (folder / "c.jsonl").is_file():
            (folder / "sheet-c.md").write_text(sheet("c", open_pairs), encoding="utf-8")
            sys.stdout.write(
                f"{len(open_pairs)} disagreements: label {folder / 'sheet-c.md'} to c.jsonl, then again.\n"
            )
            return 0
        c = read_answers(folder / "c.jsonl", open_pairs) if open_pairs else {}
    except AssessorError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    document = together(a, b, c).model_dump(mode="json", exclude_none=True)
    LABELS.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(every)} pairs, {len(c)} disagreements\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
