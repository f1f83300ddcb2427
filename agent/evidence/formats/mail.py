"""An e-mail (.eml), as newsletters come: its text with the subject as title, without who received it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr, parsedate_to_datetime

from agent.evidence.document import Document, ReadOptions, Skipped, Unreadable
from agent.evidence.formats.encoding import decode
from agent.evidence.formats.faults import PARSER_FAULTS
from agent.evidence.formats.mail_links import (
    browser_address,
    browser_address_in_text,
    usable_address,
    without_recipients,
)
from agent.evidence.formats.markup import text_of
from agent.evidence.formats.tree import parse
from agent.schemas.text import one_line

_RECIPIENTS = (
    "to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "resent-to",
)  # fmt: skip
_SENDING_HOSTS = re.compile(
    r"^(?:(?:e|em|mail|mailer|email|news|newsletters?|info|updates?|notify|reply|go|t)\d*\.)+(?=.+\.)"
)
_PRIVATE_HOSTS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
    "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "qq.com", "163.com", "mail.ru",
})  # fmt: skip
_OPAQUE_LIST = re.compile(r"[0-9a-f]{8,}|\bmc list\b|^\W*$", re.IGNORECASE)
_SUBJECT_LEAD = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.IGNORECASE)
_LIST_ID = re.compile(r'\s*"?([^"<>]*)"?\s*<')
_FLOWED = re.compile(r"(?<!\n--) \n(?!\n|>)")


def read_mail(data: bytes, options: ReadOptions) -> Iterator[Document | Skipped]:
    """One document for the message, then a Skipped for each attachment.

    The HTML part is read whole, the plain part only without one. Addresses of recipients are taken out of the text.
    Raises Unreadable for a message without text and for one that cannot be parsed.
    """
    try:
        message = message_from_bytes(data, policy=policy.default)
    except PARSER_FAULTS as error:
        raise Unreadable("it is no readable e-mail") from error
    parts = list(_parts(message))
    if len(parts) > options.max_parts:
        raise Unreadable(f"it holds {len(parts):,} parts, more than the {options.max_parts:,} that are allowed")
    recipients = _recipients(message)
    text, url = _body(message, recipients)
    if not any(char.isalnum() for char in text):
        raise Unreadable("it holds no text")
    subject = _SUBJECT_LEAD.sub("", without_recipients(_header(message, "Subject"), recipients))
    name, host = _sender(message)
    yield Document(
        text=text,
        title=subject[:500] or None,
        publisher=_publisher(message, host),
        author=without_recipients(name, recipients)[:500] or None,
        date=_day(message),
        url=url,
        claimed=url is not None,
    )
    yield from (
        Skipped("an attachment is not read: add it as a file", _name(part)) for part in parts if _is_attachment(part)
    )


def _body(message: EmailMessage, recipients: frozenset[str]) -> tuple[str, str | None]:
    """The text, and the address at which the message can be read on the web."""
    archived = _header(message, "Archived-At").strip("<> ")
    for subtype in ("html", "plain"):
        texts: list[str] = []
        url = usable_address(archived, recipients)
        for part in _readable(message, subtype):
            text = decode(_bytes(part), declared=_charset(part))
            if part.get_content_type() == "text/html":
                page = parse(text)
                url = url or browser_address(page.root, recipients)
                text = text_of(page.root)
            else:
                text = _FLOWED.sub(" ", text) if _parameter(part, "format") == "flowed" else text
                url = url or browser_address_in_text(text, recipients)
            texts.append(without_recipients(text, recipients).strip("\n"))
        joined = "\n\n".join(filter(None, texts))
        if any(char.isalnum() for char in joined):
            return joined, url
    return "", None


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves in reading order; an attached message is a leaf."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart":
            waiting.extend(reversed(_children(part)))
        else:
            yield part


def _readable(message: EmailMessage, subtype: str) -> list[EmailMessage]:
    """The parts that make up the text: of alternatives the one of `subtype` if there is one, of others all."""
    if message.get_content_maintype() != "multipart":
        is_text = message.get_content_type() in {"text/html", "text/plain"}
        return [message] if is_text and not _is_attachment(message) else []
    inside = [_readable(child, subtype) for child in _children(message)]
    if message.get_content_subtype() != "alternative":
        return [part for parts in inside for part in parts]
    filled = [parts for parts in inside if parts]
    wanted = [parts for parts in filled if any(part.get_content_subtype() == subtype for part in parts)]
    return next(iter([*wanted, *filled]), [])


def _children(message: EmailMessage) -> list[EmailMessage]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, EmailMessage)] if isinstance(payload, list) else []


def _is_attachment(part: EmailMessage) -> bool:
    """Pictures that belong to the layout are none."""
    kind = part.get_content_maintype()
    if kind == "message" or part.get_content_disposition() == "attachment":
        return True
    return kind not in {"text", "image", "multipart"} or (kind == "text" and bool(_filename(part)))


def _name(part: EmailMessage) -> str:
    return _filename(part) or part.get_content_type()


def _filename(part: EmailMessage) -> str:
    try:
        return one_line(part.get_filename() or "")
    except PARSER_FAULTS:
        return ""


def _parameter(part: EmailMessage, name: str) -> str:
    try:
        return str(part.get_param(name, "")).lower()
    except PARSER_FAULTS:
        return ""


def _charset(part: EmailMessage) -> str | None:
    return _parameter(part, "charset") or None


def _bytes(part: EmailMessage) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except PARSER_FAULTS as error:
        raise Unreadable("its text is packed in a way that cannot be read") from error
    return payload if isinstance(payload, bytes) else b""


def _header(message: EmailMessage, name: str) -> str:
    """The header as one line, "" without one; raw bytes in it are decoded like any text of unknown encoding."""
    try:
        raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
        if any("\udc80" <= char <= "\udcff" for char in raw):
            return one_line(decode(raw.encode("utf-8", "surrogateescape")))
        return one_line(str(message.get(name, "")))
    except Unreadable:
        return ""
    except PARSER_FAULTS:
        return ""


def _recipients(message: EmailMessage) -> frozenset[str]:
    """Addresses that the message was sent to, in lower case."""
    found = getaddresses([str(value) for name, value in message.raw_items() if name.lower() in _RECIPIENTS])
    return frozenset(address.lower() for _, address in found if "@" in address.strip("@"))


def _sender(message: EmailMessage) -> tuple[str, str]:
    """Display name and host of the sender, "" for what is not there."""
    name, address = parseaddr(_header(message, "From"))
    return one_line(name), address.rpartition("@")[2].lower().strip(".> ")


def _publisher(message: EmailMessage, host: str) -> str | None:
    """The name of the mailing list, else the sender's host unless that is a mail provider's."""
    match = _LIST_ID.match(_header(message, "List-Id"))
    phrase = match.group(1).strip() if match else ""
    if phrase and not _OPAQUE_LIST.search(phrase):
        return phrase[:200]
    plain = _SENDING_HOSTS.sub("", host)
    return plain[:200] if "." in plain and plain not in _PRIVATE_HOSTS else None


def _day(message: EmailMessage) -> str | None:
    """The day of sending in the sender's own time zone."""
    try:
        return parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except PARSER_FAULTS:
        return None
