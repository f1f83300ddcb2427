"""An assessment as lines to move through: result, findings, then what is new at the gate, then everything else that
may be published. Outside text is cleaned and never read as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.text import Text

from agent.cli.drafts_reading import draft_lines
from agent.cli.lens_reading import lens_parts
from agent.cli.reading import COMMENTARY, STANCES
from agent.cli.wording import counted
from agent.publishing import words
from agent.publishing.answers import answers
from agent.review.comments import AnchoredComment
from agent.review.edit import frame_texts
from agent.review.parts import StandingPart
from agent.schemas.assessment import Assessment
from agent.schemas.draft import Claim
from agent.schemas.finding import Finding, Tier, Verdict
from agent.schemas.text import one_line
from agent.schemas.vocabulary import Gate

RECORD = "record"
"""The id of the line that records the changes."""
VERDICT_STYLE = {
    Verdict.FABRICATED: "bold red",
    Verdict.MISATTRIBUTED: "bold red",
    Verdict.UNSUPPORTED: "red",
    Verdict.REPAIRED: "yellow",
    Verdict.VERIFIED: "green",
    Verdict.JUDGEMENT: "dim",
}


@dataclass(frozen=True)
class Field:
    """Something of a line that can be edited."""

    name: str
    place: str
    """As the edit's document has it."""
    low: int | None = None
    """The least of a whole number; `None` for a text."""
    high: int | None = None
    unknown: bool = False
    """No number at all is allowed too."""

    @property
    def expected(self) -> str:
        """What it takes, in words."""
        return "text" if self.low is None else f"{self.low} to {self.high}{', or unknown' if self.unknown else ''}"


@dataclass(frozen=True)
class Item:
    """One line, or a heading that is passed over."""

    id: str
    text: Text
    heading: bool = False
    fields: tuple[Field, ...] = ()
    claim: str = ""
    """Path of the claim it shows or is about; empty for none."""
    finding: Finding | None = None
    part: str = ""
    """Place of the task or dimension that it shows or is a claim of; empty for none."""

    @property
    def about(self) -> str:
        """What a comment here is about: the claim, else the part; empty for the whole."""
        return self.claim or self.part


@dataclass(frozen=True)
class Marks:
    """What stands beside the content."""

    were: Mapping[str, str]
    """By place: what stood there before the changes that are not recorded."""
    remarks: Sequence[AnchoredComment] = ()
    parts: Sequence[StandingPart] = ()
    """Who accepted what."""


def items(content: Assessment, marks: Marks, changed: int = 0) -> tuple[Item, ...]:
    """Every line in order; `changed` is the number of changes that are not recorded."""
    return tuple(_items(content, marks, changed))


def _items(content: Assessment, marks: Marks, changed: int) -> Iterator[Item]:
    if changed:
        record = Text(f"Record edit: {counted(changed, 'change')}", style="bold")
        yield Item(RECORD, record.append("  enter asks once, then records", style="not bold"))
    yield from _result(content)
    yield from _findings(content)
    yield from _remarks(marks)
    new = [*_commentary(content, marks), *_lens(content, marks)]
    if content.gate is Gate.PUBLICATION:
        yield from new
    yield from _tasks(content, marks)
    yield from _dimensions(content, marks)
    yield from _frame(content, marks)
    yield from () if content.gate is Gate.PUBLICATION else new
    yield _heading(words.DRAFTS)
    yield Item("drafts", Text("\n".join(draft_lines(content))))
    made = content.provenance
    origin = "recorded answers of" if made.recorded else "drafted by"
    line = f"{origin} {one_line(made.model)}; policy {made.policy}; evidence as of {content.as_of}"
    yield Item("provenance", Text(line, style="dim"))


def _heading(title: str) -> Item:
    return Item(f"heading {title}", Text(title, style="bold underline"), heading=True)


def _result(content: Assessment) -> Iterator[Item]:
    result = content.result
    if result is None:
        return
    parts = ", ".join(f"{c.factor} {c.points:+.1f}" for c in result.contributions)
    line = Text(f"{parts} = {result.score:.1f}; {result.label_reason}")
    robust = result.robustness
    line.append(f"\nEach task score and E, B, G one step: {robust.joint_low:.1f} to {robust.joint_high:.1f}.")
    if result.unknown:
        named = ", ".join(name.value.replace("_", " ") for name in result.unknown)
        line.append(f"\nUnknown, entered as 0: {named}. With -1 to +1 each: ", style="bold")
        line.append(f"{result.unknown_low} to {result.unknown_high}.", style="bold")
    if content.override is not None:
        line.append(f"\nOverride: formula {result.formula_score:.1f}. {one_line(content.override.reason)}")
    yield Item("result", line)
    if content.gate is Gate.PUBLICATION:
        for at, (question, answer) in enumerate(answers(content)):
            yield Item(f"answer {at}", Text(f"{question} ", style="bold").append(answer, style="not bold"))


