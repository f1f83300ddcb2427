"""Which text of an HTML page its reader does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]

_WHITE: Colour = (255, 255, 255)
_NAMED: dict[str, Colour] = {
    "white": _WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
}
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+)(%?))?\s*\)")
_LENGTH = re.compile(r"(-?(?:\d+(?:\.\d*)?|\.\d+))\s*(px|pt|em|rem|ex|%|vh|vw)?")
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_SIMPLE = re.compile(r"[a-z0-9]*([.#][\w-]+)", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_FAR = -999.0
_NEAR = 30
"""Sum over the three channels, 0 to 765: a difference below it cannot be read."""


@dataclass(frozen=True)
class Look:
    """How text in an element is shown, as far as its own and its ancestors' inline styles say it."""

    colour: Colour | None = None
    """None when not stated: a readable one."""
    backdrop: Colour | None = _WHITE
    """None when it cannot be told, as over an image."""
    tiny: bool = False
    invisible: bool = False

    @property
    def hides_text(self) -> bool:
        """True when text with this look cannot be seen; a descendant may set it right again."""
        same = (
            self.colour is not None
            and self.backdrop is not None
            and sum(abs(a - b) for a, b in zip(self.colour, self.backdrop, strict=True)) < _NEAR
        )
        return self.tiny or self.invisible or same


def is_removed(attributes: Mapping[str, str], hidden_names: frozenset[str]) -> bool:
    """True when the element and all in it are out of sight.

    `hidden_names` are the classes (`.x`) and ids (`#y`) that the page's style sheets do not show.
    """
    if attributes.get("aria-hidden", "").strip().lower() == "true":
        return True
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    if hidden_names and any(name in hidden_names for name in _names(attributes)):
        return True
    return _is_out_of_sight(declarations(attributes.get("style", "")))


def look_of(attributes: Mapping[str, str], inherited: Look, tag: str) -> Look:
    """The element's look, from what it inherits and what its attributes change."""
    style = declarations(attributes.get("style", ""))
    look = replace(inherited, colour=None) if tag == "a" else inherited
    if "bgcolor" in attributes:
        look = replace(look, backdrop=_colour(attributes["bgcolor"].strip().lower()))
    background = style.get("background-color") or style.get("background")
    if "background-image" in style and "url" in style["background-image"]:
        look = replace(look, backdrop=None)
    elif background and background not in {"transparent", "none", "inherit", "initial", "unset"}:
        look = replace(look, backdrop=_colour(background))
    colour = style.get("color") or (attributes.get("color", "").strip().lower() if tag == "font" else "")
    if colour and colour != "inherit":
        look = replace(look, colour=_colour(colour))
        look = replace(look, invisible=look.invisible or _is_transparent(colour))
    if "font-size" in style:
        look = replace(look, tiny=_is_tiny(style["font-size"], inherited.tiny))
    if "visibility" in style:
        look = replace(look, invisible=style["visibility"] in {"hidden", "collapse"})
    return look


def hidden_names(css: str) -> frozenset[str]:
    """Classes and ids that a style sheet hides by a rule of their own, and that no other rule of it shows.

    Rules inside of `@media` and the like do not count: they hold for some readers only.
    """
    hidden: set[str] = set()
    shown: set[str] = set()
    for selectors, body in _rules(_COMMENT.sub("", css)):
        style = declarations(body)
        display = style.get("display")
        hides = display == "none" or style.get("visibility") == "hidden" or _is_out_of_sight(style)
        for selector in selectors.split(","):
            simple = _SIMPLE.fullmatch(selector.strip())
            if hides and simple:
                hidden.add(simple.group(1))
            elif not hides and (display or style.get("visibility") or style.get("opacity")):
                shown.update(_NAME.findall(selector))
    return frozenset(hidden - shown)


def declarations(style: str) -> dict[str, str]:
    """`color: RED !important` as `{"color": "red"}`."""
    found: dict[str, str] = {}
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def _rules(css: str) -> Iterator[tuple[str, str]]:
    depth = start = body = 0
    selectors = ""
    for brace in re.finditer(r"[{}]", css):
        if brace.group() == "{":
            if depth == 0:
                selectors, body = css[start : brace.start()], brace.end()
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            start = brace.end()
            if "@" not in selectors:
                yield selectors, css[body : brace.start()]
            selectors = "@"


def _names(attributes: Mapping[str, str]) -> list[str]:
    names = ["." + name for name in attributes.get("class", "").split()]
    return [*names, "#" + attributes["id"].strip()] if "id" in attributes else names


def _is_out_of_sight(style: Mapping[str, str]) -> bool:
    if style.get("display") == "none" or style.get("mso-hide") == "all" or _number(style.get("opacity")) == 0:
        return True
    if any((_number(style.get(name)) or 0) <= _FAR for name in ("text-indent", "left", "top", "margin-left")):
        return True
    if style.get("position") in {"absolute", "fixed"} and style.get("clip", "").replace(" ", "").startswith("rect(0"):
        return True
    sizes = ("height", "max-height", "width", "max-width")
    return style.get("overflow") == "hidden" and any(_number(style.get(name)) == 0 for name in sizes)


def _is_tiny(size: str, inherited: bool) -> bool:
    match = _LENGTH.fullmatch(size)
    if match is None:
        return inherited and size in {"inherit", "smaller", "larger", "unset"}
    value, unit = float(match.group(1)), match.group(2)
    if unit in {"em", "%", "ex"} and inherited:
        return True
    return value <= (1 if unit in {"px", "pt"} else 0)


def _number(value: str | None) -> float | None:
    match = _LENGTH.fullmatch(value) if value else None
    return float(match.group(1)) if match else None


def _colour(value: str) -> Colour | None:
    if value in _NAMED:
        return _NAMED[value]
    if match := _HEX.fullmatch(value):
        digits = match.group(1)
        if len(digits) < 6:
            digits = "".join(digit * 2 for digit in digits)
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if match := _RGB.fullmatch(value):
        return int(match.group(1)), int(match.group(2)), int(match.group(3))
    return None


def _is_transparent(colour: str) -> bool:
    if colour == "transparent":
        return True
    match = _RGB.fullmatch(colour)
    return match is not None and match.group(4) is not None and _number(match.group(4)) == 0
