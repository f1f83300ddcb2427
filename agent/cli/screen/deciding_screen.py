"""What the decision keys of a review do: ask once, hold back for some seconds, then record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.screen import Screen

from agent.cli.screen.desk import Opened
from agent.cli.screen.dialogs import Ask, Confirm, Sections
from agent.cli.screen.holding import HoldLine
from agent.cli.screen.hosting import Host
from agent.cli.screen.items import Item
from agent.cli.screen.pending import Pending
from agent.cli.screen.runs import Run, Take
from agent.cli.wording import counted
from agent.errors import NotPublishable
from agent.review.changing import Change
from agent.review.diff import changes
from agent.review.edit import Edit
from agent.review.rules import MAX_REASON, Action, check_approval, check_reason
from agent.schemas.assessment import Assessment
from agent.schemas.finding import Tier
from agent.schemas.vocabulary import INPUT_SECTIONS, PUBLICATION_SECTIONS, Gate, Section


class DecidingScreen(Screen[None]):
    """One open review and everything that can be decided about it. `ReviewScreen` shows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("F", "accept", "accept"),
        ("y", "accept_part", "accept the part"),
        ("w", "record", "record"),
        ("a", "approve", "approve"),
        ("r", "send_back", "send back"),
        ("x", "reject", "reject"),
        ("d", "defer", "defer"),
        ("t", "take_over", "take over"),
    ]

    def __init__(self, host: Host, opened: Opened) -> None:
        super().__init__()
        self.host = host
        self.opened = opened
        self.pending = Pending(opened.content)
        self.read_only = opened.read_only
        """Why nothing can be changed or decided, in words; empty when the reviewer holds it."""
        self.recording = False
        """An edit is being recorded: the revision that it makes is opened next."""
        self._given_up = False

    @property
    def item(self) -> Item | None:
        """The marked line."""
        raise NotImplementedError

    def show(self) -> None:
        """Show every line anew."""
        raise NotImplementedError

    def open(self, opened: Opened) -> None:
        """Show another revision of the same assessment, or the same one anew."""
        raise NotImplementedError

    @property
    def line(self) -> HoldLine:
        """The line that says what happens, and holds a decision back."""
        return self.query_one(HoldLine)

    def say(self, words: str, *, style: str = "") -> None:
        """Say something in the last line but one."""
        self.line.say(words, style=style)

    def may_change(self) -> bool:
        """Whether something can be changed now; says why not."""
        if self.read_only:
            self.say(f"Read only. {self.read_only} t takes it over.", style="bold yellow")
        elif self.recording:
            self.say("The edit is being recorded.")
        elif self.line.holds:
            return False
        return not self.read_only and not self.recording

    def may_decide(self) -> bool:
        """Whether something can be decided now; says why not."""
        free = self.may_change()
        if free and self.pending.changes:
            number = counted(len(self.pending.changes), "change")
            self.say(f"{number} not recorded: w records, u undoes the last.", style="bold yellow")
        return free and not self.pending.changes

    def action_approve(self) -> None:
        """Ask once, and say what was not looked at."""
        if not self.may_decide():
            return
        desk, opened = self.host.desk, self.opened
        try:
            check_approval(opened.content)
        except NotPublishable as error:
            here = "Here f goes to the next finding, F accepts it, e edits a claim, r sends back."
            self.host.complain(NotPublishable(error.message, hint=here))
            return
        self.host.work(lambda: desk.unseen(opened), self._ask_approval)

    def _ask_approval(self, unseen: tuple[str, ...]) -> None:
        review, content = self.opened.review, self.opened.content
        lines = [f"You opened no {kind}." for kind in unseen]
        if content.accepted:
            lines.append(f"{counted(len(content.accepted), 'REVIEW finding')} accepted.")
        if self.opened.waits_for:
            lines.append(f"It takes approval by {self.opened.waits_for}.")
        if content.result is not None:
            lines.append(f"Gate {review.gate.value}: {content.result.score:.1f} of 100, {content.result.label}.")
        question = f"Approve {review.revision[:19]}… as {self.host.desk.by.name}?"
        take: Take = lambda service: service.approve(review.assessment, review.revision, self.host.desk.by)  # noqa: E731
        self.app.push_screen(Confirm(question, "\n".join(lines)), partial(self._confirmed, Action.APPROVE, take))

    def action_send_back(self) -> None:
        """Ask which sections, why, and once more."""
        if not self.may_decide():
            return
        gate, evidence = self.opened.review.gate, self.opened.evidence
        open_to = (*INPUT_SECTIONS, *(PUBLICATION_SECTIONS if gate is Gate.PUBLICATION else ()))
        marked = {one.section for one in self.opened.remarks if one.comment.resolved_at is None}
        if self.item is not None and self.item.claim in evidence:
            marked.add(Section(evidence[self.item.claim].section))

        def take(sections: tuple[Section, ...] | None) -> None:
            if sections is not None:
                named = ", ".join(sections)
                self._ask_reason(f"Send back {named}: why?", partial(self._send_back, sections))

        self.app.push_screen(Sections(open_to, [s for s in open_to if s in marked]), take)

    def _send_back(self, sections: tuple[Section, ...], reason: str) -> None:
        review, by = self.opened.review, self.host.desk.by
        take: Take = lambda service: service.send_back(  # noqa: E731
            review.assessment, review.revision, by, reason, sections
        )
        ends = (
            "\nThe override ends with this."
            if self.opened.content.override and set(sections) & set(INPUT_SECTIONS)
            else ""
        )
        question = Confirm(f"Send back {', '.join(sections)}?", f"{reason}{ends}")
        self.app.push_screen(question, partial(self._confirmed, Action.SEND_BACK, take))

    def action_reject(self) -> None:
        """Ask why, and once more."""
        if self.may_decide():
            self._ask_reason("Reject: why?", self._reject)

    def _reject(self, reason: str) -> None:
        review, by = self.opened.review, self.host.desk.by
        take: Take = lambda service: service.reject(review.assessment, review.revision, by, reason)  # noqa: E731
        question = Confirm("Reject? The assessment ends without a publication.", reason)
        self.app.push_screen(question, partial(self._confirmed, Action.REJECT, take))

    def _ask_reason(self, question: str, go_on: Callable[[str], None]) -> None:
        def take(reason: str | None) -> None:
            if reason is not None:
                go_on(reason)

        self.app.push_screen(Ask(question, lambda text: check_reason("decide", text, at_most=MAX_REASON)), take)

    def _confirmed(self, action: Action, take: Take, yes: bool | None) -> None:
        """Hold a confirmed decision back, then have it recorded."""
        if not yes or not self.may_decide():
            return
        opened, words = self.opened, action.value.replace("_", " ")

        def record() -> None:
            self.host.carry_on(opened, words, take)
            self.close(release=False)

        self.line.hold(f"{words.capitalize()} {opened.review.revision[:19]}…", self.host.hold_s, record)

    def action_defer(self) -> None:
        """Leave it open and go back to the queue."""
        if not self.may_decide():
            return
        desk, review = self.host.desk, self.opened.review

        def defer() -> None:
            desk.engine.stores.review.defer(review.assessment, review.revision, desk.by)

        def done(_: None) -> None:
            self.host.tell("Deferred: it stays open.")
            self.close()

        self.host.work(defer, done)

    def action_take_over(self) -> None:
        """Take the review from its holder, with a reason."""
        if not self.read_only:
            self.say("You hold it already.")
            return
        desk, name = self.host.desk, self.opened.review.assessment
        self._ask_reason(
            "Take it over: why?", lambda reason: self.host.work(lambda: desk.open(name, over=reason), self.opened_anew)
        )

    def opened_anew(self, opened: Opened | None) -> None:
        """Go on with what waits of the assessment now; back to the queue where nothing does."""
        if not self.query(HoldLine):
            return
        if opened is not None:
            self.open(opened)
            self.say("The edit is recorded; this is the revision that it made." if self.recording else "It is yours.")
        else:
            self.close()
        self.recording = False

    def action_accept(self) -> None:
        """Accept the marked REVIEW finding with a reason; like every change it is recorded with the edit."""
        finding = None if self.item is None else self.item.finding
        accepted = {a.finding for a in self.pending.shown().accepted}
        if finding is None:
            self.say("Mark a finding first: f goes to the next one.")
        elif finding.tier is Tier.BLOCK:
            self.say("A BLOCK finding cannot be accepted: edit the claim or send the section back.", style="bold red")
        elif finding.id in accepted:
            self.say("It is accepted already.")
        elif self.may_change():
            name = finding.id

            def accept(reason: str) -> None:
                change = Change(place="accepted.+", value={"finding": name, "reason": reason})
                self.change(change)

            self._ask_reason(f"Accept {name}: why?", accept)

    def action_accept_part(self) -> None:
        """Accept the marked task or dimension, or the one that the marked claim is of, or take that back."""
        place = "" if self.item is None else self.item.part
        if not place:
            self.say("Mark a task or a dimension, or a claim of one.")
        elif self.may_change():
            desk, opened = self.host.desk, self.opened
            self.host.work(
                lambda: desk.accept_part(opened, place),
                lambda accepted: self.read_marks("Accepted. It decides nothing." if accepted else "Taken back."),
            )

    def read_marks(self, words: str) -> None:
        """Show comments and accepted parts as they are now, and say what was done."""
        raise NotImplementedError

    def change(self, change: Change) -> None:
        """Put a change on top of the others. Raises InvalidInput."""
        self.pending = self.pending.having(change)
        self.show()
        self.say(f"{counted(len(self.pending.changes), 'change')} not recorded: w records, u undoes the last.")

    def action_record(self) -> None:
        """Show what the changes become, ask once, and record them as an edit."""
        if not self.may_change():
            return
        if not self.pending.changes:
            self.say("There is no change to record.")
            return
        desk, opened, edit = self.host.desk, self.opened, self.pending.edit()
        self.say("Checking the edit…")
        self.host.work(lambda: desk.preview(opened, edit), partial(self._ask_edit, edit))

    def _ask_edit(self, edit: Edit, after: Assessment) -> None:
        opened, by = self.opened, self.host.desk.by
        self.say("")
        if after.revision() == opened.review.revision:
            self.say("The edit changes nothing.")
            return
        lines = list(changes(opened.content, after))
        if after.result is not None:
            lines.append(f"becomes {after.result.score:.1f} of 100, {after.result.label}")
        block, waiting = after.guard.count(Tier.BLOCK), after.guard.count(Tier.REVIEW) - len(after.accepted)
        if block or waiting:
            lines.append(f"with {block} BLOCK and {waiting} REVIEW findings, which stand in the way of approval")
        if after.gate is not opened.review.gate:
            lines.append("It goes back to gate inputs; commentary and lens are drafted anew after it.")
        review = opened.review
        take: Take = lambda service: service.edit(review.assessment, review.revision, by, edit)  # noqa: E731

        def confirmed(yes: bool | None) -> None:
            if yes and self.may_change():
                self.recording = True
                self.say("Recording the edit…")
                self.host.carry_on(opened, "edit", take, self._recorded)

        self.app.push_screen(Confirm("Record this edit?", "\n".join(lines)), confirmed)

    def _recorded(self, run: Run) -> None:
        """Open the revision that the edit made; what was not recorded stays as it is on the screen."""
        if run.failure is not None:
            self.recording = False
            self.say("The edit was not recorded.")
            return
        desk, name = self.host.desk, run.review.assessment
        self.host.work(lambda: desk.open(name), self.opened_anew)

    def close(self, *, release: bool = True) -> None:
        """Back to the queue; the review is given back unless a decision is on its way, which does that."""
        if self._given_up:
            return
        self._given_up = True
        self.line.take_back()
        opened = self.opened
        if release:
            self.host.work(lambda: self.host.desk.release(opened), lambda _: None)
        self.dismiss()
