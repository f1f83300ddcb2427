"""Frames, passages and drafts for the tests of drafting."""

from __future__ import annotations

from agent.drafting.drafter import Redraft, SectionRequest
from agent.schemas.article import ArticleMeta, Passage, TextKind
from agent.schemas.draft import Citation, Claim, ClaimKind, NotThisRole, RoleFrame, Stance
from agent.schemas.vocabulary import PUBLICATION_SECTIONS, Section

TEXT = "Widget engineers were sought in more advertisements than in the year before."


def a_frame(**changes: object) -> RoleFrame:
    values: dict[str, object] = {
        "title": "Widget Engineer",
        "seniority": "mid-level",
        "function": "Builds widgets.",
        "aliases": ("widget developer",),
        "proxies": ("gadget engineers",),
        "is_not": (NotThisRole(title="widget seller", difference="sells widgets"),),
        "experience": "Some years.",
        "seniority_note": "Seniors decide more.",
        "tags": ("widgets",),
    }
    return RoleFrame.model_validate({**values, **changes})


def a_passage(at: int = 1, *, text: str = TEXT, suspicious: bool = False, **meta: object) -> Passage:
    values: dict[str, object] = {
        "title": "On widgets",
        "publisher": "An office",
        "author": None,
        "date": "2025-11-01",
        "url": "https://example.org/widgets",
        "tier": 2,
        "interested": False,
        "retrieved": "2026-01-02",
        "text_kind": TextKind.DIGEST,
    }
    return Passage(
        id=f"p-{at:012x}",
        article="a-000000000001",
        meta=ArticleMeta.model_validate({**values, **meta}),
        text=text,
        start=0,
        end=len(text),
        text_hash="sha256:" + "0" * 64,
        suspicious=suspicious,
    )


def a_claim(text: str = "Work of this kind lasts.", *, passage: str = "p-000000000001") -> Claim:
    return Claim(
        text=text,
        kind=ClaimKind.SOURCED,
        stance=Stance.FOR,
        proxy="gadget engineers",
        horizon=None,
        citations=(Citation(passage=passage, quote="Widget engineers were sought"),),
    )


def a_request(section: Section = Section.TASKS, **changes: object) -> SectionRequest:
    values: dict[str, object] = {
        "section": section,
        "frame": a_frame(),
        "as_of": "2026-02-25",
        "passages": (a_passage(1), a_passage(2)),
        "result": "<result>\nlabel: GREEN\n</result>" if section in PUBLICATION_SECTIONS else None,
    }
    return SectionRequest.model_validate({**values, **changes})


def a_redraft(**changes: object) -> Redraft:
    values: dict[str, object] = {"draft": "{}", "findings": ("tasks.0: too short (G-X)",), "reasons": ()}
    return Redraft.model_validate({**values, **changes})
