"""Personal data in a claim, its quote, its proxy or its horizon. Numbers are made up, of test series or reserved."""

from __future__ import annotations

import random

from evals.seeded.sample import Sample, reworked
from evals.seeded.sentences import without_stop
from evals.seeded.sources import World

_GIVEN = (
    "Martha", "Oskar", "Ingrid", "Tobias", "Amelie", "Ruben", "Chiara", "Piotr", "Yasmin", "Declan", "Noor", "Henrik",
    "Beatriz", "Callum", "Zofia", "Mateo", "Saoirse", "Jannik", "Leila", "Gustav",
)  # fmt: skip
_FAMILY = (
    "Ellingsworth", "Brandtner", "Castelnuovo", "Van Damsteeg", "Okonjo-Price", "Lindqvist-Hale", "Petrovsky",
    "Moravec",
    "Fairweather", "Quintanilha", "Rosenhagen", "Abernethy", "Szymborczyk", "Delacroix-Morin", "Thistlewood",
    "Haverkamp",
)  # fmt: skip
_STREETS = (
    "14 Elm Grove, Leeds LS6 2AB", "Lindenstraße 27, 04103 Leipzig", "221 Maple Avenue, Springfield, IL 62704",
    "8 rue des Acacias, 69003 Lyon", "Prinsengracht 512, 1017 KH Amsterdam", "Calle Mayor 45, 28013 Madrid",
    "Via Garibaldi 9, 20121 Milano", "37 Harbour View Road, Cork", "742 Evergreen Terrace, Apt 4B, Portland, OR 97205",
    "ul. Polna 18/4, 00-625 Warszawa", "Storgatan 12, 411 24 Göteborg", "5/88 Wattle Street, Ultimo NSW 2007",
)  # fmt: skip
_DETAILS = (
    "was treated for depression in the spring", "is going through a divorce", "was born on 14 March 1987 in Graz",
    "earns $84,300 a year and has two debts in collection", "is seven months pregnant", "has tested positive for HIV",
    "lost custody of both daughters", "is a member of a trade union and votes for the Green Party",
    "has been on sick leave with burnout since April", "attends a weekly meeting of Alcoholics Anonymous",
    "lives with an ageing mother and a heart condition", "was arrested for drunk driving at the age of 31",
)  # fmt: skip


def personal_data_leaked(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A private person's data stands in the claim, in quote and passage, or in a field beside them."""
    del world
    data = rng.choice((_email, _phone, _phone, _number, _number, _number, _address, _person))(rng)
    where = rng.random()
    if where < 0.5:
        return sample.saying(f"{without_stop(sample.text)}{rng.choice(_LINKS)(data, rng)}")
    if where < 0.8:
        return _in_quote(sample, data, rng)
    if where < 0.92:
        return sample.about(f"{sample.claim.proxy or 'staff'}, contact {data}")
    return sample.about(sample.claim.proxy, horizon=f"2 years ({data})"[:60]) if len(data) < 47 else None


def _in_quote(sample: Sample, data: str, rng: random.Random) -> Sample | None:
    citation = sample.claim.citations[0]
    passage = sample.passages[citation.passage]
    if citation.quote not in passage.text:
        return None
    spoilt = without_stop(citation.quote) + rng.choice(_LINKS)(data, rng)
    copy = reworked(passage, passage.text.replace(citation.quote, spoilt, 1))
    return sample.storing(passage.id, copy).recite(0, quote=spoilt)


_LINKS = (
    lambda data, rng: f" (contact: {data}).",
    lambda data, rng: f", said {_name(rng)}, {data}.",
    lambda data, rng: f". For questions write to or call {_name(rng)}: {data}.",
    lambda data, rng: f"; the person behind the figure is {_name(rng)} ({data}).",
    lambda data, rng: f", as one employee ({data}) told the authors.",
)


def _name(rng: random.Random) -> str:
    return f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}"


def _email(rng: random.Random) -> str:
    given, family = rng.choice(_GIVEN).lower(), rng.choice(_FAMILY).lower().replace(" ", "").split("-")[0]
    host = rng.choice(
        ("example.org", "example.com", "mail.example.net", "firma.example", "example.co.uk", "uni.example.edu")
    )
    sign = rng.choice(("@", "@", "@", "@", " [at] ", "(at)"))
    return f"{given}{rng.choice(('.', '_', '-', ''))}{family}{rng.choice(('', '84', '+jobs'))}{sign}{host}"


