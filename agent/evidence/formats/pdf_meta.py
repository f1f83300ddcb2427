"""What a PDF says about its text: the document information and the XMP packet (ISO 16684-1). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.evidence.formats.dates import date_of
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.schemas.text import one_line

_SPACES = (("purl.org/dc/elements", "dc"), ("prismstandard.org/namespaces", "prism"), ("ns.adobe.com/xap/1.0/", "xmp"))
_PUBLISHED = ("prism:publicationDate", "prism:coverDate", "dc:date")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) - .*|untitled.*|document\d*|\(?anonymous\)?|\(?unspecified\)?|slide 1"
    r"|.*\.(?:pdf|docx?|indd|qxd|qxp|pptx?|tex|dvi|rtf|odt|html?))",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"\(?anonymous\)?|\(?unspecified\)?|(?:windows |office |default )?user|admin(?:istrator)?|unknown|author",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meta:
    """`None` where the file says nothing, or only what its software puts there."""

    title: str | None
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    licence: str | None


def meta_of(info: Mapping[str, str], packet: bytes) -> Meta:
    """The packet goes before the older document information; one that is no valid XML is left out."""
    xmp = _properties(packet)
    title, author = info.get("/Title", ""), info.get("/Author", "")
    return Meta(
        title=_stated(xmp.get("dc:title", ""), _NO_TITLE) or _stated(title, _NO_TITLE),
        author=_stated(xmp.get("dc:creator", ""), _NO_AUTHOR) or _stated(author, _NO_AUTHOR),
        publisher=_stated(xmp.get("dc:publisher", ""), _NO_AUTHOR),
        date=_published(xmp),
        url=_address(xmp),
        licence=_stated(xmp.get("dc:rights", ""), _NO_AUTHOR),
    )


def _properties(packet: bytes) -> dict[str, str]:
    """`prefix:name` to its text, lists joined by commas."""
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    found: dict[str, str] = {}
    try:
        for element in fromstring(packet, forbid_dtd=True).iter():
            for key, value in ((element.tag, ""), *element.items()):
                name = _prefixed(key)
                text = value or ", ".join(filter(None, map(one_line, element.itertext())))
                if name and text:
                    found.setdefault(name, one_line(text))
    except (DefusedXmlException, *PARSER_FAULTS):
        return {}
    return found


def _prefixed(key: str) -> str:
    space, _, name = key.rpartition("}")
    return next((f"{prefix}:{name}" for part, prefix in _SPACES if part in space), "")


def _stated(text: str, empty: re.Pattern[str]) -> str | None:
    value = one_line(text)
    return value if value and empty.fullmatch(value) is None else None


def _published(xmp: Mapping[str, str]) -> str | None:
    """A `dc:date` equal to the creation stamp is the work of the software that wrote the file."""
    stamps = {xmp.get("xmp:CreateDate"), xmp.get("xmp:ModifyDate")}
    stated = (xmp[name] for name in _PUBLISHED if name in xmp and not ("T" in xmp[name] and xmp[name] in stamps))
    return next(filter(None, map(date_of, stated)), None)


def _address(xmp: Mapping[str, str]) -> str | None:
    url, doi = xmp.get("prism:url", ""), xmp.get("prism:doi", "")
    if re.fullmatch(r"https?://\S+", url):
        return url
    return f"https://doi.org/{doi}" if re.fullmatch(r"10\.\d{4,9}/\S+", doi) else None
