"""Dates as files write them, brought to `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""

from __future__ import annotations

import datetime
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<number>\d{2})(?:-(?P<day>\d{2})(?:[T ]\d{1,2}:\d{2}.*)?)?)?", re.DOTALL)
_DAY_FIRST = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<day>\d{{1,2}})\s+{_MONTH},?\s+(?P<year>\d{{4}})(?:,?\s+\d{{1,2}}:\d{{2}}.*)?",
    re.IGNORECASE | re.DOTALL,
)
_MONTH_FIRST = re.compile(rf"{_MONTH}\s+(?:(?P<day>\d{{1,2}}),\s*)?(?P<year>\d{{4}})", re.IGNORECASE)
_FORMS = (_ISO, _DAY_FIRST, _MONTH_FIRST)


def date_of(text: str) -> str | None:
    """The date that `text` states, as precise as it states it; None when it is in none of the known forms.

    Known are ISO 8601 (a time of day is dropped, the day stays as written), RFC 2822 (`Tue, 05 Mar 2024 09:30:00 GMT`,
    also without a time) and English words (`March 5, 2024`, `March 2024`). `03/05/2024` is not known: nobody can say
    which number is the month.
    """
    match = next(filter(None, (form.fullmatch(text.strip()) for form in _FORMS)), None)
    if match is None:
        return None
    found = match.groupdict()
    year, month, day = int(found["year"]), _month(found), int(found["day"] or 0)
    if year < 1000:
        return None
    try:
        datetime.date(year, 1 if month is None else month, day if found["day"] else 1)
    except ValueError:
        return None
    if month is None:
        return f"{year:04}"
    return f"{year:04}-{month:02}-{day:02}" if day else f"{year:04}-{month:02}"


def day_of(text: str) -> str | None:
    """The day that `text` states as `YYYY-MM-DD`; None when it states no day."""
    date = date_of(text)
    return date if date is not None and len(date) == 10 else None


def _month(found: dict[str, str | None]) -> int | None:
    if name := found.get("month"):
        return _MONTHS.index(name[:3].lower()) + 1
    number = found.get("number")
    return int(number) if number else None
