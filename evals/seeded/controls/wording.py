"""The same said in other words: synonyms, order, attribution, a shorter sentence, a longer quote."""

from __future__ import annotations

import random
import re

from agent.schemas.draft import Citation
from evals.seeded.figures import MONTHS
from evals.seeded.sample import Sample, stands_in
from evals.seeded.sentences import lower_first, sentences, without_stop
from evals.seeded.sources import World

_SAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\brose\b(?! sharply)", ("increased", "went up", "climbed")), (r"\bincreased\b", ("rose", "went up")),
    (r"\bfell\b", ("declined", "dropped", "went down")), (r"\bhad fallen\b", ("had declined", "had dropped")),
    (r"\bgrew\b", ("increased", "expanded")), (r"\bdropped\b", ("fell", "declined")),
    (r"\bgrow\b(?! fast)", ("increase", "expand")),
    (r"\bfirms\b", ("companies", "businesses")), (r"\bcompanies\b", ("firms", "businesses")),
    (r"\bjob postings\b", ("job ads", "advertised jobs")),
    (r"\bvacancies\b", ("open positions", "job openings")), (r"\bemployees\b", ("staff", "workers")),
    (r"\bsupport staff\b", ("support employees",)),
    (r"\babout (?=\d)", ("around ", "roughly ", "approximately ")), (r"\baround (?=\d)", ("about ", "roughly ")),
    (r"\broughly (?=[$\d])", ("about ", "around ")), (r"\bnearly (?=\d)", ("almost ",)),
    (r"\balmost (?=\d)", ("nearly ", "close to ")),
    (r"\bmore than (?=[$\d])", ("over ", "above ")), (r"\bover (?=[$\d])", ("more than ",)),
    (r"\bsays that\b", ("states that", "writes that")),
    (r"\breported\b(?= (?:in|on|that))", ("wrote", "stated")), (r"\bcompleted\b", ("finished",)),
    (r"\bfinished\b", ("completed",)),
    (r"\bU\.S\. (?=[a-z])", ("US ", "American ")), (r"\bUS (?=[a-z])", ("U.S. ", "American ")),
    (r"\bin the United States\b", ("in the US",)),
    (r"\bsalary\b", ("pay",)), (r"\bpay\b(?= (?:of|for|rose|is|only|growth))", ("compensation", "remuneration")),
    (r"\bartificial intelligence\b", ("AI",)), (r"\bAI\b(?= (?:tools|systems|models))", ("artificial intelligence",)),
    (r"\bshare of\b", ("proportion of",)),
    (r"\bbecause\b(?! of)", ("since", "as")), (r"\bwhile\b", ("whereas",)), (r"\bwhereas\b", ("while",)),
    (r"\bmachine learning\b", ("ML",)), (r"\bfewer jobs\b", ("a smaller number of jobs",)),
    (r"\bbegan to\b", ("started to",)),
    (r"\bneeds\b", ("requires",)), (r"\brequire\b", ("call for",)), (r"\bmust\b", ("have to",)),
    (r"\bhave to\b", ("must",)),
    (r"\bdismissed\b", ("laid off",)), (r"\bper year\b", ("a year", "annually")),
    (r"(?<=[\d%] )a year\b", ("per year", "annually")),
    (r"\bfaulty\b", ("defective",)), (r"\bmainly\b", ("chiefly", "primarily")),
    (r"\bshows that\b", ("indicates that",)), (r"\blargely\b", ("mostly",)),
    (r"\bhard to\b", ("difficult to",)), (r"\bexperienced staff\b", ("experienced employees",)),
    (r"\bdoes not\b", ("doesn't",)), (r"\bis not\b", ("isn't",)),
    (r"\bup from\b", ("an increase from",)), (r"\bdown from\b", ("a decrease from",)),
    (r"\bhelped\b", ("was useful",)), (r"\bexpects\b(?= that)", ("anticipates",)),
    (r"\bwages\b", ("pay",)), (r"\bopenings\b", ("vacancies",)),
)  # fmt: skip
_FRONT = re.compile(
    r"^(According to [^,]{4,90}|In [^,]*\b(?:results|run|survey|update|barometer|Handbook|study|trial|note|"
    r"report|experiments|"
    r"description|table|account)\b[^,]*), ([^;:]+)$"
)
_ASIDE = (
    re.compile(r", (?:which|who|whose|where) [^,.;:]{8,120}(?:,|(?=\.|$))"), re.compile(r"\s\([^()]{3,80}\)"),
    re.compile(r"; [^;]{15,}(?=\.$)"),
    re.compile(
        r", (?:with|given|made|measured|counting|namely|among them|such as|an? [a-z]+ (?:of|that|to)) "
        r"[^;.]{8,160}(?=\.$)"
    ),
    re.compile(r", (?:and|but|while|whereas|although|so that|so|yet) [^;]{15,}(?=\.$)"),
)  # fmt: skip
_SOURCED = re.compile(
    r"ccording to|report|says|writes|survey|study|note|paper|METR|BLS|EPI|index|page|article|states|document|account",
    re.IGNORECASE,
)


