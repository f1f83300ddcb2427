"""The golden roles, replayed to gate 2 and measured without a model, and a planted bad replay for every metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from agent.errors import AssessorError
from agent.grounding.report import check
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Citation, Claim
from agent.schemas.vocabulary import Zone
from agent.scoring import POLICY
from evals.golden.roles import GoldenRole, read_roles
from evals.suites.broken import broke
from evals.suites.context import Context
from evals.suites.planted import control
from evals.suites.replaying import Replay, replayer
from evals.suites.role_measures import (
    MEASURES,
    METRICS,
    NothingMeasured,
    expected_of,
    inputs_of,
    judged,
    result_of,
    whole_of,
)
from evals.suites.thresholds import Threshold
from evals.suites.verdict import Outcome, Verdict

SUITE = "roles"
REPLAY = "replay"
"""Whether a role reaches gate 2 at all."""


def run(context: Context) -> Iterator[Verdict]:
    """A verdict a metric for every golden role, then the controls. Raises NotFound or InvalidInput for the file of
    golden roles."""
    thresholds = {name: context.thresholds.of(SUITE, name) for name in MEASURES}
    sample: Replay | None = None
    with replayer() as replay:
        for role in read_roles().roles:
            try:
                done = replay(role)
                said = list(verdicts(done, thresholds))
            except AssessorError as error:
                yield _verdict(role, REPLAY, Outcome.FAILED, error.message)
                continue
            except Exception as error:  # noqa: BLE001  a bug costs its case, not the run
                yield _verdict(role, REPLAY, Outcome.FAILED, broke(error))
                continue
            yield from said
            sample = sample or (done if done.stopped is None and role.expected is not None else None)
    yield from controls(sample, thresholds)


def verdicts(done: Replay, thresholds: Mapping[str, Threshold]) -> Iterator[Verdict]:
    """What every metric says of one replay."""
    role, stopped = done.role, done.stopped
    unmeasured = Outcome.FAILED
    if stopped is None:
        yield _verdict(role, REPLAY, Outcome.PASSED, "It reaches gate 2 by its recorded answers alone.")
    elif stopped.stale:
        unmeasured = Outcome.STALE
        yield _verdict(role, REPLAY, unmeasured, f"Stale, not run: {stopped.message}")
    else:
        yield _verdict(role, REPLAY, unmeasured, stopped.message)
    for metric in METRICS:
        try:
            found = judged(metric, done, thresholds)
        except NothingMeasured as error:
            yield _verdict(role, metric, unmeasured, f"Nothing was measured: {error}")
            continue
        outcome = Outcome.PASSED if found.met else Outcome.FAILED
        yield replace(
            _verdict(role, metric, outcome, found.message), score=found.score, threshold=found.bound, found=found.word
        )


def controls(sample: Replay | None, thresholds: Mapping[str, Threshold]) -> Iterator[Verdict]:
    """For every metric a planted bad replay, which it has to fail; without a sample there is none, and it failed."""
    for metric in METRICS:
        if sample is None:
            yield control(SUITE, metric, "nothing", noticed=False, message="No role was replayed to plant an error in.")
            continue
        what = PLANTED[metric][0]
        try:
            found = judged(metric, planted(metric, sample), thresholds)
        except NothingMeasured as error:
            yield control(SUITE, metric, what, noticed=False, message=f"Nothing was measured: {error}")
            continue
        except Exception as error:  # noqa: BLE001  a bug costs its case, not the run
            yield control(SUITE, metric, what, noticed=False, message=broke(error))
            continue
        yield control(SUITE, metric, what, noticed=not found.met, message=found.message)


def planted(metric: str, sample: Replay) -> Replay:
    """The replay with what `PLANTED` names in it. The sample is whole and its interval is frozen."""
    _, change = PLANTED[metric]
    return change(sample)


def _above(sample: Replay) -> Replay:
    return _scoring(sample, formula_score=round(expected_of(sample.role).high + 0.1, 1))


def _elsewhere(sample: Replay) -> Replay:
    return _scoring(sample, zone=next(zone for zone in Zone if zone is not result_of(sample).zone))


def _off(sample: Replay) -> Replay:
    return _scoring(sample, formula_score=round(result_of(sample).formula_score + 0.1, 1))


def _invented(sample: Replay) -> Replay:
    content = _with_first_quote(whole_of(sample), lambda _: "Nine of ten managers in Utopia said so in May.")
    return replace(sample, whole=_guarded(content, sample))


def _bent(sample: Replay) -> Replay:
    changed = _with_first_quote(whole_of(sample), lambda quote: f"{quote.rpartition(' ')[0]} otherwise")
    return replace(sample, whole=changed)


def _bare(sample: Replay) -> Replay:
    content = whole_of(sample)
    bare = content.inputs.map_claims(lambda claim: claim.model_copy(update={"citations": ()}))
    update = {"inputs": bare, "commentary": None, "lens": None}
    return replace(sample, whole=content.model_copy(update=update))


def _costly(sample: Replay) -> Replay:
    return replace(sample, tokens=10 * sample.tokens)


PLANTED: Mapping[str, tuple[str, Callable[[Replay], Replay]]] = {
    "score": ("a score 0.1 above its interval", _above),
    "zone": ("another zone", _elsewhere),
    "score_discrepancy": ("a score that is 0.1 off", _off),
    "block_findings": ("an invented quote, before the guard", _invented),
    "citation_coverage": ("one quote with another last word", _bent),
    "citations": ("a draft without citations", _bare),
    "tokens": ("ten times the tokens", _costly),
}


def _scoring(sample: Replay, **changed: object) -> Replay:
    content = inputs_of(sample)
    result = result_of(sample).model_copy(update=changed)
    return replace(sample, inputs=content.model_copy(update={"result": result}))


def _with_first_quote(content: Assessment, change: Callable[[str], str]) -> Assessment:
    """The content with the first quote of its inputs changed."""
    done = False

    def once(claim: Claim) -> Claim:
        nonlocal done
        if done or not claim.citations:
            return claim
        done = True
        first, *others = claim.citations
        bent = Citation(passage=first.passage, quote=change(first.quote))
        return claim.model_copy(update={"citations": (bent, *others)})

    return content.model_copy(update={"inputs": content.inputs.map_claims(once)})


def _guarded(content: Assessment, sample: Replay) -> Assessment:
    report = check(
        inputs=content.inputs,
        commentary=None,
        passages=sample.passages,
        packs={},
        frame=content.role,
        policy=POLICY,
        as_of=content.as_of,
    )
    return content.model_copy(update={"guard": report})


def _verdict(role: GoldenRole, metric: str, outcome: Outcome, message: str) -> Verdict:
    return Verdict(suite=SUITE, metric=metric, case=role.name, outcome=outcome, message=message, role=role.name)
