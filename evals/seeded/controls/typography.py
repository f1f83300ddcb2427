"""The same characters set in another way, in the quotes or in the claim."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from evals.seeded.sample import Sample
from evals.seeded.sources import World

Setting = Callable[[str, random.Random], str]


def quote_typography(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """Every quote in other quotation marks, dashes, blanks or widths."""
    del world
    changed = sample
    for number, citation in enumerate(sample.claim.citations):
        for setting in rng.sample(_SETTINGS, len(_SETTINGS)):
            if (quote := setting(citation.quote, rng)) != citation.quote:
                changed = changed.recite(number, quote=quote)
                break
    return changed


def claim_typography(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The claim in other quotation marks, dashes or blanks."""
    del world
    for setting in rng.sample(_SETTINGS[:4], 4):
        if (text := setting(sample.text, rng)) != sample.text:
            return sample.saying(text)
    return None


def _curly(text: str, rng: random.Random) -> str:
    del rng
    return re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?= )", "’", text).replace('"', "”")


def _dashes(text: str, rng: random.Random) -> str:
    return re.sub(r"(?<=\w)-(?=\w)", lambda _: rng.choice("‐‑–"), text)


def _hard_blanks(text: str, rng: random.Random) -> str:
    return re.sub(r" ", lambda _: rng.choice((" ", " ", "\u00a0", "\u202f", "\u2009")), text)


def _runs_of_blanks(text: str, rng: random.Random) -> str:
    return re.sub(r" ", lambda _: rng.choice((" ", " ", " ", "  ", "\n", " \n")), text)


def _soft_hyphens(text: str, rng: random.Random) -> str:
    del rng
    return re.sub(r"\b([A-Za-z]{4})([a-z]{4,})\b", "\\1\u00ad\\2", text)


def _wide(text: str, rng: random.Random) -> str:
    """Some words in full width, as East Asian editors set them."""
    return re.sub(
        r"\b[A-Za-z]{3,}\b",
        lambda m: "".join(chr(ord(c) + 0xFEE0) for c in m.group()) if rng.random() < 0.2 else m.group(),
        text,
    )


def _ligatures(text: str, rng: random.Random) -> str:
    del rng
    return text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ")


_SETTINGS: tuple[Setting, ...] = (_curly, _dashes, _hard_blanks, _runs_of_blanks, _soft_hyphens, _wide, _ligatures)
