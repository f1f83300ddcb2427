"""What `stats` counts, of runs that really happened: from the store alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories_workflow import ANNA, FixedStamps, a_settings, copy_home, open_desk
from scripts_workflow import Document, WidgetScript, invented_quote, unknown_dimensions

from agent.errors import NotFound
from agent.llm.port import Prompt
from agent.registry.drift import Unknown
from agent.review.attention import Spread
from agent.schemas.vocabulary import Status
from agent.store.accounts import AccountRole
from agent.workflow.controls import plant
from agent.workflow.measuring import Measured, measured
from agent.workflow.stats import months, totals
from agent.workflow.wiring import open_stores

INVENTED = WidgetScript().but("growth", invented_quote(("growth", "claims"), until_redraft=True))


def less(document: Document, prompt: Prompt) -> Document:
    """Growth at its least."""
    growth = document["growth"]
    assert isinstance(growth, dict)
    return {**document, "growth": {**growth, "score": -2}}


GONE = WidgetScript().but("growth", less).but("evidence", unknown_dimensions(1))


@pytest.fixture(scope="module")
def two_versions(widget_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One role published in two months, the first with a redraft."""
    home = copy_home(widget_home, tmp_path_factory.mktemp("two") / "home")
    for script, month, first in ((INVENTED, "02", 1), (GONE, "03", 50)):
        with open_desk(home, script, stamps=FixedStamps(now=f"2026-{month}-25T10:00:00Z", first=first)) as desk:
            assessment = desk.start().id
        for hour in ("12", "13"):
            stamps = FixedStamps(now=f"2026-{month}-25T{hour}:00:00Z", first=first + int(hour))
            with open_desk(home, script, stamps=stamps) as desk:
                desk.approve(assessment)
    return home


def counted(home: Path, role: str | None = None, since: str = "") -> Measured:
    settings = a_settings(home)
    with open_stores(settings) as stores:
        return measured(settings, stores, role=role, since=since)


def test_an_assessment_has_its_calls_tokens_redrafts_findings_and_times(two_versions: Path) -> None:
    first, second = counted(two_versions).runs
    assert [run.status for run in (first, second)] == ["published", "published"]
    assert (first.usage.calls, first.redrafts, first.replayed.calls) == (8, 1, 0)
    assert first.usage.input_tokens > first.usage.output_tokens > 0
    assert (first.model, first.created_at) == ("scripted", "2026-02-25T10:00:00Z")
    assert (first.drafting_s, first.review_s, first.whole_s) == (0, 3 * 3600, 3 * 3600)
    assert (second.usage.calls, second.redrafts) == (7, 0)
    assert (second.unknown, first.unknown) == (Unknown(dimensions=1, of=5), Unknown(dimensions=0, of=5))


def test_what_the_model_gave_at_first_is_told_from_what_was_left(two_versions: Path) -> None:
    first, second = counted(two_versions).runs
    assert first.first_findings and first.findings and second.first_findings
    assert (first.first_findings.block, first.findings.block, second.first_findings.block) == (1, 0, 0)
    # Commentary and lens come after the first report.
    assert first.findings.claims > first.first_findings.claims > 10
    assert first.first_findings.per_claim == round((1 + first.first_findings.review) / first.first_findings.claims, 3)


def test_months_and_all_together_add_up(two_versions: Path) -> None:
    found = counted(two_versions)
    february, march = months(found.runs)
    together = totals(found.runs)
    assert (february.month, march.month) == ("2026-02", "2026-03")
    assert (february.assessments, march.assessments, together.assessments) == (1, 1, 2)
    assert together.statuses == {"published": 2}
    assert together.usage.calls == february.usage.calls + march.usage.calls == 15
    assert (together.redrafts, february.redrafts, march.redrafts) == (1, 1, 0)
    assert together.unknown == Unknown(dimensions=1, of=10)
    assert together.whole == Spread(n=2, lower_s=10800, median_s=10800, upper_s=10800)
    assert march.drafting == Spread(n=1, lower_s=0, median_s=0, upper_s=0)
    assert (together.models, len(together.corpora)) == (("scripted",), 1)


def test_drift_is_of_the_published_versions(two_versions: Path) -> None:
    [role] = counted(two_versions).drift
    one, two = role.versions
    assert (one.version, one.change, two.version) == (1, None, 2)
    assert two.change is not None and two.change < 0
    assert (two.change, role.change) == (round(two.score - one.score, 1),) * 2
    assert (one.unknown, two.unknown) == (Unknown(dimensions=0, of=5), Unknown(dimensions=1, of=5))
    assert one.made and one.made.model == "scripted" and one.made.corpus.startswith("sha256:")
    assert two.differs == ()


@pytest.mark.parametrize("role", ["widget engineer", "Widget Engineer (mid-level)", "widget-engineer-mid-level"])
def test_a_role_is_found_by_title_level_or_slug(role: str, two_versions: Path) -> None:
    assert len(counted(two_versions, role=role).runs) == 2


def test_a_role_that_was_never_asked_for_is_named_with_those_that_were(two_versions: Path) -> None:
    with pytest.raises(NotFound, match=r"'Baker'.*Widget Engineer \(mid-level\)"):
        counted(two_versions, role="Baker", since="2026-03")


def test_since_leaves_out_what_was_asked_for_before(two_versions: Path) -> None:
    found = counted(two_versions, since="2026-03")
    assert [run.created_at[:7] for run in found.runs] == ["2026-03"]
    assert [version.version for version in found.drift[0].versions] == [2]
    later = counted(two_versions, since="2027")
    assert (later.runs, later.drift) == ((), ())


def test_nothing_tells_a_planted_error_from_a_draft(two_versions: Path, tmp_path: Path) -> None:
    home = copy_home(two_versions, tmp_path / "home")
    with open_stores(a_settings(home), FixedStamps(now="2026-03-27T10:00:00Z", first=300)) as stores:
        source = counted(home).runs[0].id
        control = plant(stores, ANNA, source).assessment
        # Whoever keeps the queue sees what waits; with its own numbers a control would be told by them.
        stores.assessments.create("w-1", role="Widget Engineer", seniority="", request={}, graph_version="2")
        stores.assessments.set_status("w-1", Status.WAITING)
        seen = [run.id for run in counted(home).runs]
        assert (len(seen), "w-1" in seen, control in seen) == (3, True, False)
        # With accounts there is an admin; whoever is none is told nothing of what waits.
        for name, role in (("Root", AccountRole.ADMIN), ("Anna", AccountRole.REVIEWER)):
            stores.accounts.add(name, role, password=None, subject=None, by="Root", auth="token")
    found = counted(home)
    assert [run.status for run in found.runs] == ["published", "published"]
    assert found.not_told == 2


def test_an_empty_home_has_nothing_to_count(tmp_path: Path) -> None:
    found = counted(tmp_path / "home")
    assert (found.runs, found.drift, found.not_told) == ((), (), 0)
    assert totals(found.runs).first_findings is None
    with pytest.raises(NotFound, match="none of any role yet"):
        counted(tmp_path / "home", role="Baker")
