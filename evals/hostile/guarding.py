"""Claims put to the guard one by one, each beside the same claim on an article in which nothing is planted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.evidence.read import make_article
from agent.evidence.split import passages_of
from agent.grounding.report import check_one
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.draft import Citation, Claim, ClaimKind, Stance
from agent.schemas.finding import Tier
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Section
from agent.scoring import POLICY
from evals.hostile.corpora import AS_OF
from evals.hostile.payloads import Payload, bare, is_in
from evals.hostile.planting import Planted
from evals.hostile.prompting import FRAME, carries

PATH = "evidence.wages.claims.0"
QUOTED = 300


@dataclass(frozen=True)
class Judged:
    """What the guard says of one claim."""

    verdict: object
    findings: frozenset[tuple[Tier, str]]
    """Tier and code of each."""

    @property
    def blocked(self) -> bool:
        """It cannot be published."""
        return any(tier is Tier.BLOCK for tier, _ in self.findings)

    @property
    def flagged(self) -> bool:
        """A person has to look at it, or it cannot be published."""
        return bool(self.findings)


def judge(claim: Claim, passages: Sequence[Passage], pack: Iterable[str] | None = None) -> Judged:
    """The guard on one claim. `pack` holds the ids of the request; `None` for all of `passages`."""
    known = {passage.id: passage for passage in passages}
    checked = check_one(
        claim,
        section=Section.EVIDENCE,
        path=PATH,
        passages=known,
        pack=frozenset(known if pack is None else pack),
        frame=FRAME,
        as_of=AS_OF,
        policy=POLICY,
    )
    return Judged(checked.verdict, frozenset((finding.tier, finding.code) for finding in checked.findings))


def sourced(text: str, passage: str, quote: str) -> Claim:
    """A claim with one citation."""
    cited = (Citation(passage=passage, quote=quote),)
    return Claim(text=text, kind=ClaimKind.SOURCED, stance=Stance.FOR, citations=cited)


def judged(text: str) -> Claim:
    """A claim without one."""
    return Claim(text=text, kind=ClaimKind.JUDGEMENT, stance=Stance.FOR)


def hostile_quote(passage: Passage, payload: Payload) -> str:
    """The line of the passage in which the payload stands. Where it was dropped, the payload as its author wrote it;
    when that cannot be seen, what it asks for."""
    lines = [line.strip() for line in passage.text.split("\n") if is_in(payload.trace, line)]
    lost = one_line(payload.text) if bare(payload.trace) else payload.claim
    return (lines[0] if lines else lost)[:QUOTED].strip()


def without_payload(article: Planted) -> tuple[Passage, ...]:
    """The passages of the same article with nothing planted in it."""
    return passages_from("\n\n".join(_paragraphs(article.sentences)), name=article.name)


def passages_from(text: str, *, name: str, publisher: str | None = None, **meta: object) -> tuple[Passage, ...]:
    """The passages of a text as the product cuts and marks them."""
    values: dict[str, object] = {
        "title": f"Widget engineers, report {name}",
        "publisher": publisher or f"Office {name}",
        "author": None,
        "date": "2025-11-03",
        "url": f"https://articles.example/{name}",
        "tier": 2,
        "interested": False,
        "retrieved": "2026-01-02",
        "text_kind": TextKind.FULL,
    }
    return tuple(passages_of(make_article(ArticleMeta.model_validate(values | meta), text)))


def clean_claim(article: Planted, passages: Sequence[Passage], text: str | None = None) -> tuple[Claim, Passage] | None:
    """A claim that quotes an honest sentence of one of these passages, says what it says, or `text`."""
    for passage in passages:
        if (quote := article.clean_quote(passage)) is not None:
            return sourced(text or quote, passage.id, quote), passage
    return None


def honest_beside(article: Planted, carriers: Sequence[Passage]) -> list[tuple[Claim, Passage]]:
    """For each carrier that has an honest sentence in it, the claim that quotes that sentence."""
    found = [clean_claim(article, [passage]) for passage in carriers]
    return [pair for pair in found if pair is not None and article.payload and carries(pair[1], article.payload)]


def _paragraphs(sentences: Sequence[str]) -> list[str]:
    return [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
