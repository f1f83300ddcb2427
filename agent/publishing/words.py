"""The printed words for the closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.schemas.article import TextKind
from agent.schemas.finding import Verdict
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, Gate, LensBucket, PrincipleName, Zone
from agent.scoring import POLICY

EVIDENCE: Mapping[EvidenceName, str] = {
    EvidenceName.JOB_POSTINGS: "Job postings",
    EvidenceName.COMPANY_ACTIONS: "Company actions",
    EvidenceName.WAGES: "Wages",
    EvidenceName.TOOL_MATURITY: "AI tool maturity",
    EvidenceName.EXPERT_CONSENSUS: "Expert consensus",
}
BARRIERS: Mapping[BarrierName, str] = {
    BarrierName.REGULATORY: "Regulation and licensing",
    BarrierName.PHYSICAL: "Physical presence",
    BarrierName.UNION: "Unions and collective bargaining",
    BarrierName.LIABILITY: "Liability and accountability",
    BarrierName.CULTURAL: "Cultural and ethical resistance",
}
PRINCIPLES: Mapping[PrincipleName, str] = {
    PrincipleName.PHYSICALITY: "Embodied physicality",
    PrincipleName.INTERPERSONAL: "Deep interpersonal connection",
    PrincipleName.JUDGMENT: "Goal-setting and moral judgment",
}
BUCKETS: Mapping[Bucket, str] = {
    Bucket.DISPLACEMENT: "Displacement",
    Bucket.AUGMENTATION: "Augmentation",
    Bucket.NOT_INVOLVED: "Not involved",
}
LENS = "If you build AI for this role"
LENS_NOTE = "the same work, done by somebody who builds and directs agents"
LENS_BUCKETS: Mapping[LensBucket, str] = {
    LensBucket.ENHANCED: "Enhanced",
    LensBucket.UNCHANGED: "Unchanged",
    LensBucket.DISPLACED: "Displaced",
}
LENS_CONCEPT = {
    "subject_or_method": "Is AI the subject of the role, or its method?",
    "market_evidence": "What the market shows",
    "base_consistency": "Beside the role as it is",
    "spine": "What remains without “uses AI, is faster”",
}
"""The four tests of the concept gate, T1 to T4."""
LENS_SIGNALS = {
    "postings_signal": "Signal: current postings",
    "durability_signal": "Signal: pay or durability",
    "counter_evidence": "The strongest counter-evidence",
}
LENS_IMPACTS = {
    "leverage": "Leverage",
    "headcount": "Headcount",
    "compounding": "Compounding",
    "verification_burden": "Burden of verification",
    "skill_ceiling": "Skill ceiling",
}
"""L1 to L5."""
LENS_REREADS = (
    "One input at a time is read one step worse: evidence, barriers or growth one lower, or each displaced task scored "
    "one higher. The joint rows do not count towards the word “fragile”."
)
VERDICTS: Mapping[Verdict, str] = {
    Verdict.FABRICATED: "fabricated",
    Verdict.MISATTRIBUTED: "misattributed",
    Verdict.UNSUPPORTED: "weak, accepted by a reviewer",
    Verdict.REPAIRED: "repaired",
    Verdict.VERIFIED: "verified",
    Verdict.JUDGEMENT: "judgement",
}
"""On a page, where nothing else than an accepted weakness can stand."""
NONE_AGAINST: Mapping[str, str] = {
    "for": "No verified passage that speaks for the role was cited.",
    "against": "No verified passage that speaks against the role was cited.",
}
STALE = f"older than {POLICY.stale_months} months"
STRONGEST = "strongest on this side"
ZONES: Mapping[Zone, str] = {Zone.GREEN: "Green", Zone.YELLOW: "Yellow", Zone.RED: "Red"}
GATES: Mapping[Gate, str] = {Gate.INPUTS: "Gate 1, inputs", Gate.PUBLICATION: "Gate 2, publication"}
TIERS: Mapping[int, str] = {
    1: "primary data or official statistics",
    2: "named research or reporting with method",
    3: "vendor or trade commentary",
    4: "opinion, summary or unsourced",
}
TEXT_KINDS: Mapping[TextKind, str] = {
    TextKind.FULL: "full text",
    TextKind.EXCERPT: "excerpt",
    TextKind.DIGEST: "our digest",
}
NOBODY_SAID = " (assumed, nobody stated it)"
OWN_FILE = " of a file without a public address"
FACTORS: Mapping[str, str] = {
    "tasks": "Tasks alone",
    "evidence": "Evidence",
    "barriers": "Barriers",
    "growth": "Growth",
    "clamp": "Clamped to the range",
    "override": "Override",
}
COMMENTARY: Mapping[str, str] = {
    "score_against_reality": "The score against reality",
    "not_captured": "What the numbers do not capture",
    "who_should_worry": "Who should worry",
    "who_should_not": "Who should not worry",
    "separator": "What separates the two",
    "outlook": "The role in two to three years",
    "survival_strategy": "What to do about it",
    "timeline": "Timeline",
}
"""Every part of a commentary but the summary, which stands at the top of the page."""

METHOD_PAGE = "https://jobzonerisk.com/roles/ml-platform-engineer"
"""Where the method was published."""
METHOD_HOST = "jobzonerisk.com"
METHOD_PUBLISHER = "JobZone Risk"
METHOD_NAME = "scoring method, the AI job-resistance index (AIJRI),"
NOT_THEIRS = "This page is made by other software and is not theirs."
STANCES = (
    "The tags “for” and “against” say whether a claim speaks for or against the role’s resistance to AI; "
    "a claim that is context has neither."
)
TERMS = (
    "A single step moves one task score, or one of the totals E (evidence), B (barriers) and G (growth), by one point "
    "while everything else stays.",
    "A bucket says what AI does to a task: in displacement an agent does it end to end with at most a review by a "
    "human, in augmentation AI assists while a human leads, and otherwise AI is not involved.",
)
GAPS = "What the drafts could not find"
GAPS_NOTE = "in the words of the draft, not compared with any source"
INTERESTED = "has an interest in what it praises"
DEFAULTS = "Values set by this project (not part of the published method)"
ROUNDING = "points are rounded by largest remainder so that they add up; the unrounded value stands beside each"

HYPOTHESIS = "hypothesis"
OTHER_LEVELS = "not assessed"
"""What the note on other levels of a role is, and it is a hypothesis."""
DRAFTS = "Agreement between drafts"
DIFFER = "further apart than agreed"
WATCH = "What would change the verdict"
SIGNS = "Signs of it:"
OLD = f"a source counts as old after {POLICY.stale_months} months"

NOT_A_SCORE = (
    "It is not the probability that somebody loses a job, and it says nothing about a single person.",
    "It is not a forecast with a date: it reads the evidence as it stood on the day named beside it.",
    "It is not precise to a decimal. The decimal belongs to the arithmetic; how far single judgements move it stands "
    "under Robustness.",
    "It is not a measurement. Weights and cuts are conventions; those set by this project are listed under the method.",
    "It is not proof of its sentences. The check proves that a quote stands in the stored passage and that figures "
    "stand in the quote; whether the sentence follows from its quote is what the reviewers judged.",
    "It is not advice on a career or on staffing, and it does not replace a look at the sources.",
)


def signed(value: int | float) -> str:
    """With its sign, a true minus, and one decimal for a float: +8.5, −2, 0."""
    digits = f"{abs(value):.1f}" if isinstance(value, float) else str(abs(value))
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{digits}"


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, at least one: `a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def inside(name: str) -> str:
    """A printed name inside a sentence; one that begins with an abbreviation keeps its capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def levels(note: str) -> str:
    """What stands beside the note on other levels of a role, so that the two call it a hypothesis once."""
    return OTHER_LEVELS if HYPOTHESIS in note.casefold() else f"{HYPOTHESIS}, {OTHER_LEVELS}"


def lever(name: str) -> str:
    """The printed name of an input of the robustness table."""
    totals = {"evidence": "Evidence total", "barriers": "Barrier total", "growth": "Growth"}
    return totals.get(name, name.removeprefix("task: "))
