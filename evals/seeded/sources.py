"""The source claims: every sourced claim of the recordings whose quotes stand, and sentences of the bundled corpus."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from agent.drafting.claims import ClaimWire, claim_from_wire
from agent.drafting.frame import FrameAnswer, frame_from_wire
from agent.evidence.read import article_files, read_articles
from agent.evidence.split import passages_of
from agent.llm.recording import Recording, load_recordings
from agent.schemas.article import Passage
from agent.schemas.draft import Citation, Claim, ClaimKind, RoleFrame, Stance
from agent.schemas.vocabulary import Section
from agent.shipped import shipped_path
from evals.seeded.sample import Sample, stands_in
from evals.seeded.sentences import sentences

DRAFTED = {"tasks", "evidence", "barriers", "growth", "commentary"}
PACK = 12
"""Passages in the pack of a claim that no recording drafted."""

_LEANING = re.compile(
    r"(It|They|He|She|That|This|These|Those|His|Her|Its|Their|Such|Both|Another|All|None|Neither|Others?|"
    r"Limits|Conflict|"
    r"Rates?|Those|There|Then|Later|Two|Some|Several|Results?|Four|Perfect|Priorities|Progress|Firms|Gains|"
    r"Churn|Hiring|"
    r"Scores|Fine-tuning|Daily|Standard|Well|A (?:second|remark|mixed)|An (?:earlier|internal)|So|Put|Of the|"
    r"The (?:same|other|authors?|engineers|agent|reason|first|second|person|case|cuts|latest|later|group|rule|"
    r"repository|"
    r"paper|study|article|item|summary|page|report|survey|index|figures?|data|duties|answers|sample|part|"
    r"term|exam|trial|tool|result|notes?|team|speaker|video|author's|experts|stated|stored|documentation|"
    r"directive|increase"
    r"|wider|outlook|occasion|precision|method|newest|models|difference|role|premium|demand|highest|text|piece|"
    r"surveys?)|"
    r"(?:In|On|At|By|For|After|Before|Within|Over|As|From|Under|With|To) (?:that|this|these|those|the same|it|"
    r"then|them|such|"
    r"see|both|causes?|entry|timing|levels|the (?:other|work|cause|part|table|memo|case|year|ordinary|project|tasks))|"
    r"Although|However|By (?:its|cause)|Employers projected|When (?:the index|that)|One (?:survey|year|"
    r"derivation|required)|"
    r"Weighted|Counted|Early in|Tables|Among very|Unlike|Success)\b"
)
_POPULATION = re.compile(
    r"(?:US |U\.S\. |junior |senior |experienced |mostly junior |young )?(?:machine learning engineers|data engineers|"
    r"software developers|software engineers|computer programmers|analytics engineers|computer science graduates|"
    r"database administrators(?: and architects)?|data teams|tech postings|tech job postings|entry-level hiring|"
    r"customer service agents|employees|executives|AI experts|truck drivers|workers|graduates|U\.S\. firms|"
    r"US employment|"
    r"companies|employers|organisations|developers|deployers|manufacturers|controllers)"
)


@dataclass(frozen=True)
class World:
    """Everything that operators and controls may draw from."""

    samples: tuple[Sample, ...]
    """Untouched source claims, one a source, sorted by source."""
    passages: Mapping[str, Passage]
    """The bundled corpus by passage id, in reading order."""


@lru_cache(maxsize=2)
def world(read_by: str | None = None) -> World:
    """The bundled corpus and recordings, read once a process; of the articles only those retrieved by `read_by`, a
    day, where one is given."""
    found = [one.article for one in read_articles(article_files([shipped_path("corpus")]))]
    articles = [article for article in found if read_by is None or article.meta.retrieved <= read_by]
    stored = {p.id: p for article in articles for p in passages_of(article)}
    recordings = load_recordings(shipped_path("recordings"))
    frames = {recording.role: _frame(recording) for recording in recordings}
    samples = [s for r in recordings for s in _recorded(r, frames[r.role], stored)]
    as_of = max(recording.as_of for recording in recordings)
    samples += _of_corpus(stored, tuple(frames[name] for name in sorted(frames)), as_of)
    by_source = {sample.source: sample for sample in reversed(samples)}
    return World(tuple(by_source[source] for source in sorted(by_source)), stored)


def is_recorded(sample: Sample) -> bool:
    """Whether a model wrote the source claim."""
    return sample.source.startswith("r-")


def _frame(recording: Recording) -> RoleFrame:
    wire = FrameAnswer.model_validate_json(_last(recording)["frame"])
    framed = frame_from_wire(wire, role=recording.role, seniority=recording.seniority)
    if framed.frame is None:
        raise ValueError(f"the recording of {recording.role} frames no role")
    return framed.frame


def _last(recording: Recording) -> dict[str, str]:
    """The last answer of each prompt to the draft that is reviewed, by the prompt's id."""
    return {answer.prompt.split("@")[0]: answer.text for answer in recording.answers if answer.sample == 0}


def _recorded(recording: Recording, frame: RoleFrame, stored: Mapping[str, Passage]) -> Iterator[Sample]:
    everything = frozenset(key for ids in recording.packs.values() for key in ids)
    for name, text in _last(recording).items():
        if name not in DRAFTED:
            continue
        for claim in _claims(json.loads(text)):
            if _holds(claim, stored):
                pack = frozenset(recording.packs.get(name, ())) or everything
                cited = frozenset(citation.passage for citation in claim.citations)
                source = _source("r", claim.text, claim.citations[0].quote)
                yield Sample(source, claim, Section(name), stored, pack | cited, frame, recording.as_of)


def _claims(node: object) -> Iterator[Claim]:
    if isinstance(node, dict):
        if "citations" in node:
            yield claim_from_wire(ClaimWire.model_validate(node))
        else:
            for child in node.values():
                yield from _claims(child)
    elif isinstance(node, list):
        for child in node:
            yield from _claims(child)


def _holds(claim: Claim, stored: Mapping[str, Passage]) -> bool:
    return bool(claim.citations) and all(
        c.passage in stored and stands_in(c.quote, stored[c.passage].text) for c in claim.citations
    )


def _of_corpus(stored: Mapping[str, Passage], frames: tuple[RoleFrame, ...], as_of: str) -> Iterator[Sample]:
    ids = list(stored)
    for at, passage in enumerate(stored.values()):
        for sentence in sentences(passage.text):
            if not 50 <= len(sentence) <= 420 or _LEANING.match(sentence) or "\n" in sentence:
                continue
            source = _source("c", sentence, passage.id)
            draw = int(source[2:], 16)
            around = [ids[(at + step * (3 + draw % 7)) % len(ids)] for step in range(PACK)]
            claim = Claim(
                text=sentence,
                kind=ClaimKind.SOURCED,
                stance=Stance.CONTEXT,
                proxy=_population(sentence, frame := frames[draw % len(frames)]),
                citations=(Citation(passage=passage.id, quote=sentence),),
            )
            section = (Section.EVIDENCE, Section.TASKS, Section.COMMENTARY, Section.GROWTH)[draw % 4]
            yield Sample(source, claim, section, stored, frozenset((passage.id, *around)), frame, as_of)


def _population(sentence: str, frame: RoleFrame) -> str | None:
    """Whom the sentence speaks of where that is not the role itself."""
    found = _POPULATION.search(sentence)
    own = {title.casefold().rstrip("s") for title in (frame.title, *frame.aliases)}
    return found.group() if found and found.group().casefold().rstrip("s") not in own else None


def _source(kind: str, *parts: str) -> str:
    return f"{kind}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"
