"""The head of a review: what is decided about, and what the changes would make of it."""

from __future__ import annotations

from rich.text import Text

from agent.cli.reading import ZONE_STYLE
from agent.cli.screen.desk import Opened
from agent.cli.screen.pending import Outlook
from agent.cli.wording import counted
from agent.review.parts import accepted_words
from agent.schemas.finding import Tier
from agent.schemas.scored import ScoreResult
from agent.schemas.text import one_line


def head_text(opened: Opened, read_only: str, outlook: Outlook | None, changes: int) -> Text:
    """Role and gate; score and label, before and after; robustness, or what is wrong; who may decide."""
    review, content = opened.review, opened.content
    line = Text(f"{one_line(content.role.title)} ({one_line(content.role.seniority)})", style="bold")
    line.append(f"  gate {review.gate.value}  {review.revision[:19]}\n", style="not bold dim")
    result = content.result
    line.append_text(_score(result))
    if outlook is not None and outlook.result != result:
        line.append(" becomes ")
        line.append_text(_score(outlook.result))
        result = outlook.result or result
    if changes:
        line.append(f"  {counted(changes, 'change')} not recorded", style="bold yellow")
    accepted = {a.finding for a in content.accepted}
    waiting = sum(f.tier is Tier.REVIEW and f.id not in accepted for f in content.guard.findings)
    block = content.guard.count(Tier.BLOCK)
    line.append(f"  {block} block, {waiting} review", style="bold red" if block else "")
    line.append(f"  {accepted_words(opened.parts)}", style="dim")
    if outlook is not None and outlook.problems:
        line.append(f"\n{'; '.join(one_line(problem) for problem in outlook.problems)}", style="bold red")
    elif result is not None:
        line.append(f"\n{result.distance}. {result.robustness.verdict}")
    if read_only:
        line.append(f"\nRead only. {one_line(read_only)} t takes it over.", style="bold yellow")
    elif opened.waits_for:
        line.append(f"\nIt takes approval by {one_line(opened.waits_for)}.", style="yellow")
    return line


def _score(result: ScoreResult | None) -> Text:
    if result is None:
        return Text("not scorable", style="bold red")
    return Text(f"{result.score:.1f} of 100 {result.label}", style=ZONE_STYLE[result.zone.value])
