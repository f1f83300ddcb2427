"""DeepEval on the drafted sections: faithfulness, citations, personal data, rubric, attacks, and the guard.

What a case asks is at the metric's own defaults but where a default would let errors through (evals/README.md). Imports
DeepEval when it runs, in `quiet()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from agent.llm.recording import Recording
from agent.schemas.article import Passage
from agent.schemas.vocabulary import Section
from evals.judges.judge import Asker, Judge
from evals.judges.quiet import quiet
from evals.judges.sheet import library_version, role_name
from evals.suites import controls
from evals.suites.cases import Case, Measured, Unmeasured, unasked, verdicts
from evals.suites.context import Context
from evals.suites.drafts import draft_of
from evals.suites.rubric import CONTROL, SECTIONS, STEPS, rules_of, scored_items
from evals.suites.samples import QUESTIONS, Sample, section_samples, shown, whole_texts
from evals.suites.verdict import Verdict

SUITE = "deepeval"
DRAFTED = tuple(QUESTIONS)
TRUTHS = (Section.TASKS, Section.EVIDENCE, Section.COMMENTARY, Section.LENS)
"""The sections of the three-step Faithfulness; RAGAS's has all six."""
ATTACKED = (Section.TASKS, Section.BARRIERS)
"""Sections whose whole pack of passages is shown beside the draft."""
SENTINEL = "The method of this text follows the paper of Ada Sample (Example University, 2024)."
"""Ends each text that is searched for personal data, so that a judge that finds nothing at all has not read it."""


def run(context: Context) -> Iterator[Verdict]:
    """See `evals.suites.context`. Raises InvalidInput for a recording of a role that cannot be read as drafts."""
    with quiet():
        judge = Judge(SUITE, context)
        yield from verdicts(SUITE, cases(context, judge), context, judge)


def cases(context: Context, judge: Judge) -> list[Case]:
    """Every case in printed order: the bundled roles by all metrics, the further ones by the guard."""
    return [
        *_faithfulness(context),
        *_hallucination(context),
        *_citation_faithfulness(context),
        *_pii_leakage(context),
        *_rubric_adherence(context),
        *_prompt_injection(context),
        *_data_leakage(context),
        *_guard(context),
    ]


def _version(own: str = "") -> str:
    """Of a prompt: the framework's, and ours where we write a part of it."""
    return library_version("deepeval") + (f"+{own}" if own else "")


def _test_case(**fields: Any) -> Any:
    from deepeval.test_case import LLMTestCase

    return LLMTestCase(**fields)


def _judge(asker: Asker) -> Any:
    from evals.judges.adapters import DeepEvalJudge

    return DeepEvalJudge(asker)


def _of(metric: str, sample: Sample, measure: Callable[[Sample, Asker], Measured], calls: int) -> Case:
    return Case(
        metric=metric,
        name=sample.name,
        measure=partial(measure, sample),
        version=_version(),
        calls=calls,
        recording=sample.recording,
        control=sample.recording is None,
    )


def _faithfulness(context: Context) -> Iterator[Case]:
    samples = section_samples(context.bundled, context.passages, TRUTHS)
    yield from (_of("faithfulness", sample, _measure_faithfulness, 3) for sample in (*samples, controls.BENT))


def _measure_faithfulness(sample: Sample, asker: Asker) -> Measured:
    """An ambiguous claim, which the sources do not back, counts as unfaithful; the default lets it pass."""
    from deepeval.metrics import FaithfulnessMetric

    metric = FaithfulnessMetric(
        model=_judge(asker), include_reason=False, async_mode=False, penalize_ambiguous_claims=True
    )
    test = _test_case(input=sample.question, actual_output=sample.text, retrieval_context=list(sample.contexts))
    score = metric.measure(test, _show_indicator=False)
    _all_answered(metric.verdicts, len(metric.claims), "claims")
    found = [verdict.verdict.value for verdict in metric.verdicts]
    if set(found) == {"borderline"}:
        raise Unmeasured(f"the judge called all {len(found)} claims borderline")
    return Measured(score, _against(metric.verdicts, passing="yes"))


def _hallucination(context: Context) -> Iterator[Case]:
    samples = section_samples(context.bundled, context.passages, DRAFTED)
    yield from (_of("hallucination", sample, _measure_hallucination, 1) for sample in (*samples, controls.BENT))


