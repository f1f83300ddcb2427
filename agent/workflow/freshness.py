"""What the corpus as it is now says against a published assessment: old evidence, newer editions, contradictions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from agent.grounding.against import speaks_against
from agent.grounding.editions import is_later_edition
from agent.grounding.hostile import looks_like_instruction
from agent.grounding.personal import redacted
from agent.grounding.report import check
from agent.registry.holdings import Holdings, cited_in
from agent.registry.sources import to_guard
from agent.schemas.article import ArticleMeta, Passage
from agent.schemas.assessment import Assessment
from agent.schemas.places import PlacedClaim, placed_claims
from agent.schemas.refresh import Due, RefreshReason
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Section
from agent.scoring import POLICY
from agent.store.corpus import CorpusStore

OF_TIME = frozenset({"G-EVIDENCE-STALE", "G-LENS-STALE", "G-STALE-AS-CURRENT"})
"""The findings of the guard that age alone can bring."""
LEAST_COSINE = 0.5
"""How near a passage has to be to a claim to be asked whether it contradicts it; of the bundled embedding model."""
NEAREST = 10
"""New passages that are asked at most, a claim."""
NEAREST_OF_REPLACING = 2
"""Passages of a newer version or edition that are read for each claim that cites the former one."""
SHOWN = 300
"""Characters of a contradicting sentence that are printed."""


class SearchedCorpus(Protocol):
    """The corpus as it is read here."""

    store: CorpusStore

    def nearest(self, texts: Sequence[str], among: Sequence[str], *, least: float, limit: int) -> list[list[str]]:
        """For each text the passages of `among` that are nearest to it, best first."""
        ...


def reasons_to_refresh(
    content: Assessment, corpus: SearchedCorpus, *, since: str, as_of: str
) -> tuple[RefreshReason, ...]:
    """Why a published assessment is due, section by section in printed order; empty when nothing is.

    `since` is the moment of its draft (ISO 8601, UTC): articles that came later were not read. `as_of` (YYYY-MM-DD) is
    the day that age counts to. Raises as a search does.
    """
    ids = cited_in(content)
    with corpus.store.view() as view:
        held = Holdings(passages=view.find_passages(ids), standings=view.standings(ids))
    found = [
        *_stale(content, held, as_of),
        *_superseded(content, held, corpus),
        *_later_editions(content, corpus, since, as_of),
        *_contradicted(content, corpus, since, as_of),
    ]
    order, kinds = list(Section), list(Due)
    return tuple(sorted(found, key=lambda reason: (order.index(reason.section), kinds.index(reason.kind))))


def _is_out(date: str, day: str) -> bool:
    """Whether what bears this date was out on that day; a partial date counts from its first day."""
    return date == "unknown" or date <= day[: len(date)]


def _stale(content: Assessment, held: Holdings, as_of: str) -> Iterator[RefreshReason]:
    """What the guard finds on this day and did not find on that of the assessment."""
    report = check(
        inputs=content.inputs,
        commentary=content.commentary,
        lens=content.lens,
        passages=to_guard(content, held),
        packs={},
        frame=content.role,
        policy=POLICY,
        as_of=as_of,
    )
    known = {finding.id for finding in content.guard.findings}
    for finding in report.findings:
        if finding.code in OF_TIME and finding.id not in known:
            yield RefreshReason(
                kind=Due.STALE, section=finding.section, places=(finding.path,), message=finding.message
            )


def _superseded(content: Assessment, held: Holdings, corpus: SearchedCorpus) -> Iterator[RefreshReason]:
    replaced: dict[tuple[str, str], list[str]] = {}
    for name, standing in sorted(held.standings.items()):
        passage = held.passages[name]
        if not standing.article_active:
            replaced.setdefault((f"{_of(passage)} has left the corpus", ""), []).append(name)
        elif not standing.active:
            message = f"a newer version of {_of(passage)} is here since {standing.since[:10]}"
            replaced.setdefault((message, passage.article), []).append(name)
    for (message, article), passages in replaced.items():
        yield from _replaced(content, passages, message, corpus, article)


def _later_editions(content: Assessment, corpus: SearchedCorpus, since: str, as_of: str) -> Iterator[RefreshReason]:
    """The latest one of each cited article that was not read."""
    cited = {source.article: source.meta for source in content.sources}
    since_then = corpus.store.articles_since(since)
    out = {name: meta for name, meta in since_then.items() if name not in cited and _is_out(meta.date, as_of)}
    for earlier, meta in sorted(cited.items()):
        later = [(found.date, name) for name, found in out.items() if is_later_edition(found, meta)]
        if later:
            article = max(later)[1]
            passages = [source.passage for source in content.sources if source.article == earlier]
            message = f"{_named(article, out[article])} seems to be a later edition of {_named(earlier, meta)}"
            yield from _replaced(content, passages, message, corpus, article)


def _replaced(
    content: Assessment, passages: Sequence[str], message: str, corpus: SearchedCorpus, article: str
) -> Iterator[RefreshReason]:
    """One reason a section whose claims cite these passages; with what `article`, if there is one, has nearest."""
    parts = [part.id for part in corpus.store.passages_of(article) if not part.suspicious] if article else []
    for section, claims in _citing(content, passages).items():
        texts = [placed.claim.text for placed in claims]
        near = corpus.nearest(texts, parts, least=-1.0, limit=NEAREST_OF_REPLACING)
        read = tuple(dict.fromkeys(passage for names in near for passage in names))
        yield _reason(Due.SUPERSEDED, section, claims, message, read)


def _citing(content: Assessment, passages: Collection[str]) -> dict[Section, list[PlacedClaim]]:
    """The claims that cite one of these passages, by section."""
    found: dict[Section, list[PlacedClaim]] = {}
    for placed in placed_claims(content.inputs, content.commentary, content.lens):
        if any(citation.passage in passages for citation in placed.claim.citations):
            found.setdefault(placed.section, []).append(placed)
    return found


def _contradicted(content: Assessment, corpus: SearchedCorpus, since: str, as_of: str) -> Iterator[RefreshReason]:
    claims = [p for p in placed_claims(content.inputs, content.commentary, content.lens) if p.claim.citations]
    texts = [placed.claim.text for placed in claims]
    near = corpus.nearest(texts, corpus.store.passages_since(since), least=LEAST_COSINE, limit=NEAREST)
    known = corpus.store.find_passages([passage for names in near for passage in names])
    articles = {source.passage: source.article for source in content.sources}
    for placed, names in zip(claims, near, strict=True):
        own = {articles.get(citation.passage) for citation in placed.claim.citations}
        others = [known[name] for name in names if known[name].article not in own]
        yield from _against(placed, [p for p in others if not p.suspicious and _is_out(p.meta.date, as_of)])


def _against(placed: PlacedClaim, passages: Sequence[Passage]) -> Iterator[RefreshReason]:
    for passage in passages:
        opposing = speaks_against(placed.claim, passage)
        if opposing is not None:
            # The reason is published with the next version.
            sentence = one_line(redacted(opposing.sentence))
            said = sentence if len(sentence) <= SHOWN else f"{sentence[: SHOWN - 1]}…"
            message = f"{_of(passage)} has “{said}”; against the claim: {opposing.why}"
            yield _reason(Due.CONTRADICTED, placed.section, [placed], message, (passage.id,))
            return


def _reason(
    kind: Due, section: Section, claims: Sequence[PlacedClaim], message: str, passages: tuple[str, ...] = ()
) -> RefreshReason:
    places = tuple(placed.path for placed in claims)
    return RefreshReason(kind=kind, section=section, places=places, message=message, passages=passages)


def _of(passage: Passage) -> str:
    return _named(passage.article, passage.meta)


def _named(article: str, meta: ArticleMeta) -> str:
    """An article in words; by its id where these would address the model that reads the reason."""
    dated = "undated" if meta.date == "unknown" else meta.date
    title, publisher = one_line(meta.title), one_line(meta.publisher)
    if looks_like_instruction(title) or looks_like_instruction(publisher):
        return f"article {article} ({dated})"
    return f"“{title}” ({publisher}, {dated})"
