"""The golden roles: which recording belongs to each, and the score that its draft is expected to have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from agent.errors import InvalidInput, NotFound
from agent.llm.recording import Recording, read_recording
from agent.schemas.base import Value
from agent.schemas.vocabulary import Zone

CHECKOUT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("roles.json")
RECORDINGS = {"bundled": CHECKOUT / "evals" / "recordings", "golden": Path(__file__).with_name("recordings")}
FREEZE = "python -m evals.golden.freeze"


class Expected(Value):
    """Frozen by the rule of the file from the draft that was recorded; it says nothing of the score's truth."""

    low: float = Field(ge=0, le=100)
    high: float = Field(ge=0, le=100)
    """With `low` the interval, both ends in it."""
    zone: Zone
    score: float = Field(ge=0, le=100)
    """The formula score of the recorded draft, from which the interval was made."""
    recorded_at: str
    """The day of that recording."""
    frozen_at: str

    @model_validator(mode="after")
    def _holds_its_score(self) -> Expected:
        if not self.low <= self.score <= self.high:
            raise ValueError(f"the interval {self.low} to {self.high} does not hold the score {self.score}")
        return self


class GoldenRole(Value):
    """A role that the evals replay."""

    role: str = Field(min_length=1)
    seniority: str = Field(min_length=1)
    family: str = Field(min_length=1)
    """Major group of the Standard Occupational Classification."""
    recording: str = Field(pattern=r"^(bundled|golden)/[a-z0-9-]+\.json$")
    """`bundled/FILE` in `evals/recordings`, which ships; `golden/FILE` in `evals/golden/recordings`."""
    expected: Expected | None = None
    """`None` until it is frozen."""

    @property
    def name(self) -> str:
        """As verdicts and reports name it."""
        return f"{self.role} ({self.seniority})"

    @property
    def is_bundled(self) -> bool:
        """Whether its recording ships: judged by models, too."""
        return self.recording.startswith("bundled/")

    @property
    def path(self) -> Path:
        """Where its recording lies."""
        kind, _, file = self.recording.partition("/")
        return RECORDINGS[kind] / file

    def read(self) -> Recording:
        """Its recording. Raises NotFound where there is none, InvalidInput for one that is not whole, is not valid or
        is of another role."""
        if not self.path.is_file():
            raise NotFound(
                f"There is no recording: found no {self.path.relative_to(CHECKOUT)}.",
                hint=f'Record it: assess-role record "{self.role}" --seniority "{self.seniority}" --out FOLDER',
            )
        found = read_recording(self.path)
        if (found.role, found.seniority) != (self.role, self.seniority):
            raise InvalidInput(f"{self.path} is a recording of {found.role} ({found.seniority}), not of {self.name}.")
        return found


class Abstaining(Value):
    """A role of which the bundled corpus says too little to be drafted: a run of it abstains."""

    role: str = Field(min_length=1)
    seniority: str = Field(min_length=1)
    family: str = Field(min_length=1)
    """Major group of the Standard Occupational Classification."""

    @property
    def name(self) -> str:
        """As verdicts and reports name it."""
        return f"{self.role} ({self.seniority})"


class GoldenRoles(Value):
    """The file."""

    version: Literal[1]
    rule: str = Field(min_length=1)
    """How an interval is frozen, in words."""
    margin_points: float = Field(gt=0, le=20)
    """Points on either side of the recorded draft's score."""
    roles: tuple[GoldenRole, ...] = Field(min_length=1)
    abstaining: tuple[Abstaining, ...]
    """Of other families, chosen with the others before any draft."""
    searched_as_of: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    """The day from which the corpus is searched for them."""

    @model_validator(mode="after")
    def _no_role_twice(self) -> GoldenRoles:
        names = [*(role.name for role in self.roles), *(role.name for role in self.abstaining)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self


def read_roles(file: Path = FILE) -> GoldenRoles:
    """The golden roles. Raises NotFound without the file, InvalidInput naming every breach in it."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return GoldenRoles.model_validate_json(json.dumps(document))
    except FileNotFoundError as error:
        raise NotFound(f"The golden roles are missing: found no {file}.") from error
    except ValidationError as error:
        problems = tuple(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}." for e in error.errors())
        raise InvalidInput(f"The golden roles {file} are not valid: {problems[0]}", problems=problems) from error
    except ValueError as error:
        raise InvalidInput(f"The golden roles {file} are not whole JSON: {error}.") from error


def write_roles(roles: GoldenRoles, file: Path = FILE) -> None:
    """Write the file anew."""
    document = roles.model_dump(mode="json", exclude_none=True)
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
