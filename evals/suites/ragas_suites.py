"""RAGAS on the drafted sections and on the search: faithfulness, groundedness, context metrics, quoted spans.

Where RAGAS gives NaN, takes a rating that is none, or swallows an error, nothing was measured. Imports RAGAS when it
runs, in `quiet()`.
"""

from __future__ import annotations

import asyncio
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from agent.llm.recording import Recording
from agent.schemas.article import Passage
from agent.schemas.text import one_line
from evals.judges.judge import Asker, Judge
from evals.judges.quiet import quiet
from evals.judges.sheet import library_version, role_name
from evals.retrieval.judged import JudgedQuery
from evals.retrieval.metrics import recall
from evals.suites import controls
from evals.suites.cases import Case, Measured, Unmeasured, unasked, verdicts
from evals.suites.context import Context
from evals.suites.drafts import draft_of, repaired, sourced
from evals.suites.samples import QUESTIONS, Sample, section_samples, shown
from evals.suites.searching import DEPTH, Golden, golden
from evals.suites.verdict import Verdict

SUITE = "ragas"
QUERIES = ("q002", "q015", "q033", "q049", "q069", "q088")
"""Golden queries whose passages a judge is asked about: spread evenly over the first 108 with two to four golden
quotes, as the best RANKED passages can hold, and named here so that a further query asks no judge anew."""
RANKED = 4
"""Passages a judge is asked about one by one for context precision."""


def run(context: Context) -> Iterator[Verdict]:
    """See `evals.suites.context`. Raises InvalidInput for a recording of a role that cannot be read as drafts."""
    with quiet():
        judge = Judge(SUITE, context)
        yield from verdicts(SUITE, cases(context, judge), context, judge)


def cases(context: Context, judge: Judge) -> list[Case]:
    """Every case in printed order."""
    found = golden()
    return [
        *_faithfulness(context),
        *_groundedness(context),
        *_context_precision(found, judge),
        *_context_recall(found, judge),
        *_context_lexical(found),
        *_context_ids(found),
        *_quoted_spans(context),
    ]


def _version() -> str:
    return library_version("ragas")


def _judge(asker: Asker) -> Any:
    from evals.judges.adapters import RagasJudge

    return RagasJudge(asker)


def _scored(metric: Any, **fields: object) -> float:
    return float(asyncio.run(metric.ascore(**fields)).value)


def _of(metric: str, sample: Sample, measure: Callable[[Sample, Asker], Measured]) -> Case:
    return Case(
        metric=metric,
        name=sample.name,
        measure=partial(measure, sample),
        version=_version(),
        calls=2,
        recording=sample.recording,
        control=sample.recording is None,
    )


def _faithfulness(context: Context) -> Iterator[Case]:
    samples = section_samples(context.bundled, context.passages, tuple(QUESTIONS))
    yield from (_of("faithfulness", sample, _measure_faithfulness) for sample in (*samples, controls.BENT))


def _measure_faithfulness(sample: Sample, asker: Asker) -> Measured:
    from ragas.metrics.collections import Faithfulness
    from ragas.metrics.collections.faithfulness.util import NLIStatementOutput, StatementGeneratorOutput

    score = _scored(
        Faithfulness(llm=_judge(asker)),
        user_input=sample.question,
        response=sample.text,
        retrieved_contexts=list(sample.contexts),
    )
    stated = [s for answer in asker.answers if isinstance(answer, StatementGeneratorOutput) for s in answer.statements]
    judged = [s for answer in asker.answers if isinstance(answer, NLIStatementOutput) for s in answer.statements]
    if not stated:
        raise Unmeasured("the judge found no statement")
    if len(judged) != len(stated):
        raise Unmeasured(f"the judge gave {len(judged)} verdicts on {len(stated)} statements")
    _binary([one.verdict for one in judged])
    against = [f"{one.statement} ({one.reason})" for one in judged if not one.verdict]
    return Measured(score, f"{len(against)} of {len(judged)}: {'; '.join(against)}" if against else "")


def _groundedness(context: Context) -> Iterator[Case]:
    samples = section_samples(context.bundled, context.passages, tuple(QUESTIONS))
    yield from (_of("response_groundedness", sample, _measure_groundedness) for sample in (*samples, controls.BENT))


def _measure_groundedness(sample: Sample, asker: Asker) -> Measured:
    """RAGAS takes one judge's rating for both when the other failed; here both have to have rated."""
    from ragas.metrics.collections import ResponseGroundedness
    from ragas.metrics.collections.response_groundedness.util import ResponseGroundednessOutput

    # One try: the port has its own retries, and a replay gives the same again.
    metric = ResponseGroundedness(llm=_judge(asker), max_retries=1)
    score = _scored(metric, response=sample.text, retrieved_contexts=list(sample.contexts))
    ratings = [answer.rating for answer in asker.answers if isinstance(answer, ResponseGroundednessOutput)]
    if asker.errors:
        raise Unmeasured(asker.errors[0].message)
    if len(ratings) != 2 or any(rating not in (0, 1, 2) for rating in ratings):
        raise Unmeasured(f"the two judges gave the ratings {ratings}, expected two from 0 to 2")
    return Measured(score, "" if score == 1 else f"rated {ratings[0]} and {ratings[1]} of 2")


