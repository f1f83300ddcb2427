"""Word pairs that turn a sentence round, and one way to put another word in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

DIRECTION: Mapping[str, tuple[str, ...]] = {
    "rose": ("fell", "declined", "dropped"), "fell": ("rose", "increased", "went up"), "fallen": ("risen", "climbed"),
    "rise": ("fall", "drop"), "fall": ("rise", "increase"), "rising": ("falling", "declining"), "falling": ("rising",),
    "risen": ("fallen",), "grew": ("shrank", "declined", "fell"), "grow": ("shrink", "decline"),
    "growing": ("shrinking",),
    "grown": ("shrunk", "declined"), "growth": ("decline", "contraction"), "increased": ("decreased", "fell"),
    "increase": ("decrease", "reduction"), "increases": ("decreases",), "decline": ("increase", "rise"),
    "down": ("up",),
    "declines": ("increases", "gains"), "declined": ("increased",), "dropped": ("jumped", "rose"), "up": ("down",),
    "higher": ("lower",), "lower": ("higher",), "above": ("below",), "below": ("above",), "gain": ("loss",),
    "gains": ("losses",), "loss": ("gain",), "longer": ("shorter", "less long"), "shorter": ("longer",),
    "faster": ("slower",), "slower": ("faster",), "sooner": ("later",), "fewer": ("more",), "slowdown": ("speed-up",),
    "speed-up": ("slowdown",), "reduced": ("increased", "lengthened"), "reduction": ("increase",),
    "lowered": ("raised",),
    "widened": ("narrowed",), "highest": ("lowest",), "lowest": ("highest",), "largest": ("smallest",),
    "fastest": ("slowest",), "widest": ("narrowest",), "cut": ("expand",), "cutting": ("adding",),
    "tripling": ("halving",), "tripled": ("halved",), "doubled": ("halved",), "positive": ("negative",),
    "rebound": ("slump",), "rebounded": ("slumped",), "lengthened": ("shortened",), "strengthens": ("weakens",),
    "weaker": ("stronger",), "stronger": ("weaker",), "sped": ("slowed",), "improve": ("worsen",),
    "improved": ("worsened",),
    "shrank": ("grew",), "raised": ("lowered", "cut"), "surplus": ("shortage",), "shortage": ("surplus",),
    "more than": ("less than", "fewer than"), "at least": ("at most",), "over": ("under",), "under": ("over",),
    "more": ("less",), "less": ("more",), "better": ("worse",), "worse": ("better",), "lost": ("gained",),
}  # fmt: skip
"""Which way something moves or compares."""

ANTONYM: Mapping[str, tuple[str, ...]] = {
    "common": ("rare",), "strong": ("weak",), "weak": ("strong",), "large": ("small",), "small": ("large",),
    "difficult": ("easy",), "easier": ("harder",), "rarely": ("often",), "often": ("rarely",), "usually": ("seldom",),
    "frequent": ("rare",), "many": ("few",), "few": ("many",), "most of": ("little of",),
    "majority": ("minority",), "required": ("forbidden", "optional"), "requires": ("forbids", "rules out"),
    "require": ("forbid",), "allowed": ("forbidden",), "binding": ("voluntary",), "mandatory": ("optional",),
    "success": ("failure",), "failure": ("success",), "failures": ("successes",), "failed": ("succeeded",),
    "solved": ("left unsolved",), "correct": ("incorrect",), "right": ("wrong",), "wrong": ("right",),
    "correctly": ("incorrectly",), "reliable": ("unreliable",), "unreliable": ("reliable",), "safe": ("unsafe",),
    "independent": ("dependent",), "public": ("secret",), "open": ("closed",), "automatic": ("manual",),
    "manual": ("automatic",), "by hand": ("automatically",), "alone": ("together with people",), "create": ("destroy",),
    "created": ("destroyed",), "creation": ("destruction",), "displaced": ("protected",), "replace": ("support",),
    "replaces": ("supports",), "replaced": ("kept",), "augment": ("replace",), "augmentation": ("replacement",),
    "complements": ("replaces",), "hiring": ("dismissing",), "hired": ("dismissed",), "hires": ("dismissals",),
    "dismissed": ("promoted",), "dismissal": ("promotion",), "layoffs": ("hirings",), "remain": ("disappear",),
    "remains": ("disappears",), "vanish": ("multiply",), "accept": ("reject",), "accepted": ("rejected",),
    "agree": ("disagree",), "supports": ("contradicts",), "confirm": ("refute",), "allows": ("prevents",),
    "allow": ("prevent",), "experienced": ("inexperienced",), "trust": ("distrust",), "poor": ("excellent",),
    "good": ("bad",), "cheap": ("expensive",), "idle": ("busy",), "unused": ("fully used",), "scarcity": ("glut",),
    "difference": ("agreement",), "similar": ("different",), "same": ("opposite",),
    "differs": ("stays the same",), "broad": ("narrow",), "wide": ("narrow",), "high": ("low",),
    "low": ("high",), "complex": ("simple",), "new": ("old",), "newer": ("older",), "later": ("earlier",),
    "earlier": ("later",), "first": ("last",), "best": ("worst",), "second-best": ("second-worst",),
    "leading": ("trailing",),
    "without": ("with",), "before": ("after",), "after": ("before",), "include": ("exclude",),
    "includes": ("excludes",), "excluded": ("included",), "inside": ("outside",), "outside": ("inside",),
    "faulty": ("flawless",), "limits": ("freedoms",), "advantages": ("drawbacks",),
    "well": ("badly",), "success rate": ("failure rate",), "possible": ("impossible",), "real": ("imaginary",),

    "needed": ("superfluous",), "affect": ("spare",), "spared": ("hit",),
    "liable": ("exempt",), "keep": ("discard",), "kept": ("stopped",), "starting": ("ending",),
    "private": ("state-owned",),
}  # fmt: skip
"""Words whose opposite makes the sentence say the contrary."""


def sites(text: str, pairs: Mapping[str, tuple[str, ...]]) -> list[re.Match[str]]:
    """Where a word of the vocabulary stands, the longer of two that overlap."""
    joined = "|".join(re.escape(word) for word in sorted(pairs, key=len, reverse=True))
    return list(re.finditer(rf"(?<![\w-])(?:{joined})(?![\w-])", text, re.IGNORECASE))


def turned(text: str, at: re.Match[str], pairs: Mapping[str, tuple[str, ...]], rng: random.Random) -> str:
    """The text with the word at the site replaced by one of its counterparts."""
    word = at.group()
    new = rng.choice(pairs[word.lower()])
    return text[: at.start()] + (new.capitalize() if word[0].isupper() else new) + text[at.end() :]
