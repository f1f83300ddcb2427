"""Where independent drafts disagree, as findings that a reviewer has to accept by name."""

from __future__ import annotations

from agent.grounding.drafts import disagreements
from agent.schemas.agreement import Agreement, IndependentDraft
from agent.schemas.finding import Tier
from agent.schemas.scored import ScoredTask, ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName, Section
from agent.scoring import agreement, independent_draft, scored_draft

Said = list[tuple[str, Section, str]]


def inputs(*, postings: int | None = 1, growth: int = 0, share: int = 20, score: int = 3) -> ScoreInputs:
    shares = (share, 40 - share, 20, 20, 20)
    return ScoreInputs(
        tasks=tuple(
            ScoredTask(name=f"Task {at}", share=part, score=score, bucket=Bucket.AUGMENTATION)
            for at, part in enumerate(shares)
        ),
        evidence=dict.fromkeys(EvidenceName, 0) | {EvidenceName.JOB_POSTINGS: postings},
        barriers=dict.fromkeys(BarrierName, 0),
        growth=growth,
        principles=dict.fromkeys(PrincipleName, 1),
    )


def drafts(*several: ScoreInputs) -> list[IndependentDraft]:
    return [scored_draft(at, one, model="desk") for at, one in enumerate(several)]


def said(found: Agreement) -> Said:
    findings = disagreements(found)
    assert {finding.tier for finding in findings} <= {Tier.REVIEW}
    return [(finding.id, finding.section, finding.message) for finding in findings]


def test_drafts_that_agree_are_no_finding() -> None:
    assert said(agreement(drafts(inputs(), inputs(postings=2)))) == []


def test_drafts_in_different_zones_are_a_finding_about_the_whole() -> None:
    found = said(agreement(drafts(inputs(score=3), *[inputs(score=2, growth=1)] * 2)))
    assert found[0] == (
        "G-DRAFTS-ZONE@drafts",
        Section.FRAME,
        "independent drafts fall in different zones: 2 GREEN, 1 YELLOW",
    )
    assert found[1][0] == "G-DRAFTS-SCORE@drafts"
    assert found[1][2].startswith("the scores of independent drafts reach from 3")
    assert found[1][2].endswith("more than 5.0 points apart")


def test_an_input_on_which_drafts_disagree_is_a_finding_at_its_place() -> None:
    found = said(agreement(drafts(inputs(), inputs(postings=None, growth=-2), inputs(postings=-1))))
    assert [one for one in found if "INPUT" in one[0]] == [
        (
            "G-DRAFTS-INPUT@growth",
            Section.GROWTH,
            "independent drafts give 0, -2, 0, more than 1 apart",
        ),
        (
            "G-DRAFTS-INPUT@evidence.job_postings",
            Section.EVIDENCE,
            "independent drafts give 1, unknown, -1, more than 1 apart",
        ),
    ]


def test_a_share_on_which_drafts_disagree_names_the_task() -> None:
    assert said(agreement(drafts(inputs(share=5), inputs(share=20)))) == [
        (
            "G-DRAFTS-INPUT@tasks.t1.share",
            Section.TASKS,
            'independent drafts give 5%, 20% for the task "Task 0", more than 10 apart',
        ),
        (
            "G-DRAFTS-INPUT@tasks.t2.share",
            Section.TASKS,
            'independent drafts give 35%, 20% for the task "Task 1", more than 10 apart',
        ),
    ]


def test_a_draft_without_a_score_is_a_finding_that_says_why() -> None:
    codes = [f"G-{at}@growth" for at in range(4)]
    blocked = independent_draft(1, inputs(), model="desk", blocked=codes, speaking_sources=5)
    thin = independent_draft(2, inputs(), model="desk", blocked=[], speaking_sources=2)
    one = independent_draft(3, inputs(), model="desk", blocked=codes[:1], speaking_sources=5)
    found = said(agreement([*drafts(inputs()), blocked, thin, one]))
    assert found == [
        (
            "G-DRAFTS-UNSCORED@drafts.1",
            Section.FRAME,
            "draft 2 of 4 has no score: after its redrafts the guard still finds "
            "G-0@growth, G-1@growth, G-2@growth and 1 more",
        ),
        (
            "G-DRAFTS-UNSCORED@drafts.2",
            Section.FRAME,
            "draft 3 of 4 has no score: 2 independent sources speak of the role or a named proxy; "
            "a score needs at least 3",
        ),
        (
            "G-DRAFTS-UNSCORED@drafts.3",
            Section.FRAME,
            "draft 4 of 4 has no score: after its redrafts the guard still finds G-0@growth",
        ),
    ]
