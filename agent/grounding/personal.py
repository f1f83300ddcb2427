"""Personal data in a text: e-mail addresses, telephone and identity numbers, home addresses, private persons.

Numbers are judged by `phonenumbers` and by the check digits of `stdnum`; what only looks like one is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from agent.grounding.given_names import GIVEN_NAMES
from agent.grounding.normalise import normal_text

_EMAIL = re.compile(
    r"[\w.+'-]{1,64} ?(?:@|\(at\)|\[at\]|\{at\}| at (?=[\w-]{2,40}(?: dot |\.)(?:com|org|net|edu|de|uk|io)\b)) ?"
    r"(?:[\w-]{1,63}(?:\.| ?(?:\(dot\)|\[dot\]| dot ) ?)){1,4}[a-z]{2,24}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,$\u20ac\u00a3/-])(?:\+|00|\((?! ?\()|0|\d)[\d() ./-]{6,22}\d(?![\w%]|[.,]\d)")
_PHONE_WORD = re.compile(
    r"(?:\b(?:tel|telephone|phone|call|mobile|cell|fax|whatsapp|ring|text|dial|reach\w*|contact|hotline|number)\b"
    r"\.?|\u260e|\u2706)[^\d+(\[\]]{0,25}$",
    re.IGNORECASE,
)
_PHONE_SHAPE = re.compile(
    r"\+\d[\d() ./-]{7,}|\(\d{2,5}\) ?\d[\d ./-]{4,}|\d{3}[-. ]\d{3}[-. ]\d{4}|0\d{1,5}[ /-]\d[\d ./-]{4,}"
)
_REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
    "PL",
    "SE",
    "IN",
    "AU",
    "BR",
    "JP",
    "CH",
    "AT",
    "BE",
    "IE",
    "TR",
    "ZA",
    "CN",
)
_YEARS = re.compile(
    r"(?:(?:19|20)\d\d[ ./-]{1,3})+(?:19|20)\d\d|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d"
)
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+")

_SSN = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")
_NINO = re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_ID_DIGITS = re.compile(r"(?<![\w.,$\u20ac\u00a3+-])\d(?:[ ./-]?\d){8,18}(?:[ -]?[A-Z0-9]{1,2})?(?![\w%]|[.,]\d)")
_ID_LETTERS = re.compile(
    r"(?<![\w$€£])(?:[XYZ]?\d{7,8}-?[A-Z]|\d{6}[-+A]\d{3}[0-9A-Z]|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|\d{7}[A-W][AHWTX]?|[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d)\b"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_ID_WORD = re.compile(
    r"\b(?:ssn|social security|national insurance|nino|passport|personal(?:ausweis)? (?:id|number|code)|tax (?:id|number)"
    r"|steuer-?id\w*|bsn|dni|nie|nir|pesel|cpf|codice fiscale|personnummer|cpr|national id\w*|identity (?:card|number)"
    r"|id (?:card|number|no)|insurance number|driver'?s licen[cs]e|aadhaar|burgerservicenummer|sozialversicherung\w*)\b"
    r"[^\d\[\]]{0,30}?(?=(?:\b[A-Z]{1,3} ?)?\d)",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(r"[A-Z]{0,3} ?\d(?:[ ./-]?[A-Z0-9]){3,20}\b")
_DECIMAL = re.compile(r"\d+\.\d{1,4}")
MAX_PASSES = 4
LEAST_BARE_ID = 11
"""A shorter run of bare digits that counts something is none: too many counts pass a checksum."""
_COUNTED = re.compile(r" [a-z]{3,}")
LEAST_CARD = 13
_DIGIT_IDS = (
    *("de.idnr", "nl.bsn", "fr.nir", "se.personnummer", "no.fodselsnummer", "dk.cpr", "pl.pesel", "be.nn", "br.cpf"),
    *("ca.sin", "in_.aadhaar", "cn.ric", "ch.ssn", "tr.tckimlik", "za.idnr", "kr.rrn", "fr.nif", "au.tfn", "luhn"),
)
_LETTER_IDS = ("es.dni", "es.nie", "it.codicefiscale", "fi.hetu", "ie.pps", "mx.curp")

_NUMBER = r"\d{1,5}[a-zA-Z]?"
_ADDRESS = re.compile(
    rf"(?<![\d.,$%]){_NUMBER},? (?:(?:N|S|E|W|North|South|East|West)\.? )?(?:[A-Z][\w'.-]+ ){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Close|Crescent"
    r"|Gardens|Grove|Hill|Row|Mews|Parkway|Pkwy|Trail|Circle|Highway|Hwy)\b\.?"
    r"|\b(?:[A-Z\u00c4\u00d6\u00dc][\w\u00c0-\u017f-]{0,40}(?:stra(?:\u00df|ss)e|str\.|weg|gasse|platz|allee|ufer|damm|ring|straat|laan|gracht|plein|gatan|v\u00e4gen|gata|gade|vej)"
    r"|[A-Z\u00c4\u00d6\u00dc][\w\u00c0-\u017f]+ (?:Stra(?:\u00df|ss)e|Allee|Weg|Platz|Ring|Damm|utca)) \d{1,4} ?[a-zA-Z]?\b(?!\d)"
    rf"|(?<![\d.,$%]){_NUMBER}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|all\u00e9e|chemin|impasse|quai) (?:d[eu']s? ?(?:la |l')?)?[A-Z\u00c0-\u017f][\w\u00c0-\u017f'-]+"
    r"|\b(?:Calle|C/|Avenida|Avda\.|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua|Travessa|ul\.|ulica|al\.|Ulitsa)"
    r" (?:(?:de|del|della|dei|la|las|los|da|do|dos|di) ){0,2}[A-Z\u00c0-\u017f][\w\u00c0-\u017f'-]+(?: [A-Z\u00c0-\u017f][\w\u00c0-\u017f'-]+)?,? ?(?:n\.? ?\u00ba? ?)?\d{1,4}[a-zA-Z]?\b"
    r"|\bP\.? ?O\.? Box \d+|\b(?:Flat|Apt\.?|Apartment|Unit) \d{1,4}[A-Za-z]?, "
)

_CAPITAL = r"[A-Z\u00c0-\u00de][a-z\u00df-\u017f]+(?:[-'][A-Z\u00c0-\u00de]?[a-z\u00df-\u017f]+){0,2}"
_PERSON = re.compile(
    rf"(?=\b(?P<given>{_CAPITAL}) (?:[A-Z]\. |(?:van|von|de|der|da|di|del|la|el|al|bin|ibn|O'|Mc) ?){{0,2}}(?P<family>(?:O'|Mc|Mac)?{_CAPITAL})\b)"
)
_PRIVATE = re.compile(
    r"\b(?:\d{1,2}[- ]years?[- ]old|aged \d{1,2}|age \d{1,2}|born (?:on|in)|lives? (?:in|at|on|with)|living (?:in|at|with)|home address|resid\w+ (?:in|at)"
    r"|diagnos\w+|pregnan\w+|divorc\w+|single (?:mother|father|parent)|(?:his|her|their) (?:wife|husband|children|kids|daughter|son|mother|father|partner|home|mortgage|illness|cancer|depression|health|salary|pay)"
    r"|(?:mother|father|parent) of|married|widow\w*|patient|neighbou?r|suffer\w+|medical|sick leave|earns? |paid (?:him|her)|was (?:fired|sacked|dismissed|laid off)|lost (?:his|her|their) job|personal(?:ly)?|private(?:ly)?|bankrupt\w*|arrest\w*|convict\w*)",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"\b(?:custody|daughters?|sons?|children|kids|wife|husband|girlfriend|boyfriend|evict\w+|homeless|gambl\w+|affair|drunk\w*|overdos\w+"
    r"|suicid\w*|fertility|abort\w+|epilep\w+|autis\w+|asthma|migraine\w*|insulin|chemo\w*|counsell?ing|depress\w+|burn-?out|sick leave|disab\w+|cancer|hiv|heart|diabet\w+|illness\w*|disease|therap\w+|treated for|medicat\w+"
    r"|pregnan\w+|miscarriage|alcoholi\w+|addict\w+|rehab\w*|mental\w*|psychiatr\w+|surgery|hospital\w*|diagnos\w+|wheelchair"
    r"|trade union|union member\w*|votes? for|voted|party member|member of (?:a|the)|religio\w+|church|mosque|synagogue|muslim|jewish"
    r"|christian|hindu|gay|lesbian|transgender|sexual\w*|divorc\w+|widow\w*|single (?:mother|father|parent)|ageing|elderly (?:mother|father)"
    r"|lives? (?:in|at|on|with|alone)|living (?:in|at|with)|home address|mortgage|debts?|bankrupt\w*|convict\w*|arrest\w*|prison"
    r"|criminal|asylum|(?:his|her|their) (?:wife|husband|children|kids|daughters?|sons?|mother|father|partner|illness|health|salary)"
    r"|\d{1,2}[- ]years?[- ]old|aged \d{1,2}|born (?:on|in)|earns?)\b",
    re.IGNORECASE,
)
_OCCUPATION = re.compile(
    r"\b(?:engineer|developer|analyst|nurse|teacher|clerk|accountant|lawyer|designer|administrator|technician|driver|writer"
    r"|translator|cashier|worker|employee|colleague|staffer|applicant|candidate|trainee|intern|graduate|assistant|mr|mrs|ms"
    r"|miss|named|called|neighbou?r|customer|patient|contact)\.? $",
    re.IGNORECASE,
)
_TOLD_OF = re.compile(r",? ?(?:\(|who\b|whose\b|which\b|,)")
_PUBLIC = re.compile(
    r"\b(?:chief|ceo|cto|cfo|coo|cio|president|founders?|co-founders?|director|head of|professor|prof|dr|doctor of|economists?|researchers?|scientists?|authors?|co-authors?"
    r"|analysts?|minister|senator|governor|secretary|spokes\w+|commissioner|editor|journalist|reporter|chair\w*|partner at|fellow|lecturer|historian|laureate"
    r"|according to|wrote|writes|argues?|argued|says|said|(?<!was )(?<!were )(?<!been )told|reports?|reported|finds?|found|estimates?|estimated|predicts?|expects?|et al|and colleagues|and others|publishe[sd]|study|survey|paper|vp|executive|investor|lawyer|judge|union leader|mayor|billionaire|in (?:an interview|a blog|a post|a note))\b",
    re.IGNORECASE,
)
_ORGANISED = """
University College Institute School Labs Lab Research Group Post Times Journal Tech Technologies Review News Bank
Street Road City County State Report Survey Index Foundation Center Centre Observer Tribune Engineer Developer Analyst
Manager Designer Scientist Platform Cloud Hub Code Model Act Bill Law Square Hole Texas California Press Hospital
Airport Bay Valley Beach Park Company Corporation Partners Systems Software Solutions Consulting Media House Court Half
"""
_NOT_FAMILY = frozenset(_ORGANISED.split())


class PersonalDatum(NamedTuple):
    """One piece of personal data."""

    kind: str
    """e-mail address, telephone number, identity number, home address or private person."""
    start: int
    end: int
    """Offsets into the given text."""
    certain: bool
    """Nobody may publish it; otherwise a person decides whether the name is needed."""


@lru_cache(maxsize=4096)
def personal_data(text: str) -> tuple[PersonalDatum, ...]:
    """The personal data in `text`, in order; what overlaps is one piece, of the kind that begins first."""
    normal = normal_text(text)
    plain = normal.text
    found = [*_emails(plain), *_ids(plain), *_phones(plain), *_addresses(plain), *_persons(plain)]
    kept: list[PersonalDatum] = []
    for datum in sorted(found, key=lambda datum: (datum.start, -datum.end)):
        start, end = normal.original(datum.start, datum.end)
        if not kept or start >= kept[-1].end:
            kept.append(datum._replace(start=start, end=end))
        else:
            certain = kept[-1].certain or datum.certain
            kept[-1] = kept[-1]._replace(end=max(end, kept[-1].end), certain=certain)
    return tuple(kept)


def redacted(text: str, *, keep: Iterable[tuple[int, int]] = ()) -> str:
    """`text` with every piece of personal data replaced by what it was, but for people named inside a span of `keep`.

    Those are for a reviewer to accept; an address, a number or a private detail stays nowhere.
    """
    kept = tuple(keep)
    text = _without(
        text,
        [
            datum
            for datum in personal_data(text)
            if datum.certain or not any(start <= datum.start and datum.end <= end for start, end in kept)
        ],
    )
    for _ in range(MAX_PASSES):
        # What stood beside a number that is gone can read as another one.
        certain = [datum for datum in personal_data(text) if datum.certain]
        if not certain:
            break
        text = _without(text, certain)
    return text


def _without(text: str, data: Iterable[PersonalDatum]) -> str:
    parts, at = [], 0
    for datum in data:
        parts += [text[at : datum.start], f"[{datum.kind} removed]"]
        at = datum.end
    return "".join((*parts, text[at:]))


def _emails(plain: str) -> Iterator[PersonalDatum]:
    if "@" not in plain and "at" not in plain:
        return
    for match in _EMAIL.finditer(plain):
        yield PersonalDatum("e-mail address", match.start(), match.end(), True)


def _phones(plain: str) -> Iterator[PersonalDatum]:
    at = 0
    while (match := _PHONE.search(plain, at)) is not None:
        announced = _PHONE_WORD.search(plain[max(0, match.start() - 40) : match.start()]) is not None
        end = next((end for end in _ends(match) if _looks_dialled(plain[match.start() : end], announced)), None)
        at = match.end() if end is None else end
        if end is not None:
            yield PersonalDatum("telephone number", match.start(), end, True)


def _ends(match: re.Match[str]) -> Iterator[int]:
    """Where a run of digits may end as one number: at its end, else before one of its last blanks."""
    written = match[0].rstrip(" .-/(")
    while written:
        yield match.start() + len(written)
        written = written.rpartition(" ")[0].rstrip(" .-/(")


def _looks_dialled(written: str, announced: bool) -> bool:
    plain = written.removeprefix("(") if ")" not in written else written
    digits = sum(c.isdecimal() for c in plain)
    if not 7 <= digits <= 15 or any(shape.fullmatch(plain) for shape in (_YEARS, _GROUPED)):
        return False
    return announced or (digits >= 8 and _PHONE_SHAPE.match(plain) is not None and _is_phone(plain))


@lru_cache(maxsize=1024)
def _is_phone(written: str) -> bool:
    import phonenumbers

    regions = (None,) if written.startswith("+") else _REGIONS
    for region in regions:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return True
    return False


def _ids(plain: str) -> Iterator[PersonalDatum]:
    for pattern in (_SSN, _NINO):
        for match in pattern.finditer(plain):
            yield PersonalDatum("identity number", match.start(), match.end(), True)
    for match in _ID_WORD.finditer(plain):
        end = _ANNOUNCED.match(plain, match.end())
        if end is not None:
            yield PersonalDatum("identity number", match.end(), end.end(), True)
    for pattern, kinds in ((_ID_DIGITS, _DIGIT_IDS), (_ID_LETTERS, _LETTER_IDS), (_IBAN, ("iban",))):
        for match in pattern.finditer(plain):
            if any(shape.fullmatch(match[0]) for shape in (_GROUPED, _YEARS, _DECIMAL)):
                continue
            bare = match[0].isdecimal() and len(match[0]) < LEAST_BARE_ID
            if bare and _COUNTED.match(plain, match.end()):
                continue
            if any(_is_valid(kind, match[0]) for kind in kinds):
                yield PersonalDatum("identity number", match.start(), match.end(), True)


@lru_cache(maxsize=4096)
def _is_valid(kind: str, written: str) -> bool:
    valid: Callable[[str], bool] = import_module(f"stdnum.{kind}").is_valid
    if kind == "luhn":
        written = re.sub("[ ./-]", "", written)
        return len(written) >= LEAST_CARD and valid(written)
    return valid(written)


def _addresses(plain: str) -> Iterator[PersonalDatum]:
    for match in _ADDRESS.finditer(plain):
        yield PersonalDatum("home address", match.start(), match.end(), True)


def _persons(plain: str) -> Iterator[PersonalDatum]:
    for match in _PERSON.finditer(plain):
        start, end = match.start("given"), match.end("family")
        if match["family"].removesuffix("'s") in _NOT_FAMILY:
            continue
        after = plain[end : end + 100].partition(". ")[0]
        near = plain[max(0, start - 60) : start].rpartition(". ")[2]
        told = _TOLD_OF.match(after) is not None and _SPECIAL.search(after) is not None
        titled = _OCCUPATION.search(plain[max(0, start - 30) : start]) is not None
        if match["given"].lower() not in GIVEN_NAMES and not told and not titled:
            continue
        public = _PUBLIC.search(near + " " + after) is not None
        private = told or _PRIVATE.search(near + after) is not None
        if private or not public:
            yield PersonalDatum("private person", start, end, told or (private and not public))
