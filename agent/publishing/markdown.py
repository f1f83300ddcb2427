"""The page as Markdown. Every piece of outside text goes through `escaped`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agent.publishing.citations import CitationView, ClaimView
from agent.publishing.drafts import DraftsView
from agent.publishing.lens_view import LensView, Titled
from agent.publishing.view import DimensionView, PageView, RatedView
from agent.publishing.words import (
    DEFAULTS,
    DRAFTS,
    GAPS,
    GAPS_NOTE,
    GATES,
    INTERESTED,
    LENS,
    LENS_NOTE,
    LENS_REREADS,
    METHOD_NAME,
    METHOD_PAGE,
    METHOD_PUBLISHER,
    NONE_AGAINST,
    NOT_THEIRS,
    OLD,
    ROUNDING,
    SIGNS,
    STANCES,
    STRONGEST,
    TERMS,
    WATCH,
    ZONES,
    levels,
)
from agent.schemas.draft import Stance
from agent.schemas.text import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+|~!&$^=-])")


def escaped(text: str) -> str:
    """`text` on one line with every character that Markdown or HTML could read as markup escaped."""
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", _SPECIAL.sub(r"\\\1", one_line(text)))


def markdown(page: PageView) -> str:
    """The whole page, ending in one newline."""
    parts = [_top, _role, _tasks, _evidence, _ratings, _composite, _robustness, _watch, _commentary]
    parts += [_lens, _sources, _record, _method]
    lines = [line for part in parts for line in part(page)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _top(page: PageView) -> Iterator[str]:
    role, result = page.assessment.role, page.result
    yield f"# {escaped(role.title)} ({escaped(role.seniority)}): {result.score:.1f}, {result.label}"
    yield ""
    yield f"{escaped(page.byline)}\n"
    yield f"**{result.score:.1f} of 100. {result.label}.** {result.robustness.verdict} {page.distance}"
    yield f"\n0 at risk, 100 protected. {page.joint}"
    if page.override:
        yield f"\nThe formula score is {result.formula_score:.1f}; a reviewer moved it by {page.override.by}."
    if result.unknown_low is not None and result.unknown_high is not None:
        span = f"{result.unknown_low:.1f} to {result.unknown_high:.1f}"
        yield f"\nWith the unknown evidence at −1 to +1 the score spans {span}."
    yield from (f"\n**{question}** {escaped(answer)}" for question, answer in page.answers)
    version = f"Version {page.record.version}. Revision `{_code(page.record.revision)}`"
    yield f"\nEvidence as of {page.assessment.as_of}. {version}."
    yield f"\n{page.basis} {STANCES}"
    yield from _section("Summary", _claims(page.summary)) if page.summary else ()


def _role(page: PageView) -> Iterator[str]:
    role = page.assessment.role
    yield from _section("The role", [escaped(role.function), ""])
    yield f"- Also called: {', '.join(map(escaped, role.aliases)) or 'no other title'}"
    proxies = (escaped(titles) + (f" *({escaped(known)})*" if known else "") for titles, known in page.proxies)
    yield f"- Named proxies: {'; '.join(proxies) or 'none'}"
    yield f"- Domain: {', '.join(map(escaped, role.tags)) or 'not given'}"
    yield f"- Experience: {escaped(role.experience)}"
    yield f"- Other levels ({levels(role.seniority_note)}): {escaped(role.seniority_note)}"
    for other in role.is_not:
        known = f" *({escaped(page.named[other.title])})*" if other.title in page.named else ""
        yield f"- Not {escaped(other.title)}: {escaped(other.difference)}{known}"


def _tasks(page: PageView) -> Iterator[str]:
    yield from _section("Tasks", [*_checked(page, "tasks"), "| Task | Share | Score | Bucket |", "|---|--:|--:|---|"])
    for task in page.tasks:
        yield f"| {escaped(task.name)} | {task.share}% | {task.score} of 5 | {task.bucket_words} |"
    split = ", ".join(f"{percent}% {name.lower()}" for _, name, percent in page.split)
    exposed = f"{page.result.share_at_3_plus}% on tasks that score 3 or more"
    yield f"\nOf the working time {split}; {exposed}. {page.task_basis}"
    for task in page.tasks:
        yield f"\n**{escaped(task.name)}**\n"
        yield from _claims(task.claims)
    if page.gaps:
        yield from _section(f"{GAPS}, {GAPS_NOTE}", (f"- {escaped(gap)}" for gap in page.gaps), 3)
    yield from _section(
        "New tasks that AI creates", _claims(page.reinstatement) if page.reinstatement else ["None found."], 3
    )


def _evidence(page: PageView) -> Iterator[str]:
    yield from _section(f"Evidence: {page.result.evidence:+d} of ±10", _checked(page, "evidence"))
    for dimension in page.evidence:
        yield from _dimension(dimension)


def _dimension(dimension: DimensionView) -> Iterator[str]:
    yield f"\n### {dimension.name}: {dimension.score}\n"
    if dimension.unknown:
        yield "No admissible claim was found; it enters as 0.\n"
    for stance, title, claims in dimension.sides:
        yield f"{title}:\n"
        yield from _claims(claims, tagged=False) if claims else [NONE_AGAINST[stance]]
        yield ""
    if dimension.gap:
        yield f"Gap: {escaped(dimension.gap)}"


def _checked(page: PageView, section: str) -> list[str]:
    return [f"{page.checked[section]}\n"] if page.checked.get(section) else []


def _ratings(page: PageView) -> Iterator[str]:
    yield from _section(f"Barriers: {page.result.barriers} of 10", _checked(page, "barriers"))
    for barrier in page.barriers:
        yield from _rated(barrier)
    yield from _section(f"Growth: {page.growth.score} of ±2", [*_checked(page, "growth"), *_claims(page.growth.claims)])
    yield from _section(f"Protective principles: {page.result.protective} of 9, shown only, no part of the score", ())
    for principle in page.principles:
        yield from _rated(principle)
    screen = page.result.quick_screen
    agrees = "agrees" if screen.agrees else "does not agree"
    yield f"\nQuick screen from principles and growth alone: {screen.expectation}. The final zone {agrees}."


def _rated(rated: RatedView) -> Iterator[str]:
    yield f"\n### {rated.name}: {rated.score} of {rated.top}\n"
    yield from _claims(rated.claims)


def _composite(page: PageView) -> Iterator[str]:
    result = page.result
    yield from _section("Composite", ["| Figure | Derivation |", "|---|---|"])
    yield from (f"| {escaped(line.name)} | {escaped(line.value)} |" for line in result.derivation)
    yield "\n| Contribution | Points | Unrounded |\n|---|--:|--:|"
    yield from (f"| {escaped(row.full)} | {row.value} | {row.detail} |" for row in page.contributions.rows)
    yield f"\nThe {ROUNDING}."
    yield f"\nLabel: {escaped(result.label_reason)}"
    if page.override is None:
        yield "\nOverride: none."
        return
    moved = f"{result.formula_score:.1f} by the formula, {result.score:.1f} by the reviewer ({page.override.by})"
    yield f"\nOverride: {moved}. {escaped(page.override.reason)}\n"
    yield from (_citation(citation) for citation in page.override.citations)


def _robustness(page: PageView) -> Iterator[str]:
    firm = page.result.robustness
    yield from _section("Robustness", [escaped(firm.verdict)])
    low, high = ZONES[firm.joint_low_zone], ZONES[firm.joint_high_zone]
    yield f"\n{page.joint} That is {low} and {high}."
    yield from _drafts(page.drafts)


def _drafts(drafts: DraftsView) -> Iterator[str]:
    yield from _section(DRAFTS, [escaped(" ".join(drafts.sentences))], 3)
    if drafts.drafts:
        yield "\n| Draft | Score | Label | Sub-scores |\n|--:|--:|---|---|"
        yield from (f"| {d.number} | {d.score} | {escaped(d.label)} | {d.parts} |" for d in drafts.drafts)
    if drafts.zones:
        shares = ", ".join(f"{name} {count} ({percent}%)" for _, name, count, percent in drafts.zones)
        yield f"\nDrafts in each zone: {shares} of {len(drafts.drafts)}."
    if drafts.spreads:
        yield "\n| Input | Drafts | Span | |\n|---|---|---|---|"
        for row in drafts.spreads:
            yield f"| {escaped(row.name)} | {', '.join(row.values)} | {row.span} | {row.mark} |"
    if drafts.agreed:
        yield f"\nOf {drafts.agreed} {'further ' if drafts.spreads else ''}figures all drafts say the same."
    yield from ("", *(f"- {escaped(line.name)}: {escaped(line.value)}" for line in drafts.defaults))


def _watch(page: PageView) -> Iterator[str]:
    yield from _section(WATCH, ())
    for line in page.watch.lines:
        signs = f" {SIGNS} {'; '.join(signal.text for signal in line.signals)}." if line.signals else ""
        yield f"- {escaped(line.sentence)}{signs}"
    if page.flips:
        yield from _section("Single steps that change the zone", ["| Step | Change | Score | Label |"], 3)
        yield "|---|---|--:|---|"
        yield from (f"| {escaped(f.input)} | {f.change} | {f.score} | {f.label} |" for f in page.flips)
    if page.watch.unknown:
        yield f"\n{escaped(page.watch.unknown.sentence)}"
    if page.watch.expiries:
        yield from _section(f"When the evidence grows old: {OLD}", (), 3)
        yield from (f"- {escaped(expiry.sentence)}" for expiry in page.watch.expiries)


def _commentary(page: PageView) -> Iterator[str]:
    if page.commentary:
        yield from _section("Commentary", _checked(page, "commentary"))
    for group in page.commentary:
        yield from _section(group.title, _claims(group.claims), 3)


def _lens(page: PageView) -> Iterator[str]:
    lens = page.lens
    if lens is None:
        return
    yield from _section(LENS, [f"*{LENS_NOTE}*\n", *_checked(page, "lens"), f"**{escaped(lens.verdict)}**"])
    if lens.result:
        yield f"\n{lens.distance} {escaped(lens.result.fragility)}"
    yield from _titled("Concept gate", lens.concept)
    if lens.tasks:
        yield from _lens_tasks(lens)
    yield from _titled("", lens.signals)
    if lens.changes or lens.same:
        yield from _section("What changes beside the tasks", [f"{lens.same}\n"] if lens.same else [], 3)
    for change in lens.changes:
        yield f"\n**{change.name}: {change.change}**\n"
        yield from _claims(change.claims)
    if lens.result:
        yield from _section("The score under the lens", ["| Figure | Derivation |", "|---|---|"], 3)
        yield from (f"| {escaped(line.name)} | {escaped(line.value)} |" for line in lens.result.derivation)
        yield from _section("Read more conservatively", [f"{LENS_REREADS}\n"], 3)
        yield "| Read anew | Inputs | Score | Zone |\n|---|---|--:|---|"
        yield from (f"| {r.name} | {r.point} | {r.score} | {r.zone_words} |" for r in lens.rereads)
    yield from _titled("", lens.impacts)


def _lens_tasks(lens: LensView) -> Iterator[str]:
    head = ["| Task | Share | Score | Bucket | Deployed tools |", "|---|--:|--:|---|---|"]
    yield from _section("Tasks, from the role as it is to the lens", head, 3)
    for task in lens.tasks:
        yield f"| {escaped(task.name)} | {task.share} | {task.score} | {task.bucket_words} | {escaped(task.tools)} |"
    if lens.split:
        yield f"\nOf the working time {', '.join(f'{percent}% {name.lower()}' for _, name, percent in lens.split)}."
    for task in lens.tasks:
        for title, claims in task.reasons:
            yield f"\n**{escaped(task.name)}: {title.lower()}**\n"
            yield from _claims(claims)


def _titled(title: str, groups: Titled) -> Iterator[str]:
    """Groups of claims, each under its own title; below one title, or as sections of their own."""
    if title and groups:
        yield from _section(title, (), 3)
    for group in groups:
        yield from _section(group.title, _claims(group.claims), 4 if title else 3)


def _sources(page: PageView) -> Iterator[str]:
    yield from _section("Sources", [page.basis, ""])
    for source in page.sources:
        title = f"[{escaped(source.title)}](<{_address(source.link)}>)" if source.link else escaped(source.title)
        author = f", {escaped(source.author)}" if source.author else ""
        interested = f"; {INTERESTED}" if source.interested else ""
        uses = page.shared.get(source.number, ())
        shared = f" Used for {len(uses)} inputs: {escaped(', '.join(uses))}." if uses else ""
        yield (
            f"- \\[{source.number}\\] {title}. {escaped(source.publisher)}{author}, {source.date}. Tier {source.tier}, "
            f"{source.tier_words}; {source.kind}{interested}. Read {source.retrieved}.{shared}"
        )


def _record(page: PageView) -> Iterator[str]:
    record = page.record
    yield from _section("Review record", ["| When | Gate | Decision | Reviewer | Channel | Revision | Reason |"])
    yield "|---|---|---|---|---|---|---|"
    for d in record.decisions:
        people = ", ".join(f"{escaped(person.reviewer)} ({escaped(person.auth)})" for person in d.people)
        channels = ", ".join(dict.fromkeys(escaped(person.channel) for person in d.people))
        yield (
            f"| {escaped(d.decided_at)} | {GATES[d.gate]} | {escaped(d.action)} | {people} | {channels} "
            f"| `{_code(d.revision)[:19]}` | {escaped(d.reason or '')} |"
        )
    draft = "none" if record.draft_score is None else f"{record.draft_score:.1f}"
    yield f"\nFirst draft {draft}, published {record.final_score:.1f}."
    yield from (f"- {escaped(edit)}" for edit in record.edits)
    if page.refreshed:
        yield from (f"\n{escaped(page.refreshed[0])}", "", *(f"- {escaped(why)}" for why in page.refreshed[1:]))
    yield from _section("Weak points accepted by a reviewer", () if page.accepted else ["None."], 3)
    for accepted in page.accepted:
        where = f"`{_code(accepted.code)}` at `{_code(accepted.place)}`"
        yield f"- {where}: {escaped(accepted.message)} Accepted: {escaped(accepted.reason)}"


def _method(page: PageView) -> Iterator[str]:
    made = page.assessment.provenance
    cited = (
        f" The publisher of the method is also a cited source, \\[{page.method_cited}\\]." if page.method_cited else ""
    )
    origin = f"The {METHOD_NAME} was published by [{METHOD_PUBLISHER}](<{METHOD_PAGE}>). {NOT_THEIRS}{cited}"
    yield from _section("Method and versions", [origin, ""])
    yield from (f"- {line}" for line in TERMS)
    yield f"- Policy {escaped(made.policy)}; corpus `{_code(made.corpus)}`; embedding `{_code(made.embedding)}`"
    answers = "replayed from recordings" if made.recorded else "given live"
    yield f"- Model {escaped(made.model)}; its answers were {answers}"
    yield f"- Prompts: {', '.join(f'{escaped(str(name))} {escaped(v)}' for name, v in made.prompts.items())}"
    guard = page.assessment.guard
    yield f"- Guard: quotes and figures matched in {guard.verified} sourced claims; {guard.judgement} judgements"
    usage = page.record.usage
    yield f"- {usage.calls} answers, {usage.input_tokens} tokens in, {usage.output_tokens} tokens out"
    yield from _section(DEFAULTS, (), 3)
    yield from (f"- {escaped(line.name)}: {escaped(line.value)}" for line in page.result.defaults)
    yield from _section("What a score is not", [f"- {line}" for line in page.not_a_score], 3)


def _section(title: str, body: Iterable[str], level: int = 2) -> Iterator[str]:
    yield f"\n{'#' * level} {title}\n"
    yield from body


def _claims(claims: Iterable[ClaimView], *, tagged: bool = True) -> Iterator[str]:
    for claim in claims:
        notes = [claim.stance] if tagged and claim.stance != Stance.CONTEXT else []
        notes += ["judgement"] if claim.judgement else [claim.verdict] if claim.verdict else []
        notes += [STRONGEST] if claim.strongest else []
        notes += [f"proxy: {escaped(claim.proxy)}"] if claim.proxy else []
        notes += [f"horizon: {escaped(claim.horizon)}, our judgement"] if claim.horizon else []
        yield f"- {escaped(claim.text)}" + (f" *({'; '.join(notes)})*" if notes else "")
        yield from (f"  {_citation(citation)}" for citation in claim.citations)


def _citation(citation: CitationView) -> str:
    """One line for all quotes from one passage, in its order."""
    source, shown = citation.source, citation.excerpt
    marks = ("", "") if source.digest else ("“", "”")
    quotes = " \\[…\\] ".join(_quoted(quote, marks) for quote in shown.quotes)
    drafted = [f"{_quoted(quote, marks)} (as drafted; repaired)" for quote in citation.as_drafted]
    absent = (f"{_quoted(quote, marks)} (not found in the stored passage)" for quote in shown.absent)
    words = "; ".join([*([quotes] if quotes else []), *absent, *drafted])
    if source.digest:
        return f"- \\[{source.number}\\] our digest of {escaped(source.publisher)}, {escaped(source.title)}: {words}"
    page = f", {citation.pages}" if citation.pages else ""
    return f"- \\[{source.number}\\] {escaped(source.publisher)}{page}: {words}"


def _quoted(quote: str, marks: tuple[str, str]) -> str:
    return f"{marks[0]}{escaped(quote)}{marks[1]}"


def _address(link: str) -> str:
    return link.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")


def _code(text: str) -> str:
    """Text for a code span, which knows no escapes."""
    return one_line(text).replace("`", "'").replace("|", "/")