def synonyms(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """One or two words of the claim by others that mean the same here."""
    del world
    text, done = sample.text, 0
    for pattern, new in rng.sample(_SAME, len(_SAME)):
        found = re.search(pattern, text)
        if found and done < 2:
            text, done = text[: found.start()] + rng.choice(new) + text[found.end() :], done + 1
    return sample.saying(text[0].upper() + text[1:]) if done else None


def reordered(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A phrase at the front moves to the end."""
    del world, rng
    found = _FRONT.match(without_stop(sample.text))
    if (
        not found
        or len(found[2].split()) < 5
        or re.search(r"\b(?:its|their|this|these|such|those|they|it)\b", found[2])
        or re.search(r"\b(?:has|have|is|are|deployed)\b", found[1])
    ):
        return None
    if re.match(r"(?:a|an|and|published|as|by|read|with)\b", found[2]) or re.search(
        r"whereas|while|according", found[2]
    ):
        return None
    return sample.saying(f"{found[2][0].upper()}{found[2][1:]}, {lower_first(found[1])}.")


def attributed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The publisher or author of the cited passage is named in front."""
    del world
    meta = sample.cited[0].meta
    if _SOURCED.search(sample.text) or len({passage.article for passage in sample.cited}) > 1:
        return None
    who = meta.publisher.split(" (")[0]
    if who in sample.text or "," in who or who in ("arXiv", "DEV Community") or who.endswith("repository"):
        return None
    if meta.author and "," not in meta.author and rng.random() < 0.5:
        who = f"{meta.author} of {who}"
    text = lower_first(without_stop(sample.text))
    return sample.saying(
        rng.choice((f"According to {who}, {text}.", f"{who} says that {text}.", f"As {who} has it, {text}."))
    )


def dated(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The claim says when its source was published, as the metadata have it."""
    del world
    dates = {passage.meta.date for passage in sample.cited}
    date = next(iter(dates))
    if len(dates) > 1 or date == "unknown" or _SOURCED.search(sample.text):
        return None
    when = f"{MONTHS[int(date[5:7]) - 1]} {date[:4]}" if len(date) >= 7 else date
    who = sample.cited[0].meta.publisher.split(" (")[0]
    if who in sample.text or "," in who or who == "arXiv" or who.endswith("repository") or date[:4] in sample.text:
        return None
    text = lower_first(without_stop(sample.text))
    return sample.saying(rng.choice((f"{who} wrote in {when} that {text}.", f"As {who} reported in {when}, {text}.")))


def shortened(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """The claim without an aside or its last clause."""
    del world
    text = sample.text
    if text.count("(") or re.search(r"\b(?:not only|both|neither|either|between|less|more|only)\b", text):
        return None
    options = [text[: m.start()] + text[m.end() :] for pattern in _ASIDE for m in pattern.finditer(text)]
    options = [option for option in options if len(option.split()) >= 8]
    return sample.saying(rng.choice(options)) if options else None


def quote_longer(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A quote that takes in a neighbouring sentence, word for word, or leaves off its final stop."""
    del world
    number = rng.randrange(len(sample.claim.citations))
    citation = sample.claim.citations[number]
    text = sample.passages[citation.passage].text
    at = text.find(citation.quote)
    if at < 0:
        return None
    if rng.random() < 0.3:
        return sample.recite(number, quote=without_stop(citation.quote))
    around = [s for s in sentences(text) if citation.quote not in s and s not in citation.quote]
    for neighbour in rng.sample(around, len(around)):
        for joined in (f"{citation.quote} {neighbour}", f"{neighbour} {citation.quote}"):
            if joined in text and stands_in(joined, text):
                return sample.recite(number, quote=joined)
    return None


def another_quote(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A second true quote of the same passage stands beside the first."""
    del world
    passage = sample.cited[0]
    others = [s for s in sentences(passage.text) if s not in sample.quotes and 40 <= len(s) <= 400]
    if not others:
        return None
    return sample.citing(*sample.claim.citations, Citation(passage=passage.id, quote=rng.choice(others)))
