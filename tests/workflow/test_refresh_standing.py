"""What a refresh was for and a person left as it was stays visible, and begins no run of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from edits_workflow import accepting, with_evidence, with_inputs
from factories_workflow import ANNA, Desk, FixedStamps, copy_home, open_desk
from refreshes_workflow import (
    LATER,
    PAYS_LESS,
    PAYS_MORE,
    PINNED,
    YEARS_LATER,
    an_article,
    check_now,
    corpus_of,
    refresh,
    without_wages,
)
from test_refresh_due import PAY

from agent.review.edit import Edit
from agent.schemas.assessment import Assessment
from agent.schemas.refresh import Due
from agent.schemas.vocabulary import Section, Status
from agent.workflow.refreshing import Checked

WAGES = an_article("wages", PAYS_LESS)
ids = count(200, 100)
"""Where the tokens of each further desk begin."""
CLAIM = "evidence.wages.claims.0"
Later = Callable[..., Desk]
Change = Callable[[Assessment], Edit]


@pytest.fixture
def home(published_home: Path, tmp_path: Path) -> Path:
    return copy_home(published_home, tmp_path / "home")


@pytest.fixture
def later(home: Path) -> Iterator[Later]:
    """Opens desks after the publication, without a model unless a script is given."""
    with ExitStack() as stack:

        def desk(now: str = LATER, **how: object) -> Desk:
            options = {"connected": False, **how}
            return stack.enter_context(open_desk(home, PINNED, stamps=FixedStamps(now=now, first=50), **options))  # type: ignore[arg-type]

        yield desk


def by_hand(desk: Desk, home: Path, change: Change | None = None, *asked: Section) -> Checked:
    """A refresh that nobody drafts again, edited at gate 1 and published; what is found of the next version."""
    name = refresh(desk, home, *asked, by_hand=True).id
    if change is not None:
        edit(desk, name, change(desk.content(name)))
    for _ in range(2):
        content = desk.content(name)
        known = {acceptance.finding for acceptance in content.accepted}
        if found := [finding.id for finding in content.guard.findings if finding.id not in known]:
            edit(desk, name, accepting(content, *found))
        if desk.approve(name).status is Status.NEEDS_MODEL:
            # Changed inputs have commentary and lens written anew.
            now = desk.stores.stamps.now()
            with open_desk(home, PINNED, stamps=FixedStamps(now=now, first=next(ids))) as writing:
                writing.runner.advance(name)
    return check_now(desk, home)


def edit(desk: Desk, name: str, change: Edit) -> None:
    revision = desk.waiting(name).revision
    desk.runner.decide(name, lambda service: service.edit(name, revision, ANNA, change))


def test_a_contradicted_claim_that_a_person_left_stands_with_who_left_it_and_begins_nothing(
    later: Later, home: Path
) -> None:
    desk = later()
    corpus_of(desk).take([WAGES])
    (reason,) = check_now(desk, home).reasons
    found = by_hand(desk, home)
    assert (found.row.version, found.reasons, found.document()["due"]) == (2, (), False)
    approval = desk.stores.review.reviews.decisions(found.row.assessment)[-1]
    assert found.document()["standing"] == [
        {
            "kind": "contradicted",
            "section": "evidence",
            "places": [CLAIM],
            "message": reason.message,
            "version": 2,
            "decided_by": ANNA.name,
            "decided_at": approval.decided_at,
        }
    ]


def test_a_first_version_has_nothing_that_anybody_left(later: Later, home: Path) -> None:
    desk = later()
    assert check_now(desk, home).standing == ()
    corpus_of(desk).take([WAGES])
    assert check_now(desk, home).standing == ()


def without_the_claim(content: Assessment) -> Edit:
    wages = content.inputs.evidence["wages"]  # type: ignore[index]
    (claim,) = wages.claims
    return with_evidence(content, wages=wages.model_copy(update={"claims": (_reworded(claim),)}))


def _reworded(claim: object) -> object:
    return claim.model_copy(update={"text": f"By one count, {claim.text}"})  # type: ignore[attr-defined]


def test_a_claim_that_the_reviewer_changed_stands_no_more(later: Later, home: Path) -> None:
    desk = later()
    corpus_of(desk).take([WAGES])
    assert by_hand(desk, home, without_the_claim).standing == ()


def with_another_before_it(content: Assessment) -> Edit:
    wages = content.inputs.evidence["wages"]  # type: ignore[index]
    (claim,) = wages.claims
    (other,) = content.inputs.evidence["job_postings"].claims  # type: ignore[index]
    return with_evidence(content, wages=wages.model_copy(update={"claims": (other, claim)}))


def test_a_claim_that_moved_within_its_section_stands_where_it_is_now(later: Later, home: Path) -> None:
    desk = later()
    corpus_of(desk).take([WAGES])
    (left,) = by_hand(desk, home, with_another_before_it).standing
    assert left.reason.places == ("evidence.wages.claims.1",)


def test_what_was_drafted_otherwise_by_a_model_stands_no_more(later: Later, home: Path) -> None:
    with open_desk(home, PINNED.but("evidence", without_wages), stamps=FixedStamps(now=LATER, first=50)) as desk:
        corpus_of(desk).take([WAGES])
        name = refresh(desk, home).id
        desk.approve(name)
        desk.approve(name)
        assert check_now(desk, home).standing == ()


def test_what_a_person_asked_for_is_no_reason_that_stands(later: Later, home: Path) -> None:
    desk = later()
    corpus_of(desk).take([WAGES])
    found = by_hand(desk, home, None, Section.GROWTH)
    assert [left.reason.kind for left in found.standing] == [Due.CONTRADICTED]


def test_what_is_due_again_is_told_once(later: Later, home: Path) -> None:
    """A claim that cites a former version of its article is due as long as it does."""
    desk = later()
    corpus_of(desk).take([an_article("pay", PAYS_MORE, **PAY)])
    found = by_hand(desk, home)
    assert [reason.kind for reason in found.reasons] == [Due.SUPERSEDED]
    assert found.standing == ()


def test_old_evidence_that_a_person_accepted_stands_until_its_dimension_changes(later: Later, home: Path) -> None:
    desk = later(YEARS_LATER)
    found = by_hand(desk, home)
    assert found.reasons == ()
    assert [(left.reason.kind, left.reason.places) for left in found.standing] == [
        *[(Due.STALE, (f"evidence.{name}",)) for name in found_dimensions(desk)],
        (Due.STALE, ("lens.postings_signal",)),
    ]
    wages = found_content(desk).inputs.evidence["wages"].model_copy(update={"score": 0})  # type: ignore[index]
    again = by_hand(desk, home, lambda content: with_evidence(content, wages=wages), Section.EVIDENCE)
    assert again.standing == ()


def found_content(desk: Desk) -> Assessment:
    row = desk.stores.publications.done()[-1]
    return desk.stores.review.revision(row.assessment, row.revision)


def found_dimensions(desk: Desk) -> list[str]:
    return [name.value for name in found_content(desk).inputs.evidence]


def test_a_dimension_whose_score_a_person_moved_does_not_stand_on_its_claims(later: Later, home: Path) -> None:
    desk = later(YEARS_LATER)

    def moved(content: Assessment) -> Edit:
        wages = content.inputs.evidence["wages"].model_copy(update={"score": 0})  # type: ignore[index]
        return with_inputs(content, evidence={**content.inputs.evidence, "wages": wages})

    places = [left.reason.places for left in by_hand(desk, home, moved).standing]
    assert ("evidence.wages",) not in places and ("evidence.job_postings",) in places