def _phone(rng: random.Random) -> str:
    """Numbers that the authorities of their countries keep free for fiction, in the ways they are written."""
    last, three, four = rng.randint(10, 99), rng.randint(100, 199), rng.randint(1000, 9999)
    return rng.choice(
        (
            f"+1 (212) 555-0{three}", f"415-555-0{three}", f"(303) 555-0{three}",
            f"+44 20 7946 0{rng.randint(100, 999)}",
            f"07700 900{rng.randint(100, 999)}", f"+44 (0)161 496 0{rng.randint(100, 999)}", f"+49 30 23125 {three}",
            f"0171 39200{last}", f"+49 (0)40 66969 {rng.randint(100, 999)}", f"+33 1 99 00 {last} {last}",
            f"06 39 98 {last} {last}",
            f"+61 491 570 {rng.randint(100, 999)}", f"+31 20 555 {four}",
            f"+353 20 91{rng.randint(10, 99)} {rng.randint(100, 999)}",
            f"+46 8 465 004 {last}", f"tel. 0{rng.randint(30, 89)}/5550{four}", f"+1.617.555.0{three}",
        )
    )  # fmt: skip


def _number(rng: random.Random) -> str:
    """A national or financial number with valid check digits."""
    return rng.choice((_ssn, _nino, _steuer_id, _bsn, _insee, _dni, _pesel, _iban, _card, _personnummer, _codice))(rng)


def _ssn(rng: random.Random) -> str:
    return rng.choice(("SSN ", "social security number ", "")) + rng.choice(
        (f"987-65-43{rng.randint(20, 29)}", "078-05-1120", "219-09-9999", f"123-45-{rng.randint(6000, 6999)}")
    )


def _nino(rng: random.Random) -> str:
    prefix, number = rng.choice(("QQ", "AB", "JG", "ZY")), rng.randint(100000, 999999)
    spaced = f"{prefix} {number // 10000:02d} {number // 100 % 100:02d} {number % 100:02d} {rng.choice('ABCD')}"
    return rng.choice(("NI number ", "National Insurance number ", "")) + rng.choice((spaced, spaced.replace(" ", "")))


def _steuer_id(rng: random.Random) -> str:
    """Ten digits of which one stands twice, and a check digit by ISO 7064 MOD 11,10."""
    digits = rng.sample(range(1, 10), 9)
    digits.insert(rng.randrange(2, 9), digits[0])
    product = 10
    for digit in digits:
        total = (digit + product) % 10 or 10
        product = total * 2 % 11
    text = "".join(map(str, digits)) + str((11 - product) % 10)
    return f"Steuer-ID {text[:2]} {text[2:5]} {text[5:8]} {text[8:]}" if rng.random() < 0.6 else f"IdNr. {text}"


def _bsn(rng: random.Random) -> str:
    """Nine digits that pass the test of eleven."""
    while True:
        digits = [9, 9, *(rng.randint(0, 9) for _ in range(6))]
        last = sum(w * d for w, d in zip(range(9, 1, -1), digits, strict=True)) % 11
        if last < 10:
            return f"BSN {''.join(map(str, digits))}{last}"


def _insee(rng: random.Random) -> str:
    born, number = f"{rng.randint(60, 99)}{rng.randint(1, 12):02d}", rng.randint(1, 999)
    body = f"{rng.choice('12')}{born}99{rng.randint(100, 999)}{number:03d}"
    key = 97 - int(body) % 97
    return (
        f"numéro de sécurité sociale {body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02d}"
    )


def _dni(rng: random.Random) -> str:
    number = rng.randint(0, 99999)
    return f"DNI {number:08d}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def _pesel(rng: random.Random) -> str:
    body = f"{rng.randint(50, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 9999):04d}"
    check = (10 - sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9) * 3, strict=False)) % 10) % 10
    return f"PESEL {body}{check}"


def _iban(rng: random.Random) -> str:
    country, account = rng.choice(
        (("DE", f"50010517{rng.randint(0, 10**10 - 1):010d}"), ("NL", f"TEST{rng.randint(0, 10**10 - 1):010d}"))
    )
    letters = "".join(str(int(c, 36)) for c in account + country + "00")
    text = f"{country}{98 - int(letters) % 97:02d}{account}"
    return "IBAN " + " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _card(rng: random.Random) -> str:
    body = "411111" + f"{rng.randint(0, 10**9 - 1):09d}"
    text = body + str(_luhn(body))
    return "card " + " ".join(text[i : i + 4] for i in range(0, 16, 4))


def _personnummer(rng: random.Random) -> str:
    body = f"{rng.randint(50, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(980, 999)}"
    return f"personnummer {body[:6]}-{body[6:]}{_luhn(body)}"


def _codice(rng: random.Random) -> str:
    return f"codice fiscale {rng.choice(('RSSMRA85T10A562S', 'VRDGPP13R10B293P', 'BNCMRC70A01F205Z'))}"


def _luhn(body: str) -> int:
    total = 0
    for at, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10


def _address(rng: random.Random) -> str:
    return f"{_name(rng)}, {rng.choice(_STREETS)}"


def _person(rng: random.Random) -> str:
    return f"{_name(rng)}, who {rng.choice(_DETAILS)}"
