"""More than the source says: an added clause, a hedge lost, a scope widened."""

from __future__ import annotations

import random
import re

from evals.seeded.sample import Sample
from evals.seeded.sentences import lower_first, without_stop
from evals.seeded.sources import World

_TAILS = (
    "because AI has taken over the routine part of the work", "which shows that the role is safe for the coming decade",
    "so employers have stopped hiring juniors", "and wages have followed", "and the same holds in Europe",
    "which is why universities are closing their programmes", "as customers prefer to deal with people",
    "since the tools have become much cheaper", "and regulators are preparing stricter rules",
    "which confirms that human oversight cannot be automated", "and the unions have agreed to this",
    "mainly in the largest cities", "with the strongest effect on women", "and investors have taken notice",
    "because managers do not trust the output", "and the same pattern is visible in smaller firms",
    "so that senior staff now earn considerably more", "which makes a career change advisable",
    "and the backlog of unfilled positions keeps growing", "although the tools are banned in most banks",
    "as a consequence of remote work", "and insurers have begun to price this risk", "which nobody had predicted",
    "despite generous training budgets", "driven by falling interest rates", "and turnover among staff has doubled",
    "because the training data were of poor quality", "which has led to several lawsuits",
    "and experts call it irreversible", "a development that began with the spread of cloud computing",
    "so most companies have frozen their budgets", "and it has improved work-life balance",
    "which proves that AI creates more jobs than it destroys", "and the effect will fade once the novelty wears off",
    "as confirmed by interviews with hiring managers", "and demand is strongest in healthcare",
    "which the government has promised to address", "because senior engineers refuse to review the code",
    "and outsourcing to Asia has accelerated", "so certification will become mandatory",
)  # fmt: skip
_FRONTS = (
    "As automation spreads through offices everywhere, {s}.", "Because companies are under pressure to cut costs, {s}.",
    "After a wave of lawsuits, {s}.", "Thanks to generous subsidies, {s}.",
    "In a sign that the profession is recovering, {s}.",
    "Since clients insist on human contact, {s}.", "As a result of new legislation, {s}.",
    "Following years of underinvestment in training, {s}.", "Because AI agents already work without supervision, {s}.",
)  # fmt: skip
_HEDGES: tuple[tuple[str, str], ...] = (
    (r"\bmay\b", "will"), (r"\bmight\b", "will"), (r"(?<!rest )\bcould\b", "will"), (r"\bcan\b", "will always"),
    (r"\bsuggests?\b", "proves"),
    (r"\bexpects\b(?= that)", "knows"), (r"\bbelieves\b", "proves"), (r"\bthinks\b", "has shown"),
    (r"\bclaims\b", "proves"),
    (r"\bargues\b", "demonstrates"),
    (r"\b(?:about|around|roughly|approximately|nearly|almost|close to)\b (?=[$\d])", "exactly "),
    (r"\bsome\b", "all"), (r"\bmany\b", "all"), (r"\bMany\b", "All"), (r"\bmost\b (?!of|ex|at|com)", "all "),
    (r"\bmainly\b", "only"),
    (r"\bmostly\b", "entirely"), (r"\boften\b", "always"), (r"\busually\b", "always"),
    (r"\bon average\b", "in every single case"),
    (r"\bmore than half\b", "nearly all"), (r"\bprobably\b", "certainly"), (r"\bseveral\b", "countless"),
    (r"\blargely\b", "completely"),
    (r"\bis projected to\b", "is certain to"), (r"\bare projected to\b", "are certain to"),
    (r"\bprojects(?= (?:that|growth|employment))", "guarantees"),
    (r"\bpossible\b", "certain"), (r"\ban estimated\b", "a proven"), (r"\btends? to\b", "always does"),
    (r"\bup to\b", ""),
    (r"\breported(?= in)", "proved"), (r"\bindicates?\b", "proves"), (r"\bplans? to\b", "is bound to"),
    (r"\bin part\b", "entirely"),
    (r"\ba possible case\b", "a clear case"), (r"\bfew\b", "no"), (r"\bpartly\b", "wholly"),
    (r"\bless\b(?= than)", "far less"),
    (r"\bfound that\b", "proved that"), (r"\bfinds that\b", "proves that"), (r"\bfind that\b", "prove that"),
    (r"\bnear(?= \d)", "exactly"),
    (r"\bsays that\b", "proves that"),
)  # fmt: skip
_SCOPES: tuple[tuple[str, str], ...] = (
    (r"\b(?:in|In) the United States\b", "worldwide"),
    (r"\bin the US(?=[.,;]| (?:in|were|was|by|from|rose|are|is)\b)", "all over the world"),
    (r"\bUS (?=[a-z])", "global "),
    (r"\bU\.S\. (?=[a-z])", "global "), (r"\bon the Indeed platform\b", "in the whole labour market"),
    (r"\bin the survey\b", "everywhere"),
    (r"\bin the EU\b", "in every country"), (r"\bopen-source (?=developers|software)", ""),
    (r"\bmedium\b", "all"), (r"\bfreelance (?=projects)", "office "), (r"\bsoftware developers\b", "knowledge workers"),
    (r"\bdata engineers\b", "office workers"), (r"\bmachine learning engineers\b", "engineers of every kind"),
    (r"\bjunior (?=[a-z])(?!from|and|or)", ""), (r"\bentry-level (?=[a-z])(?!and|or|from)", ""),
    (r"\blarge (?=[a-z])", ""),
    (r"\bin the private sector\b", ""),
)  # fmt: skip


def beyond_support(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A plausible clause that no source bears out is added to a true claim."""
    del world
    text = without_stop(sample.text)
    if rng.random() < 0.2:
        return sample.saying(rng.choice(_FRONTS).format(s=lower_first(text)))
    tail = rng.choice(_TAILS)
    return (
        sample.saying(f"{text}, {tail}.")
        if not tail.startswith(("mainly", "with", "because"))
        else sample.saying(f"{text} {tail}.")
    )


def strengthened(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A hedge becomes a certainty, or a part becomes the whole."""
    del world
    options = [
        text for text in (*_changed(sample.text, _HEDGES), *_changed(sample.text, _SCOPES)) if text != sample.text
    ]
    return sample.saying(rng.choice(options)) if options else None


def _changed(text: str, pairs: tuple[tuple[str, str], ...]) -> list[str]:
    made = [text[: m.start()] + new + text[m.end() :] for old, new in pairs for m in re.finditer(old, text)]
    return [re.sub(r" {2,}", " ", each) for each in made]