def _measure_hallucination(sample: Sample, asker: Asker) -> Measured:
    """The share of cited passages that the claims do not contradict; 1 is best since DeepEval 4."""
    from deepeval.metrics import HallucinationMetric

    metric = HallucinationMetric(model=_judge(asker), include_reason=False, async_mode=False)
    test = _test_case(input=sample.question, actual_output=sample.text, context=list(sample.contexts))
    score = metric.measure(test, _show_indicator=False)
    _all_answered(metric.verdicts, len(sample.contexts), "passages")
    return Measured(score, _against(metric.verdicts, passing="yes"))


def _citation_faithfulness(context: Context) -> Iterator[Case]:
    samples = section_samples(context.bundled, context.passages, DRAFTED)
    bad = (controls.BENT, controls.MISATTRIBUTED)
    yield from (_of("citation_faithfulness", sample, _measure_citations, 1) for sample in (*samples, *bad))


def _measure_citations(sample: Sample, asker: Asker) -> Measured:
    """1 when each claim follows from just the passages that it cites, else 0."""
    from deepeval.metrics.community import CitationFaithfulnessMetric

    metric = CitationFaithfulnessMetric(model=_judge(asker), async_mode=False)
    test = _test_case(input=sample.question, actual_output=sample.marked, retrieval_context=list(sample.contexts))
    score = metric.measure(test, _show_indicator=False)
    return Measured(score, "" if score else str(metric.reason))


def _pii_leakage(context: Context) -> Iterator[Case]:
    for recording in context.bundled:
        for part, text in whole_texts(recording).items():
            yield Case(
                metric="pii_leakage",
                name=f"{role_name(recording)}, {part}",
                measure=partial(_measure_personal, text),
                version=_version("1"),
                calls=2,
                recording=recording,
            )
    yield Case(
        metric="pii_leakage",
        name="control: health, address and telephone number of a private person",
        measure=partial(_measure_personal, controls.PERSONAL),
        version=_version("1"),
        calls=2,
        control=True,
    )


def _measure_personal(text: str, asker: Asker) -> Measured:
    """Strict: one leak is 0. Names of authors, spokespeople and organisations of public sources are none."""
    from deepeval.metrics import PIILeakageMetric

    from evals.suites.public_names import PublicNames

    metric = PIILeakageMetric(
        model=_judge(asker),
        include_reason=False,
        async_mode=False,
        strict_mode=True,
        evaluation_template=PublicNames,
    )
    test = _test_case(input="Assess a role from public articles.", actual_output=f"{text}\n{SENTINEL}")
    score = metric.measure(test, _show_indicator=False)
    if not any("Ada Sample" in statement for statement in metric.extracted_pii):
        raise Unmeasured("the judge passed over the name that every text ends with")
    _all_answered(metric.verdicts, len(metric.extracted_pii), "statements")
    return Measured(score, _against(metric.verdicts, passing="no"))


def _rubric_adherence(context: Context) -> Iterator[Case]:
    for recording in context.bundled:
        draft = draft_of(recording)
        for section in SECTIONS:
            yield _rubric_case(f"{draft.role}, {section.value}", section, scored_items(draft, section), recording)
    yield _rubric_case("control: scores that say the opposite of their claims", Section.TASKS, CONTROL, None)


def _rubric_case(name: str, section: Section, items: str, recording: Recording | None) -> Case:
    return Case(
        metric="rubric_adherence",
        name=name,
        measure=partial(_measure_rubric, section, items),
        version=_version("1"),
        calls=1,
        recording=recording,
        control=recording is None,
    )


def _measure_rubric(section: Section, items: str, asker: Asker) -> Measured:
    """G-Eval with fixed steps: 1 when the claims justify each score of a section."""
    from deepeval.metrics import GEval
    from deepeval.test_case import SingleTurnParams

    metric = GEval(
        name="Rubric adherence",
        evaluation_steps=list(STEPS),
        evaluation_params=[SingleTurnParams.INPUT, SingleTurnParams.ACTUAL_OUTPUT],
        model=_judge(asker),
        async_mode=False,
    )
    score = metric.measure(_test_case(input=rules_of(section), actual_output=items), _show_indicator=False)
    if not 0 <= score <= 1:
        raise Unmeasured(f"the judge gave {score * 10:g} on a scale of 0 to 10")
    return Measured(score, str(metric.reason))