def _findings(content: Assessment) -> Iterator[Item]:
    guard, accepted = content.guard, {a.finding: a.reason for a in content.accepted}
    yield _heading(counted(len(guard.findings), "finding"))
    for finding in guard.findings:
        line = Text(finding.tier.value, style="bold red" if finding.tier is Tier.BLOCK else "bold yellow")
        line.append(f" {one_line(finding.id)}\n  {one_line(finding.message)}", style="none")
        if finding.id in accepted:
            line.append(f"\n  accepted: {one_line(accepted[finding.id])}", style="dim")
        yield Item(f"finding {finding.id}", line, claim=_claim_of(content, finding.path), finding=finding)


def _claim_of(content: Assessment, path: str) -> str:
    """The claim that a finding's path leads to or into; empty when it is about something else."""
    known = content.guard.verdicts
    return next((claim for claim in known if path == claim or path.startswith(f"{claim}.")), "")


def _remarks(marks: Marks) -> Iterator[Item]:
    """Comments on the whole, and those on what is gone."""
    loose = [one for one in marks.remarks if one.section is None]
    if loose:
        yield _heading("Comments")
    for one in loose:
        about = f" (on what is gone: {one_line(one.comment.claim)})" if one.fate == "gone" else ""
        yield Item(f"comment {one.comment.id}", remark_text(one, about))


def remark_text(one: AnchoredComment, about: str = "") -> Text:
    """A comment with who made it and when."""
    row = one.comment
    done = f", done by {one_line(row.resolved_by)}" if row.resolved_by else ""
    line = Text(f"{one_line(row.author)} {row.created_at[:16].replace('T', ' ')}{done}: ", style="bold")
    return line.append(f"{one_line(row.text)}{about}", style="not bold")


def _tasks(content: Assessment, marks: Marks) -> Iterator[Item]:
    yield _heading("Tasks: share of time, score 1 to 5, bucket")
    for at, task in enumerate(content.inputs.tasks):
        place = f"inputs.tasks.{at}"
        fields = (Field("score", f"{place}.score", 1, 5), Field("share", f"{place}.share", 1, 100))
        line = Text(f"{task.share:>3}%{_was(marks, fields[1])}  ", style="bold")
        line.append(f"{task.score}{_was(marks, fields[0])}  {task.bucket.value:<13} {one_line(task.name)}")
        yield _part(Item(place, line, fields=fields), marks, f"tasks.{task.id}")
        yield from _claims(content, marks, f"tasks.{at}.claims", task.claims, part=f"tasks.{task.id}")
    if content.inputs.reinstatement:
        yield _heading("New tasks that AI creates")
        yield from _claims(content, marks, "reinstatement", content.inputs.reinstatement)


def _dimensions(content: Assessment, marks: Marks) -> Iterator[Item]:
    inputs = content.inputs
    yield _heading("Evidence: -2 to +2")
    for evidence, title in words.EVIDENCE.items():
        if evidence in inputs.evidence:
            draft = inputs.evidence[evidence]
            field = Field("score", f"inputs.evidence.{evidence.value}.score", -2, 2, unknown=True)
            part = f"evidence.{evidence.value}"
            yield _part(_number(title, draft.score, field, marks, signed=True), marks, part)
            yield from _claims(content, marks, f"{part}.claims", draft.claims, part=part)
            if draft.gap is not None:
                yield _text_item("Missing", draft.gap, f"inputs.evidence.{evidence.value}.gap", marks)
    yield _heading("Barriers: 0 to 2")
    for barrier, title in words.BARRIERS.items():
        if barrier in inputs.barriers:
            field = Field("score", f"inputs.barriers.{barrier.value}.score", 0, 2)
            part = f"barriers.{barrier.value}"
            yield _part(_number(title, inputs.barriers[barrier].score, field, marks), marks, part)
            yield from _claims(content, marks, f"{part}.claims", inputs.barriers[barrier].claims, part=part)
    yield _heading("Protective principles: 0 to 3, shown and not scored")
    for principle, title in words.PRINCIPLES.items():
        if principle in inputs.principles:
            field = Field("score", f"inputs.principles.{principle.value}.score", 0, 3)
            part = f"principles.{principle.value}"
            yield _part(_number(title, inputs.principles[principle].score, field, marks), marks, part)
            yield from _claims(content, marks, f"{part}.claims", inputs.principles[principle].claims, part=part)
    yield _heading("Growth: -2 to +2")
    growth = inputs.growth
    field = Field("score", "inputs.growth.score", -2, 2)
    yield _part(_number("Growth", growth.score, field, marks, signed=True), marks, "growth")
    yield from _claims(content, marks, "growth.claims", growth.claims, part="growth")
    if inputs.gaps:
        yield _heading("What the drafts could not find")
    for at, gap in enumerate(inputs.gaps):
        yield _text_item("", gap, f"inputs.gaps.{at}", marks)


