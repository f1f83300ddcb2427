"""Claims that turn the source round or speak of somebody else: direction, antonym, subject."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from evals.seeded.operators.vocabulary import ANTONYM, DIRECTION, sites, turned
from evals.seeded.sample import Sample
from evals.seeded.sources import World

_FIXED = re.compile(
    r"no longer|longer|more or|once more|more often|over time|over the|over \w+ (?:databases|months|years|"
    r"turns|several)|"
    r"set up|makes? up|made up|built up|up to date|up to|over several|under (?:Article|the|a|Annex|pressure|certain)|"
    r"according|the more|fall 20|in fall|what is more|over-|follow up|draw up|over sectors|over roles|over by|"
    r"took over|"
    r"over comparable|over generalists|over to|carr\w+ over|spread over|split \w+ over|the rest|over a|over 3 |"
    r"over one short|"
    r"over 12|over five roles|up model|with respect|as well|well as|first-|at first|same time|need to|with the help|"
    r"low-level|after all|in high|high-risk|the right|most of|most exposed|most tasks|the same|same (?:period|"
    r"year|way|agent)|"
    r"over data|a few|a new|more time|most likely|good result|first-time|at a lower|"
    r"same (?:report|analysis|study|survey|article|evaluation|measure|podcast|episode|file|piece|repository|"
    r"dbt|New|Post|CIO|OC)"
)
_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "junior": ("senior", "mid-career"), "Junior": ("Senior",), "senior": ("junior", "entry-level"), "young": ("older",),
    "younger": ("older",), "entry-level": ("senior-level", "management"), "Entry-level": ("Senior-level",),
    "experienced": ("newly trained", "inexperienced"), "beginners": ("veterans",), "employers": ("trade unions",),
    "executives": ("apprentices",), "software developers": ("accountants", "nurses", "hardware engineers", "lawyers"),
    "software engineers": ("civil engineers", "paralegals", "graphic designers"),
    "computer programmers": ("bookkeepers",),
    "machine learning engineers": ("network technicians", "web designers", "project managers"),
    "data engineers": ("data-entry clerks", "mechanical engineers", "sales staff"), "data teams": ("legal teams",),
    "developers": ("translators", "designers"), "engineers": ("salespeople", "lawyers"), "workers": ("managers",),
    "graduates": ("school leavers",), "computer science graduates": ("law graduates", "history graduates"),
    "computer science": ("philosophy", "mechanical engineering"),
    "AI experts": ("journalists", "members of parliament"),
    "software development": ("bookkeeping", "hardware design"), "customer service agents": ("sales representatives",),
    "support staff": ("sales staff",), "database administrators": ("system programmers",),
    "data engineering": ("accounting",),
    "machine learning": ("mechanical engineering", "web design"), "US": ("Canadian", "German", "UK"),
    "U.S.": ("British", "French"), "United States": ("United Kingdom", "European Union", "world"),
    "European Union": ("United States",), "EU": ("UK",), "worldwide": ("in Germany",),
    "tech postings": ("healthcare postings",), "tech job postings": ("retail job postings",),
    "HR tasks": ("legal tasks",),
    "project manager": ("lawyer",), "firms": ("public authorities",), "companies": ("universities", "hospitals"),
    "large enterprises": ("small businesses",), "Large enterprises": ("Small businesses",), "women": ("men",),
    "advanced economies": ("developing countries",), "containers": ("mainframes",), "GPU": ("CPU", "storage"),
    "GPUs": ("hard disks",), "Kubernetes clusters": ("mainframes",), "data pipelines": ("web shops",),
    "pipelines": ("websites",), "freelance projects": ("military projects",), "organisations": ("charities",),
    "median": ("minimum", "top"), "managers": ("trainees",), "customers": ("suppliers",), "cashiers": ("pilots",),
    "private-sector": ("public-sector",), "data scientists": ("chemists",),
    "wages": ("working hours",), "salary": ("bonus",), "employment": ("overtime", "job satisfaction"),
    "job postings": ("job cuts",),
}  # fmt: skip


def direction_flipped(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """Rose for fell, more for fewer, above for below."""
    del world
    return _turn(sample, DIRECTION, rng)


def antonym(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """A word of the claim by its opposite."""
    del world
    return _turn(sample, ANTONYM, rng)


def subject_changed(sample: Sample, rng: random.Random, world: World) -> Sample | None:
    """What was measured in one group is said of another one, which the sources do not mention."""
    del world
    found = [
        site for site in sites(sample.text, {k.lower(): v for k, v in _PEOPLE.items()})
        if site.group() in _PEOPLE and site.group() in sample.quotes
    ]  # fmt: skip
    if not found:
        return None
    site = rng.choice(found)
    new = [word for word in _PEOPLE[site.group()] if word.lower() not in sample.known.lower()]
    if not new:
        return None
    picked = rng.choice(new)
    changed = sample.saying(sample.text[: site.start()] + picked + sample.text[site.end() :])
    if sample.claim.proxy and site.group() in sample.claim.proxy:
        changed = changed.about(sample.claim.proxy.replace(site.group(), picked), horizon=sample.claim.horizon)
    return changed


def _turn(sample: Sample, pairs: Mapping[str, tuple[str, ...]], rng: random.Random) -> Sample | None:
    fixed = [span.span() for span in _FIXED.finditer(sample.text)]
    held = sample.quotes.lower()
    found = [
        site for site in sites(sample.text, pairs)
        if not any(start < site.end() and site.start() < end for start, end in fixed)
        and site.group().lower() in held
        and not _contrasted(sample.text, site, pairs) and not _titled(sample.text, site)
    ]  # fmt: skip
    return sample.saying(turned(sample.text, rng.choice(found), pairs, rng)) if found else None


def _contrasted(text: str, site: re.Match[str], pairs: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the opposite stands near by, so that the changed sentence would say the same or nothing."""
    near = text[max(0, site.start() - 30) : site.end() + 30].lower()
    return any(re.search(rf"\b{re.escape(word)}\b", near) for word in pairs[site.group().lower()])


def _titled(text: str, site: re.Match[str]) -> bool:
    """Whether a capital inside the sentence shows a name."""
    return site.start() > 0 and site.group()[0].isupper() and text[site.start() - 2] not in ".:"
