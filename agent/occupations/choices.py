"""A role's confirmed occupations: what may be confirmed, and what of it the release still has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.errors import InvalidInput, NotFound, Prerequisite
from agent.schemas.occupation import CODE_FORM, Occupation, OccupationChoice
from agent.store.occupations import OccupationStore

MAX_CODES = 20


def known_occupations(store: OccupationStore, codes: Sequence[str]) -> tuple[Occupation, ...]:
    """The occupations of these codes, each once and in order.

    Raises InvalidInput for what is no code and for more than MAX_CODES, NotFound for one that the release does not
    have, Prerequisite without a release.
    """
    wanted = sorted({code.strip() for code in codes})
    release = store.release()
    wrong = [code for code in wanted if not re.fullmatch(CODE_FORM, code)]
    if wrong:
        whole = [f"{code}.00" for code in wrong if re.fullmatch(CODE_FORM, f"{code}.00")]
        raise InvalidInput(
            f"{_listed(wrong)} {'are no O*NET-SOC codes' if len(wrong) > 1 else 'is no O*NET-SOC code'}: expected the "
            "form 15-1252.00.",
            hint=f"Did you mean {', '.join(whole)}?" if whole else None,
        )
    if len(wanted) > MAX_CODES:
        raise InvalidInput(f"A role has at most {MAX_CODES} occupations; found {len(wanted)}.")
    found = store.occupations(wanted)
    unknown = [code for code in wanted if code not in found]
    if unknown:
        raise NotFound(
            f"{release.name} has no occupation {', '.join(unknown)}.",
            hint="`assess-role occupations suggest TITLE` lists codes for a title.",
        )
    return tuple(found[code] for code in wanted)


def confirmed(store: OccupationStore, title: str) -> tuple[OccupationChoice, tuple[Occupation, ...]]:
    """What was confirmed last about a role title, with its occupations; none when nothing fits.

    Raises Prerequisite when nobody confirmed anything or there is no release, NotFound for a code that the release does
    not have any more.
    """
    release = store.release()
    choice = store.choice(title)
    again = f'assess-role occupations confirm "{title}"'
    if choice is None:
        raise Prerequisite(
            f"Nobody has confirmed the official occupation of {title}.",
            hint=f"Type: {again} (several codes may fit, and none).",
        )
    found = store.occupations(choice.codes)
    gone = [code for code in choice.codes if code not in found]
    if gone:
        raise NotFound(
            f"{choice.reviewer} confirmed {', '.join(gone)} for {title} from {choice.release}; {release.name} has no "
            "such occupation.",
            hint=f"Confirm anew: {again}",
        )
    return choice, tuple(found[code] for code in choice.codes)


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(repr(code[:20]) for code in codes[:MAX_CODES])
