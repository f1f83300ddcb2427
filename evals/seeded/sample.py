"""A claim with everything the guard is told about it, and the few ways in which operators change one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent.evidence.split import passage_id
from agent.schemas.article import ArticleMeta, Passage
from agent.schemas.base import text_hash
from agent.schemas.draft import LONG, SHORT, Citation, Claim, RoleFrame
from agent.schemas.vocabulary import Section

_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00ad": None}
)


@dataclass(frozen=True)
class Sample:
    """One claim, as it would be handed to the guard."""

    source: str
    """Which source claim it goes back to: rates are clustered by it."""
    claim: Claim
    section: Section
    passages: Mapping[str, Passage]
    """Everything that is stored, by id."""
    pack: frozenset[str]
    """Ids of the passages that the section was drafted from."""
    frame: RoleFrame
    as_of: str
    """`YYYY-MM-DD`: evidence published later was not considered."""

    @property
    def text(self) -> str:
        """The claim's sentence."""
        return self.claim.text

    @property
    def quotes(self) -> str:
        """All quotes, one a line."""
        return "\n".join(citation.quote for citation in self.claim.citations)

    @property
    def cited(self) -> tuple[Passage, ...]:
        """The cited passages that exist, each once, in the order of the citations."""
        ids = dict.fromkeys(citation.passage for citation in self.claim.citations)
        return tuple(self.passages[each] for each in ids if each in self.passages)

    @property
    def known(self) -> str:
        """Everything that the cited passages and their metadata say, to check that a mutant is wrong."""
        parts = [f"{p.text}\n{p.heading}\n{_described(p.meta)}" for p in self.cited]
        return "\n".join((self.text, self.quotes, *parts))

    def saying(self, text: str) -> Sample:
        """The same with another sentence, cut to what a claim may hold."""
        return replace(self, claim=self.claim.model_copy(update={"text": text[:LONG]}))

    def citing(self, *citations: Citation) -> Sample:
        """The same with these citations in place of all."""
        return replace(self, claim=self.claim.model_copy(update={"citations": citations}))

    def recite(self, number: int, *, passage: str | None = None, quote: str | None = None) -> Sample:
        """The same with one citation changed."""
        changed = list(self.claim.citations)
        old = changed[number]
        changed[number] = Citation(passage=passage or old.passage, quote=(quote or old.quote)[:LONG])
        return self.citing(*changed)

    def about(self, proxy: str | None, *, horizon: str | None = None) -> Sample:
        """The same with another proxy and horizon."""
        update = {"proxy": proxy and proxy[:SHORT], "horizon": horizon and horizon[:60]}
        return replace(self, claim=self.claim.model_copy(update=update))

    def storing(self, old: str, new: Passage) -> Sample:
        """The same where the passage `new` takes the place of `old`, in the store, the pack and the citations."""
        stored = {key: passage for key, passage in self.passages.items() if key != old} | {new.id: new}
        pack = frozenset(new.id if key == old else key for key in self.pack)
        renamed = tuple(
            Citation(passage=new.id if c.passage == old else c.passage, quote=c.quote) for c in self.claim.citations
        )
        return replace(self, passages=stored, pack=pack).citing(*renamed)


def reworked(passage: Passage, text: str, *, meta: ArticleMeta | None = None) -> Passage:
    """A copy of the passage with another text, under the id that this text would have."""
    return passage.model_copy(
        update={
            "id": passage_id(passage.article, text),
            "text": text,
            "end": passage.start + len(text),
            "text_hash": text_hash(text),
            "meta": meta or passage.meta,
        }
    )


def plain(text: str) -> str:
    """`text` with one kind of blank, quotation mark and dash, in NFKC."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(_QUOTES)).strip()


def stands_in(quote: str, passage: str) -> bool:
    """Whether the quote is an unbroken run of the passage, apart from typography."""
    return plain(quote) in plain(passage)


def _described(meta: ArticleMeta) -> str:
    return f"{meta.title}\n{meta.publisher}\n{meta.author or ''}\n{meta.date}\n{meta.url}"
