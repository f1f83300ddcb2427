from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("agent.publishing").joinpath("templates", "page.css").read_text(encoding="utf-8")
LEGIBLE = 4.5
"""WCAG 2.1 AA, text of normal size."""
PAIRS = [
    *((text, ground) for ground in ("paper", "card") for text in ("ink", "soft", "link")),
    *((f"{zone}-ink", f"{zone}-tint") for zone in ("green", "yellow", "red")),
    *((f"{side}-ink", ground) for side in ("green", "red") for ground in ("paper", "card")),
    *(("on-fill", bucket) for bucket in ("displacement", "augmentation", "not_involved")),
    ("mark-ink", "mark"),
]


def palette(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", block)) for block in blocks[:2])
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground_in_both_schemes(scheme: str, text: str, ground: str) -> None:
    colours = palette(scheme)
    dark, light = sorted(luminance(colours[name]) for name in (text, ground))
    assert (light + 0.05) / (dark + 0.05) >= LEGIBLE
