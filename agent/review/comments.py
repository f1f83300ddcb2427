"""Comments on claims, found again in a later revision by the words they were about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from agent.schemas.assessment import Assessment
from agent.schemas.base import Value
from agent.schemas.places import placed_claims
from agent.schemas.vocabulary import Section
from agent.store.comments import CommentRow

Fate = Literal["same", "moved", "changed", "gone"]
"""What became of the claim: it stands where it stood, elsewhere, with other words, or no longer."""


class AnchoredComment(Value):
    """A comment and where its claim stands now."""

    comment: CommentRow
    place: str
    """The path in the present revision; the old one when the claim is gone."""
    section: Section | None
    """`None` for a remark on the whole and for a claim that is gone."""
    fate: Fate


def anchored(comments: Sequence[CommentRow], content: Assessment) -> tuple[AnchoredComment, ...]:
    """Every comment with the place in `content` that it is about: by place and words, by words in the same part, then
    by place."""
    claims = {
        placed.path: (placed.claim.text, placed.section)
        for placed in placed_claims(content.inputs, content.commentary, content.lens)
    }
    by_text: dict[tuple[str, str], str] = {}
    for path, (text, _) in claims.items():
        by_text.setdefault((_part(path), text), path)
    found = []
    for row in comments:
        fate: Fate
        if not row.claim:
            found.append(AnchoredComment(comment=row, place=row.place, section=None, fate="same"))
            continue
        here = claims.get(row.place)
        if here is not None and here[0] == row.claim:
            place, fate = row.place, "same"
        elif (_part(row.place), row.claim) in by_text:
            place, fate = by_text[_part(row.place), row.claim], "moved"
        elif here is not None:
            place, fate = row.place, "changed"
        else:
            place, fate = row.place, "gone"
        section = claims[place][1] if place in claims else None
        found.append(AnchoredComment(comment=row, place=place, section=section, fate=fate))
    return tuple(found)


def _part(path: str) -> str:
    return path.partition(".")[0]


def claim_text(content: Assessment, place: str) -> str | None:
    """The claim at a path, or `None` where there is none."""
    for placed in placed_claims(content.inputs, content.commentary, content.lens):
        if placed.path == place:
            return placed.claim.text
    return None
