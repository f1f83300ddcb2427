"""Who spent how many tokens, and the limit that no call may pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from agent.errors import BudgetSpent
from agent.llm.port import NO_USAGE, Usage


class TokenBook:
    """The tokens of one run, by prompt, under an optional hard limit. Safe to use from several threads.

    A model that spends reserves the most an exchange can cost before it makes it, and books what it did cost.
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        *,
        spent: Usage = NO_USAGE,
        on_book: Callable[[str, Usage], None] | None = None,
    ) -> None:
        """`max_tokens` bounds input and output together, `None` is unbounded; `spent` is what a resumed run has
        already used. `on_book` is told every exchange that is booked, to keep it; from several threads."""
        self.max_tokens = max_tokens
        self._on_book = on_book
        self._by_prompt: dict[str, Usage] = {}
        self._total = spent
        self._reserved = 0
        self._changed = Condition()

    @property
    def total(self) -> Usage:
        """Everything booked, with what was spent before."""
        with self._changed:
            return self._total

    def by_prompt(self) -> dict[str, Usage]:
        """What each prompt (`id@version`) has cost, sorted by name."""
        with self._changed:
            return dict(sorted(self._by_prompt.items()))

    def book(self, prompt: str, usage: Usage) -> None:
        """Add what one exchange cost, whether its answer could be used or not."""
        with self._changed:
            self._by_prompt[prompt] = self._by_prompt.get(prompt, NO_USAGE) + usage
            self._total = self._total + usage
        if self._on_book is not None:
            self._on_book(prompt, usage)

    @contextmanager
    def reserve(self, prompt: str, tokens: int) -> Iterator[None]:
        """Hold `tokens` while one exchange runs.

        While other exchanges hold what this one would need, it waits for them: they may cost less than they hold.
        Raises BudgetSpent when it does not fit even then.
        """
        with self._changed:
            while not self._fits(tokens):
                if self._reserved == 0:
                    raise BudgetSpent(
                        f"The next call ({prompt}) could take {tokens} tokens; {self._total.tokens} of "
                        f"{self.max_tokens} are spent. It was not made.",
                        hint="Resume with a larger --max-tokens.",
                    )
                self._changed.wait()
            self._reserved += tokens
        try:
            yield
        finally:
            with self._changed:
                self._reserved -= tokens
                self._changed.notify_all()

    def _fits(self, tokens: int) -> bool:
        return self.max_tokens is None or self._total.tokens + self._reserved + tokens <= self.max_tokens