def _number(title: str, score: int | None, field: Field, marks: Marks, *, signed: bool = False) -> Item:
    shown = "unknown" if score is None else f"{score:+d}" if signed and score else str(score)
    return Item(field.place, Text(f"{shown:>7}{_was(marks, field)}  {title}", style="bold"), fields=(field,))


def _part(item: Item, marks: Marks, place: str) -> Item:
    """The line of a task or dimension with who accepted it, and how many comments are on it."""
    line = item.text.copy()
    accepted = [one_line(name) for part in marks.parts if part.place == place for name in part.accepted_by]
    if accepted:
        line.append(f"  accepted by {', '.join(accepted)}", style="green")
    said = sum(one.place == place and one.section is not None for one in marks.remarks)
    if said:
        line.append(f" {counted(said, 'comment')}", style="bold")
    return replace(item, text=line, part=place)


def _was(marks: Marks, field: Field) -> str:
    return f" (was {marks.were[field.place]})" if field.place in marks.were else ""


def _text_item(title: str, text: str, place: str, marks: Marks, *, editable: bool = True) -> Item:
    line = Text(f"{title}: " if title else "- ", style="bold").append(one_line(text), style="not bold")
    if place in marks.were:
        line.append(" [edited]", style="bold yellow")
    return Item(place, line, fields=(Field("text", place),) if editable else ())


def _frame(content: Assessment, marks: Marks) -> Iterator[Item]:
    yield _heading("Role")
    for place, text in frame_texts(content.role).items():
        title = place.removeprefix("frame.").replace("_", " ")
        yield _text_item(title, text, place, marks, editable=place not in ("frame.title", "frame.seniority"))


def _commentary(content: Assessment, marks: Marks) -> Iterator[Item]:
    if content.commentary is None:
        return
    yield _heading("Commentary")
    for name, title in COMMENTARY.items():
        claims = getattr(content.commentary, name)
        if claims:
            yield _heading(title)
            yield from _claims(content, marks, f"commentary.{name}", claims)


def _lens(content: Assessment, marks: Marks) -> Iterator[Item]:
    """The lens as it is printed, with its claims as lines of their own."""
    if content.lens is None:
        return
    groups = dict(content.lens.groups())
    paths = {id(claims): path for path, claims in groups.items()}
    for at, part in enumerate(lens_parts(content, lambda claims: paths.get(id(claims), ""))):
        if isinstance(part, Text):
            part.plain = part.plain.strip("\n")
            yield Item(f"lens {at}", part)
        elif part:
            yield from _claims(content, marks, str(part), groups[str(part)])


def _claims(content: Assessment, marks: Marks, path: str, claims: Iterable[Claim], *, part: str = "") -> Iterator[Item]:
    strongest = {p for pair in content.guard.opposed.values() for p in (pair.for_, pair.against)}
    said = Counter(one.place for one in marks.remarks if one.section is not None)
    for at, claim in enumerate(claims):
        place = f"{path}.{at}"
        yield Item(
            place,
            _claim_text(content, place, claim, marks, strong=place in strongest, remarks=said[place]),
            fields=(Field("text", f"{edit_place(place)}.text"),),
            claim=place,
            part=part,
        )


def _claim_text(content: Assessment, path: str, claim: Claim, marks: Marks, *, strong: bool, remarks: int) -> Text:
    verdict = content.guard.verdicts.get(path)
    line = Text("  - ")
    line.append(f"[{claim.kind.value if verdict is None else verdict.value}]", style=VERDICT_STYLE.get(verdict, ""))  # type: ignore[arg-type]
    line.append(f" {one_line(claim.text)} ")
    notes = [STANCES[claim.stance], *(["strongest on this side"] if strong else [])]
    notes += [f"proxy: {one_line(claim.proxy)}"] if claim.proxy else []
    notes += [f"horizon: {one_line(claim.horizon)}"] if claim.horizon else []
    line.append(f"({'; '.join(notes)})", style="dim")
    found = [f for f in content.guard.findings if f.path == path or f.path.startswith(f"{path}.")]
    if found:
        line.append(f" {counted(len(found), 'finding')}", style="bold yellow")
    if remarks:
        line.append(f" {counted(remarks, 'comment')}", style="bold")
    if f"{edit_place(path)}.text" in marks.were:
        line.append(" [edited]", style="bold yellow")
    return line


def edit_place(path: str) -> str:
    """Where the claim at a path stands in an edit's document."""
    return path if path.startswith(("commentary.", "lens.")) else f"inputs.{path}"
