"""Comments on claims and parts, found again in a later revision by the words they were about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from agent.review.parts import names_part, parts_of
from agent.schemas.assessment import Assessment
from agent.schemas.base import Value
from agent.schemas.places import placed_claims
from agent.schemas.vocabulary import Section
from agent.store.comments import CommentRow

Fate = Literal["same", "moved", "changed", "gone"]
"""What became of the claim or part: it stands where it stood, elsewhere, with other words, or no longer."""


class AnchoredComment(Value):
    """A comment and where its claim or part stands now."""

    comment: CommentRow
    place: str
    """The path in the present revision; the old one when what it is about is gone."""
    section: Section | None
    """`None` for a remark on the whole and for what is gone."""
    fate: Fate


def anchored(comments: Sequence[CommentRow], content: Assessment) -> tuple[AnchoredComment, ...]:
    """Every comment with the place in `content` that it is about: by place and words, by words in the same group, then
    by place. The words of a part are its name, so that one on a task follows the task and not its number."""
    there = _words(content)
    by_text: dict[tuple[str, bool, str], str] = {}
    for path, (text, _) in there.items():
        by_text.setdefault((*_kind(path), text), path)
    found = []
    for row in comments:
        fate: Fate
        if not row.claim:
            found.append(AnchoredComment(comment=row, place=row.place, section=None, fate="same"))
            continue
        here, words = there.get(row.place), (*_kind(row.place), row.claim)
        if here is not None and here[0] == row.claim:
            place, fate = row.place, "same"
        elif words in by_text:
            place, fate = by_text[words], "moved"
        elif here is not None:
            place, fate = row.place, "changed"
        else:
            place, fate = row.place, "gone"
        section = there[place][1] if place in there else None
        found.append(AnchoredComment(comment=row, place=place, section=section, fate=fate))
    return tuple(found)


def words_at(content: Assessment, place: str) -> str | None:
    """The text of the claim or the name of the part at a place, or `None` where there is neither."""
    found = _words(content).get(place)
    return None if found is None else found[0]


def _words(content: Assessment) -> dict[str, tuple[str, Section]]:
    """Text and section of every claim, name and section of every part, by place."""
    claims = placed_claims(content.inputs, content.commentary, content.lens)
    return {
        **{placed.path: (placed.claim.text, placed.section) for placed in claims},
        **{part.place: (part.name, part.section) for part in parts_of(content.inputs)},
    }


def _kind(path: str) -> tuple[str, bool]:
    """Within what the words of a place are looked for: its group, claims and parts apart."""
    return path.partition(".")[0], names_part(path)
