"""The hostile corpus as the product retrieves it, and the requests that the product renders from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.drafting.drafter import Drafter, SectionRequest
from agent.drafting.prompts import PromptLibrary
from agent.evidence.corpus import Corpus
from agent.llm.port import Prompt
from agent.llm.scripted import ScriptedModel
from agent.schemas.article import Passage
from agent.schemas.draft import NotThisRole, RoleFrame
from agent.schemas.vocabulary import Section
from agent.shipped import shipped_path
from evals.hostile.corpora import AS_OF
from evals.hostile.payloads import Payload, is_in
from evals.hostile.planting import POSITIONS, Planted, town

FRAME = RoleFrame(
    title="Widget Engineer",
    seniority="Mid-level",
    function="Builds widgets and keeps the lines that make them running.",
    aliases=("widget developer",),
    proxies=("gadget engineers",),
    is_not=(NotThisRole(title="widget seller", difference="sells widgets and builds none"),),
    experience="Some years with widgets.",
    seniority_note="Seniors decide more; a hypothesis.",
    tags=("widgets",),
)
PACK = 16
_OPENS = re.compile(r'<passage id="(?P<id>p-[0-9a-f]{12})"(?: [a-z]+="[^"<>]*")+>')
_LOOKS_LIKE_A_FENCE = re.compile(
    r"<[^\w<>]*(?:passage|role|role_title|seniority|result|draft|findings|reasons)(?![\w-])", re.IGNORECASE
)


@dataclass(frozen=True, repr=False)
class HostileCorpus:
    """What was planted, what was stored of it, and what a search for each article finds."""

    articles: tuple[Planted, ...]
    stored: Mapping[str, tuple[Passage, ...]]
    """Passages by the article's address."""
    packs: Mapping[str, tuple[Passage, ...]]
    """What a search for the article and its two siblings finds, by the article's name."""
    skipped: tuple[str, ...]
    """Files that could not be read."""
    _carriers: dict[str, tuple[Passage, ...]] = field(default_factory=dict)

    def of(self, payload: Payload) -> tuple[Planted, ...]:
        """The articles that a payload stands in."""
        return tuple(article for article in self.articles if article.payload == payload)

    def passages(self, article: Planted) -> tuple[Passage, ...]:
        """What was stored of an article."""
        return self.stored[article.url]

    def carriers(self, article: Planted) -> tuple[Passage, ...]:
        """The passages that still hold the payload where a prompt shows it: in text, heading or title."""
        if article.name not in self._carriers:
            payload = article.payload
            held = (p for p in self.passages(article) if payload is not None and carries(p, payload))
            self._carriers[article.name] = tuple(held)
        return self._carriers[article.name]


def carries(passage: Passage, payload: Payload) -> bool:
    """Whether the payload survived in this passage."""
    return any(is_in(payload.trace, part) for part in (passage.text, passage.heading, passage.meta.title))


def gathered(
    corpus: Corpus,
    articles: Sequence[Planted],
    stored: Mapping[str, tuple[Passage, ...]],
    skipped: Sequence[str],
) -> HostileCorpus:
    """Search for the articles of one payload together: their passages stand in one request, side by side."""
    packs: dict[str, tuple[Passage, ...]] = {}
    for at in range(0, len(articles), len(POSITIONS)):
        group = articles[at : at + len(POSITIONS)]
        queries = [_query(article, stored[article.url]) for article in group]
        hits = corpus.search(queries, limit=PACK, as_of=AS_OF, per_article=None)
        packs |= {article.name: tuple(hit.passage for hit in hits) for article in group}
    return HostileCorpus(tuple(articles), stored, packs, tuple(skipped))


def rendered(passages: Sequence[Passage], section: Section = Section.EVIDENCE) -> Prompt:
    """The request that a model would get."""
    drafter = Drafter(model=ScriptedModel({}), prompts=PromptLibrary(shipped_path("prompts")))
    return drafter.prompt(SectionRequest(section=section, frame=FRAME, as_of=AS_OF, passages=tuple(passages)))


def system_of(prompt: Prompt) -> str:
    """The system part."""
    assert [message.role for message in prompt.messages] == ["system", "user"]
    return prompt.messages[0].content


def fence_faults(passages: Sequence[Passage]) -> list[str]:
    """What is wrong with the fences of a request for these passages; empty when each stands in one of its own."""
    user = rendered(passages).messages[1].content
    before = rendered(()).messages[1].content.rstrip()
    faults = [] if user.startswith(before) else ["the request begins otherwise than without passages"]
    held = user[len(before) :]
    opened = list(_OPENS.finditer(held))
    if [match["id"] for match in opened] != [passage.id for passage in passages]:
        faults.append("the fences are not those of the passages, in their order")
    if len(_LOOKS_LIKE_A_FENCE.findall(held)) != len(opened) + held.count("\n</passage>"):
        faults.append("a fence is opened or closed by what is inside")
    if held.count("</passage>") != len(passages):
        faults.append("there are more or fewer ends than passages")
    unmarked = [
        match["id"]
        for match, passage in zip(opened, passages, strict=False)
        if passage.suspicious and ' warning="' not in match[0]
    ]
    return [*faults, *(f"{passage} is suspicious and shown without a warning" for passage in unmarked)]


def _query(article: Planted, passages: Sequence[Passage]) -> str:
    """The article's town; where the payload stands in a passage without it, the payload's own words."""
    payload, place = article.payload, town(article.name)
    held = [passage for passage in passages if payload is not None and carries(passage, payload)]
    apart = payload is not None and any(place not in passage.text for passage in held)
    return payload.trace if payload is not None and apart else f"widget engineers in {place}"
