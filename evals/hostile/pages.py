"""Assessments that cite what is planted, put together and rendered as the product does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

import agent.publishing
from agent.publishing.page import render_html, render_json, render_markdown
from agent.review.revision import Material, assemble
from agent.schemas.article import Passage
from agent.schemas.assessment import Assessment, CitedOverride, Provenance
from agent.schemas.draft import (
    BarrierDraft,
    Claim,
    Commentary,
    EvidenceDraft,
    GrowthDraft,
    Inputs,
    PrincipleDraft,
    RoleFrame,
    TaskDraft,
)
from agent.schemas.record import DecisionRecord, ModelUsage, ReviewRecord
from agent.schemas.vocabulary import DRAFTED_SECTIONS, BarrierName, Bucket, EvidenceName, Gate, PrincipleName
from evals.hostile.corpora import AS_OF, NOW
from evals.hostile.guarding import judged
from evals.hostile.prompting import FRAME

VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
PLAIN = (judged("Nothing more is known to the drafter."),)


@dataclass(frozen=True)
class Outside:
    """Text from outside for every place of a page that has some, beside the sources."""

    words: str = "plain words"
    """Stands in names of tasks, gaps, proxies, reasons and descriptions of the role."""


def inputs_with(claims: Sequence[Claim], outside: Outside | None = None) -> Inputs:
    """Inputs that can be scored, with these claims under wages."""
    words = (outside or Outside()).words
    return Inputs(
        tasks=tuple(
            TaskDraft(id=f"t{n}", name=f"Task {n} {words}", share=20, score=3, bucket=Bucket.AUGMENTATION, claims=PLAIN)
            for n in range(1, 6)
        ),
        reinstatement=(judged(f"Checking tools is new work. {words}"),),
        evidence={
            name: EvidenceDraft(score=0, claims=tuple(claims) if name is EvidenceName.WAGES else PLAIN, gap=words)
            for name in EvidenceName
        },
        barriers={name: BarrierDraft(score=0, claims=PLAIN) for name in BarrierName},
        principles={name: PrincipleDraft(score=1, claims=PLAIN) for name in PrincipleName},
        growth=GrowthDraft(score=0, claims=PLAIN),
        gaps=(words,),
    )


def assessed(
    claims: Sequence[Claim],
    passages: Mapping[str, Passage],
    *,
    outside: Outside | None = None,
    override: CitedOverride | None = None,
) -> Assessment:
    """A revision for gate publication as the product assembles it, findings and all."""
    words = (outside or Outside()).words
    packs = dict.fromkeys(DRAFTED_SECTIONS, frozenset(passages))
    return assemble(
        gate=Gate.PUBLICATION,
        inputs=inputs_with(claims, outside),
        material=Material(as_of=AS_OF, frame=_frame(words), passages=passages, packs=packs, provenance=_made(words)),
        commentary=Commentary(**dict.fromkeys(Commentary.model_fields, (judged(f"People who lead stay. {words}"),))),
        override=override,
    )


def record_of(assessment: Assessment, words: str = "plain words") -> ReviewRecord:
    """A record under which it can be rendered."""
    decision = DecisionRecord(
        gate=Gate.PUBLICATION,
        revision=assessment.revision(),
        action="approve",
        reviewer=words,
        auth="local-unverified",
        channel="script",
        decided_at=NOW,
        reason=words,
    )
    return ReviewRecord(
        assessment="widget-engineer-00000001",
        revision=assessment.revision(),
        slug="widget-engineer",
        version=1,
        requested_at=NOW,
        published_at=NOW,
        decisions=(decision,),
        usage=ModelUsage(calls=6, input_tokens=100, output_tokens=10),
        draft_score=None,
        final_score=0.0,
        edits=(words,),
    )


def printed(assessment: Assessment, words: str = "plain words") -> dict[str, str]:
    """Each file of the publication by its name."""
    record = record_of(assessment, words)
    return {
        "index.html": render_html(assessment, record),
        "assessment.md": render_markdown(assessment, record),
        "assessment.json": render_json(assessment, record).decode(),
    }


class Markup(HTMLParser):
    """The markup of an HTML page: every element with its attributes, and the text of its style sheets."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.styles = ""
        self.comments: list[str] = []
        self._in_style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        """Keep what closes, too: a stray one is markup from outside."""
        self.elements.append((f"/{tag}", {}))
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Keep style sheets."""
        self.styles += data if self._in_style else ""

    def handle_comment(self, data: str) -> None:
        """Keep it."""
        self.comments.append(data)

    @property
    def names(self) -> tuple[set[str], set[str]]:
        """The names of all elements and of all attributes."""
        return {tag for tag, _ in self.elements if tag[0] != "/"}, {
            name for _, given in self.elements for name in given
        }

    @property
    def is_balanced(self) -> bool:
        """Every element that is opened is closed where it should be, and nothing else is closed."""
        opened: list[str] = []
        for tag, _ in self.elements:
            if tag[0] != "/":
                opened += [] if tag in VOID else [tag]
            elif tag[1:] not in VOID and (not opened or opened.pop() != tag[1:]):
                return False
        return not opened

    def values(self, *names: str) -> set[str]:
        """The values of these attributes, whatever element has them."""
        return {attributes[name] for _, attributes in self.elements for name in names if name in attributes}


def template_names() -> tuple[set[str], set[str]]:
    """The names of elements and of attributes that the product's own templates use."""
    folder = Path(agent.publishing.__file__).parent / "templates"
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.j2")))
    valued = {name.lower() for name in re.findall(r"([a-zA-Z][\w:-]*)=\"", text)}
    tags = re.findall(r"<[a-z][^<>]*>", re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\"[^\"]*\"", " ", text, flags=re.DOTALL))
    bare = {name for tag in tags for name in re.findall(r"\s([a-z][\w-]*)(?=[\s>])", tag)}
    return set(re.findall(r"<([a-z][a-z0-9]*)", text)), valued | bare


def markdown_markup(page: str) -> tuple[set[str], list[str]]:
    """The addresses that a Markdown page links to or loads, and the types of tokens that are raw HTML."""
    targets: set[str] = set()
    raw: list[str] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(page):
        for one in (token, *(token.children or ())):
            targets |= {str(one.attrs[name]) for name in ("href", "src") if name in one.attrs}
            raw += [one.type] if one.type.startswith("html_") else []
    return targets, raw


def _frame(words: str) -> RoleFrame:
    return FRAME.model_copy(
        update={
            "title": FRAME.title if words == Outside().words else f"{FRAME.title} {words}"[:120],
            "function": f"{FRAME.function} {words}",
            "aliases": (*FRAME.aliases, words),
            "proxies": (*FRAME.proxies, words),
            "experience": words,
            "seniority_note": words,
        }
    )


def _made(words: str) -> Provenance:
    return Provenance(
        model=words,
        recorded=False,
        prompts={"frame": "1", **dict.fromkeys(DRAFTED_SECTIONS, "1")},
        policy="policy",
        corpus="sha256:0",
        embedding="words",
    )
