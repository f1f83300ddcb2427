"""What the evidence pane shows: a claim with its passages, or a finding. Outside text is cleaned, never markup."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from agent.cli.reading import claim_at
from agent.cli.screen.items import VERDICT_STYLE, remark_text
from agent.cli.views import tier_words
from agent.cli.wording import counted, dated
from agent.review.comments import AnchoredComment
from agent.review.evidence import CitedPassage, ClaimEvidence
from agent.schemas.article import TextKind
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Finding
from agent.schemas.text import one_line, without_controls

QUOTE = "bold reverse"


def claim_evidence(content: Assessment, found: ClaimEvidence, remarks: Sequence[AnchoredComment] = ()) -> Text:
    """What the check made of a claim, every passage with the quote in it, what speaks against it, comments. The claim
    itself is the marked line."""
    text = Text()
    if found.verdict is not None:
        text.append(f"{found.verdict.value}\n", style=VERDICT_STYLE[found.verdict])
    for finding in found.findings:
        done = " (accepted)" if finding.id in found.accepted else ""
        text.append(f"{finding.tier.value} {one_line(finding.id)}{done}: {one_line(finding.message)}\n", style="yellow")
    for at, passage in enumerate(found.passages):
        text.append(f"{at + 1} of {counted(len(found.passages), 'passage')}: ", style="dim")
        text.append_text(_passage(passage))
    for missing in found.missing:
        text.append(f"\nThere is no passage {one_line(missing)}.\n", style="bold red")
    if not found.passages and not found.missing:
        text.append("It cites nothing: the assessor's own judgement.\n", style="dim")
    if found.against is not None:
        against = claim_at(content, found.against)
        text.append("The strongest claim against it: ", style="bold")
        text.append(f"{against or found.against}\n")
    return text.append_text(remarks_at(found.path, remarks))


def remarks_at(place: str, remarks: Sequence[AnchoredComment]) -> Text:
    """The comments on one claim or part."""
    text = Text()
    for one in remarks:
        if one.place == place:
            note = {"moved": " (moved here)", "changed": " (on other words)"}.get(one.fate, "")
            text.append_text(remark_text(one, note)).append("\n")
    return text


def first_quote(text: Text) -> int:
    """Where the first marked quote begins; 0 without one."""
    return min((span.start for span in text.spans if span.style == QUOTE), default=0)


def _passage(passage: CitedPassage) -> Text:
    """Publisher, title, page, date and tier, then the passage with the quote marked, also where there are no colours:
    "..." in a source's own words, [...] in our digest of it."""
    meta = passage.meta
    page = f", {passage.pages}" if passage.pages else ""
    digest = meta.text_kind is TextKind.DIGEST
    text = Text()
    text.append(f"{'our digest of ' if digest else ''}{one_line(meta.publisher)}, {one_line(meta.title)}{page}\n")
    interested = ", interested" if meta.interested else ""
    text.append(f"{dated(meta.date)}, tier {tier_words(meta)}{interested}, {passage.passage}\n", style="dim")
    if passage.suspicious:
        text.append("This passage holds words addressed to a model.\n", style="bold red")
    if passage.as_drafted is not None:
        text.append(f"repaired; drafted as: {one_line(passage.as_drafted)}\n", style="yellow")
    if not passage.found:
        text.append(f"not in the passage: {one_line(passage.quote)}\n", style="bold red")
        text.append(without_controls(passage.after), style="dim")
        return text.append("\n")
    first, last = "[]" if digest else '""'
    text.append(without_controls(passage.before), style="dim")
    text.append(f"{first}{without_controls(passage.quote)}{last}", style=QUOTE)
    text.append(without_controls(passage.after), style="dim")
    return text.append("\n")


def finding_text(content: Assessment, finding: Finding) -> Text:
    """A finding with the claim it is about and whether somebody accepted it."""
    text = Text(f"{finding.tier.value} {one_line(finding.id)}\n", style="bold")
    text.append(f"{one_line(finding.message)}\n", style="not bold")
    claim = claim_at(content, finding.path)
    if claim is not None:
        text.append(f"\non: {claim}\n", style="not bold")
    reason = next((a.reason for a in content.accepted if a.finding == finding.id), None)
    if reason is not None:
        text.append(f"\naccepted: {one_line(reason)}\n", style="not bold")
    elif finding.tier.value == "BLOCK":
        text.append("\nIt blocks an approval and cannot be accepted: edit the claim or send the section back.\n")
    else:
        text.append("\nF accepts it with a reason.\n", style="not bold")
    return text
