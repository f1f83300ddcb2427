"""assess-role: how far AI replaces a job role, with every number recomputable and every quote real.

    from agent import assess, load_published, score

Importing the package loads none of the heavy libraries; the functions do when they are called. Each takes and returns
plain JSON values, the documents that the command line prints with `--json`. Every error a user can meet is an
`agent.errors.AssessorError` with `kind`, `message` and `hint`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Read by the libraries when they are imported, which happens below this package only.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
    os.environ.setdefault(_name, "false")

__all__ = ["assess", "load_published", "score"]


def score(document: Mapping[str, object]) -> dict[str, object]:
    """The score of a hand-written input, of an assessment, or of what `load_published` returned. No model is called,
    and the same document gives the same result on any machine.

    `document` has the keys `role`, `tasks` (each with `name`, `share` in whole percent, `score` 1 to 5 and `bucket`),
    `evidence` (five scores from -2 to 2, `None` is unknown), `barriers` (five from 0 to 2), `growth` (-2 to 2),
    `principles` (three from 0 to 3) and perhaps `override`.

    Returns what `assess-role score --json` prints, without `ok`: `status` is `"scored"`, and the other keys are `role`
    and the fields of `agent.schemas.scored.ScoreResult`: `score` and `formula_score` (0 to 100, one decimal),
    `unrounded` and `task_resistance` (exact decimal digits as text), `zone`, `label`, `evidence`, `barriers`, `growth`,
    `protective`, `contributions`, `robustness`, `policy` and so on. With too many unknown dimensions `status` is
    `"abstained"`, `score` is `None`, and the other keys are `role`, `reasons` and `policy`.

    Raises `agent.errors.InvalidInput`, with every breach in `problems`.
    """
    from agent.scoring import outcome_report, parse_inputs

    return outcome_report(parse_inputs(document))


def assess(role: str, *, seniority: str | None = None, recorded: bool = False, drafts: int = 1) -> dict[str, object]:
    """Draft an assessment of `role` up to the first checkpoint, where a person has to decide about it. What was drafted
    is stored in the home folder; this function approves and publishes nothing.

    `seniority` is the level, for example `"Mid-Senior"`; `None` leaves it to the recording or the model. `recorded`
    replays a bundled recording even when a model is connected; without a connected model one is replayed in any case.
    `drafts` (1 to 9) is how often the inputs are drafted independently; with several, `agreement` says how far they
    agree: `low` and `high` of their scores, `zones`, `spreads` an input.
    Settings come from the environment and the home folder's `config.toml`.

    Returns what `assess-role run --json` prints: `ok`, `id`, `role`, `seniority`, `status`, `gate`, `revision` (the
    hash to decide about), `score` (0 to 100 or `None`), `zone`, `label`, `findings` (`{"block": n, "review": n}`, those
    not accepted yet), `open_findings` (each of them with its id), `usage` (calls and tokens), `recorded`, `published`
    (`None` at this point) and `reason`.
    `status` is `"waiting"` at gate `"inputs"`, or `"abstained"` when there is too little evidence for a score. With
    `"failed"` or `"needs_model"` the run stopped on its way, `ok` is `False`, and `error` holds `kind`, `message` and
    `hint`; `assess-role resume ID` goes on.

    Raises `agent.errors.NeedsModel` when neither a recording nor a model is at hand, `InvalidInput` for a title, level
    or number of drafts that cannot be one and for wrong settings, `Prerequisite`, `StorageFailed`, `Conflict` and
    `UpstreamFailed` when the home folder, the corpus or a server of them cannot be used. Nothing is begun then.
    """
    from agent.settings import read_settings
    from agent.workflow.documents import started

    return started(read_settings(), role, seniority=seniority, recorded=recorded, drafts=drafts)


def load_published(path: str | Path) -> dict[str, object]:
    """A published assessment: `path` is an `assessment.json` or the folder that holds it. It is read as it stands; its
    quotes are not compared with a corpus, which is what `assess-role verify` does.

    Returns the document of the file, which validates against `agent/publishing/assessment.schema.json`: `format`,
    `revision` (`sha256:` and 64 hex digits), `assessment` (the content that the hash is of: `role`, `inputs`, `result`,
    `guard`, `commentary`, `sources` and so on) and `record` (who decided what and when, versions, usage).

    Raises `agent.errors.NotFound` when there is no such file, and `InvalidInput` when it cannot be read or its content
    does not have the hash that it states.
    """
    from agent.registry.published import read_published

    return read_published(Path(path))