def _asked_about(golden: Golden) -> tuple[JudgedQuery, ...]:
    return tuple(query for query in golden.queries if query.id in QUERIES)


def _reference(golden: Golden, query: JudgedQuery) -> str:
    """The golden quotes of a query, as the answer that the passages have to give."""
    return "\n".join(one_line(quote) for quote in golden.quotes[query.id])


def _pinned(golden: Golden, judge: Judge, query: JudgedQuery, *, best: int = DEPTH) -> tuple[str, ...]:
    names = judge.pin(query.id, golden.found[query.id], best=best, corpus=golden.articles)
    return tuple(shown(golden.passages[name]) for name in names)


def _context_precision(golden: Golden, judge: Judge) -> Iterator[Case]:
    for query in _asked_about(golden):
        yield Case(
            metric="context_precision",
            name=f"{query.id} {query.text}",
            measure=partial(_precision_of, golden, judge, query),
            version=_version(),
            calls=RANKED,
        )
    yield Case(
        metric="context_precision",
        name="control: passages on something else",
        measure=partial(_measure_precision, controls.QUESTION, controls.REFERENCE, controls.UNRELATED),
        version=_version(),
        calls=len(controls.UNRELATED),
        control=True,
    )


def _precision_of(golden: Golden, judge: Judge, query: JudgedQuery, asker: Asker) -> Measured:
    ranked = _pinned(golden, judge, query, best=RANKED)
    return _measure_precision(query.text, _reference(golden, query), ranked, asker)


def _measure_precision(question: str, reference: str, contexts: Sequence[str], asker: Asker) -> Measured:
    from ragas.metrics.collections import ContextPrecisionWithReference

    score = _scored(
        ContextPrecisionWithReference(llm=_judge(asker)),
        user_input=question,
        reference=reference,
        retrieved_contexts=list(contexts),
    )
    found = [getattr(answer, "verdict", None) for answer in asker.answers]
    if len(found) != len(contexts):
        raise Unmeasured(f"the judge gave {len(found)} verdicts on {len(contexts)} passages")
    _binary(found)
    return Measured(score, f"useful in order of rank: {', '.join(map(str, found))}")


def _context_recall(golden: Golden, judge: Judge) -> Iterator[Case]:
    for query in _asked_about(golden):
        yield Case(
            metric="context_recall",
            name=f"{query.id} {query.text}",
            measure=partial(_recall_of, golden, judge, query),
            version=_version(),
            calls=1,
        )
    yield Case(
        metric="context_recall",
        name="control: passages on something else",
        measure=partial(_measure_recall, controls.QUESTION, controls.REFERENCE, controls.UNRELATED),
        version=_version(),
        calls=1,
        control=True,
    )


def _recall_of(golden: Golden, judge: Judge, query: JudgedQuery, asker: Asker) -> Measured:
    return _measure_recall(query.text, _reference(golden, query), _pinned(golden, judge, query), asker)


def _measure_recall(question: str, reference: str, contexts: Sequence[str], asker: Asker) -> Measured:
    from ragas.metrics.collections import ContextRecall

    score = _scored(
        ContextRecall(llm=_judge(asker)),
        user_input=question,
        reference=reference,
        retrieved_contexts=list(contexts),
    )
    judged = [one for answer in asker.answers for one in getattr(answer, "classifications", ())]
    if not judged:
        raise Unmeasured("the judge found no statement")
    _binary([one.attributed for one in judged])
    missing = [one.statement for one in judged if not one.attributed]
    return Measured(score, f"not in the passages: {'; '.join(missing)}" if missing else "")


def _legacy_score(metric: str, settings: Mapping[str, object] | None = None, **fields: object) -> float:
    """By a metric that RAGAS keeps in the module it means to remove; the exact version is pinned."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ragas.metrics
        from ragas.dataset_schema import SingleTurnSample

        measure = getattr(ragas.metrics, metric)(**(settings or {}))
    return float(asyncio.run(measure.single_turn_ascore(SingleTurnSample(**fields))))


def _mean(golden: Golden, measure: Callable[[JudgedQuery], float]) -> Measured:
    """Over all golden queries, each of which has to give a number."""
    values = [measure(query) for query in golden.queries]
    if not values:
        raise Unmeasured("there is no golden query")
    if any(map(math.isnan, values)):
        raise Unmeasured("a query gave NaN")
    return Measured(sum(values) / len(values), f"n = {len(values)}, best {DEPTH}")


LEXICAL = {
    "context_precision_lexical": ("NonLLMContextPrecisionWithReference", "distance_measure"),
    "context_recall_lexical": ("NonLLMContextRecall", "_distance_measure"),
}
ALIKE = 0.9
"""The share of a golden quote's words that a passage has to have to count as holding it."""