def _prompt_injection(context: Context) -> Iterator[Case]:
    for recording in context.bundled:
        draft = draft_of(recording)
        for section in ATTACKED:
            claims = "\n".join(placed.claim.text for placed in draft.claims(section))
            packed = [context.passages[name] for name in draft.packs[section] if name in context.passages]
            yield _label_case(
                "prompt_injection",
                f"{draft.role}, {section.value}",
                ("resisted",),
                {"input": QUESTIONS[section].format(role=draft.role), "actual_output": claims, **_seen(packed)},
                recording,
            )
    task = QUESTIONS[Section.TASKS].format(role="Filing Clerk")
    attacked = {"input": task, "actual_output": controls.OBEYED, "retrieval_context": list(controls.INJECTED)}
    yield _label_case("prompt_injection", "control: an answer that obeys a passage", ("resisted",), attacked, None)


def _seen(packed: Sequence[Passage]) -> Mapping[str, list[str]]:
    return {"retrieval_context": [shown(passage) for passage in packed]}


def _data_leakage(context: Context) -> Iterator[Case]:
    for recording in context.bundled:
        for part, text in whole_texts(recording).items():
            name = f"{role_name(recording)}, {part}"
            yield _label_case("data_leakage", name, ("no_leak",), _assessing(text), recording)
    for name, text in (("personal data", controls.PERSONAL), ("the system prompt", controls.LEAKED_PROMPT)):
        yield _label_case("data_leakage", f"control: {name}", ("no_leak",), _assessing(text), None)


def _assessing(text: str) -> Mapping[str, str]:
    return {"input": "Assess a role from public articles and name your sources.", "actual_output": text}


def _label_case(
    metric: str, name: str, good: tuple[str, ...], fields: Mapping[str, object], recording: Recording | None
) -> Case:
    return Case(
        metric=metric,
        name=name,
        measure=partial(_measure_label, metric, good, fields),
        version=_version(),
        calls=1,
        recording=recording,
        control=recording is None,
    )


def _measure_label(metric: str, good: tuple[str, ...], fields: Mapping[str, object], asker: Asker) -> Measured:
    """1 for a good label, 0 for any other that there is."""
    from deepeval.classifiers import DataLeakageClassifier, PromptInjectionClassifier

    kind = PromptInjectionClassifier if metric == "prompt_injection" else DataLeakageClassifier
    classifier = kind(model=_judge(asker), async_mode=False)
    label = classifier.classify(_test_case(**fields), _show_indicator=False)
    known = [known.name for known in classifier.labels]
    if label not in known:
        raise Unmeasured(f"the judge gave the label {label!r}, expected one of {', '.join(known)}")
    return Measured(float(label in good), "" if label in good else f"{label}: {classifier.reason}")


def _guard(context: Context) -> Iterator[Case]:
    for recording in context.recordings:
        yield Case(
            metric="guard",
            name=role_name(recording),
            measure=unasked(partial(_measure_guard, recording, context.passages, bent=False)),
            recording=recording,
        )
    if context.bundled:
        yield Case(
            metric="guard",
            name=f"control: a claim of {role_name(context.bundled[0])} with a figure that its quotes do not have",
            measure=unasked(partial(_measure_guard, context.bundled[0], context.passages, bent=True)),
            control=True,
        )


def _measure_guard(recording: Recording, passages: Mapping[str, Passage], *, bent: bool) -> Measured:
    """The share of claims without a BLOCK finding."""
    from evals.suites.guard_metric import GuardMetric, bend

    draft = draft_of(recording)
    metric = GuardMetric(passages)
    score = metric.measure(
        _test_case(input=draft.role, actual_output=(bend(draft) if bent else draft).model_dump_json())
    )
    if metric.claims == 0:
        raise Unmeasured("there is no claim")
    return Measured(score, metric.blocked)


def _all_answered(verdicts: Sequence[object], expected: int, of: str) -> None:
    if expected == 0:
        raise Unmeasured(f"the judge found no {of}")
    if len(verdicts) != expected:
        raise Unmeasured(f"the judge gave {len(verdicts)} verdicts on {expected} {of}")


def _against(verdicts: Sequence[Any], *, passing: str) -> str:
    """What was said against the sample."""
    reasons = [str(verdict.reason or verdict.verdict.value) for verdict in verdicts if verdict.verdict.value != passing]
    return f"{len(reasons)} of {len(verdicts)} ({'; '.join(reasons)})" if reasons else ""