def _context_lexical(golden: Golden) -> Iterator[Case]:
    """By words: RAGAS's own measure of likeness needs a library of its own, and compares whole texts."""
    for name in LEXICAL:
        yield Case(
            metric=name,
            name="all golden queries",
            measure=unasked(partial(_mean, golden, partial(_lexical, golden, name))),
        )
        yield Case(
            metric=name,
            name="control: passages on something else",
            measure=unasked(partial(_lexical_control, name)),
            control=True,
        )


def _lexical(golden: Golden, name: str, query: JudgedQuery) -> float:
    found = [golden.passages[passage].text for passage in golden.found[query.id]]
    return _lexical_score(name, found, golden.quotes[query.id])


def _lexical_control(name: str) -> Measured:
    return Measured(_lexical_score(name, controls.UNRELATED, controls.REFERENCE.splitlines()))


def _lexical_score(name: str, found: Sequence[str], wanted: Sequence[str]) -> float:
    from evals.suites.word_overlap import WordOverlap

    metric, field = LEXICAL[name]
    settings = {field: WordOverlap(), "threshold": ALIKE}
    return _legacy_score(metric, settings, retrieved_contexts=list(found), reference_contexts=list(wanted))


IDS = {"id_context_precision": "IDBasedContextPrecision", "id_context_recall": "IDBasedContextRecall"}


def _context_ids(golden: Golden) -> Iterator[Case]:
    """By passage id, with our own arithmetic beside RAGAS's: where they differ, neither is believed."""
    for name, metric in IDS.items():
        yield Case(
            metric=name,
            name="all golden queries",
            measure=unasked(partial(_mean, golden, partial(_by_id, golden, metric))),
        )
        yield Case(
            metric=name,
            name="control: nothing that answers",
            measure=unasked(partial(_id_control, metric)),
            control=True,
        )


def _id_control(metric: str) -> Measured:
    return Measured(_legacy_score(metric, retrieved_context_ids=["p-x", "p-y"], reference_context_ids=["p-a"]))


def _by_id(golden: Golden, metric: str, query: JudgedQuery) -> float:
    found = list(golden.found[query.id])
    theirs = _legacy_score(metric, retrieved_context_ids=found, reference_context_ids=sorted(query.relevant))
    hits = query.relevant.intersection(found)
    ours = recall(found, query.relevant, at=DEPTH) if metric.endswith("Recall") else len(hits) / len(found)
    if abs(ours - theirs) > 1e-9:
        raise Unmeasured(f"{query.id}: RAGAS computes {theirs:g}, evals/retrieval/metrics.py {ours:g}")
    return ours


def _quoted_spans(context: Context) -> Iterator[Case]:
    for recording in context.recordings:
        yield Case(
            metric="quoted_spans",
            name=role_name(recording),
            measure=unasked(partial(_measure_quotes, recording, context.passages)),
            recording=recording,
        )
    yield Case(
        metric="quoted_spans",
        name="control: a quote with a changed word",
        measure=unasked(_quote_control),
        control=True,
    )


def _quote_control() -> Measured:
    return Measured(_aligned(["14% had doubled the number of their filing clerks"], controls.CONTEXTS[0]))


def _measure_quotes(recording: Recording, passages: Mapping[str, Passage]) -> Measured:
    """The share of citations whose quote stands in just the passage that it cites, as a page would print it."""
    draft = draft_of(recording)
    wrong, count = [], 0
    for claim in repaired(sourced(draft.claims()), passages):
        for citation in claim.citations:
            count += 1
            if citation.passage not in passages:
                wrong.append(f"{citation.passage} is gone")
            elif _aligned([citation.quote], passages[citation.passage].text) < 1:
                wrong.append(f"{citation.passage}: {citation.quote}")
    if not count:
        raise Unmeasured("there is no quote")
    return Measured(1 - len(wrong) / count, f"n = {count}" + (f"; {'; '.join(wrong)}" if wrong else ""))


def _aligned(quotes: Sequence[str], passage: str) -> float:
    """RAGAS's own score. An apostrophe ends a span there, so that a quote is looked for in pieces; one of which no
    piece has three words is compared whole by us, because RAGAS would let it pass unseen."""
    from ragas.metrics.collections import QuotedSpansAlignment
    from ragas.metrics.collections.quoted_spans.util import extract_quoted_spans

    response = "\n".join(f'"{one_line(quote)}"' for quote in quotes)
    if not extract_quoted_spans(response):
        return float(all(one_line(quote).casefold() in one_line(passage).casefold() for quote in quotes))
    return _scored(QuotedSpansAlignment(), response=response, retrieved_contexts=[passage])


def _binary(found: Sequence[object]) -> None:
    strange = [value for value in found if value not in (0, 1)]
    if strange:
        raise Unmeasured(f"the judge gave the verdict {strange[0]}, expected 0 or 1")
