"""Books and budgets: every token counted, no call that could pass the limit, no wait for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from factories_llm import Verdict, a_prompt, a_verdict
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BudgetSpent
from agent.llm.budget import TokenBook
from agent.llm.port import NO_USAGE, Message, Usage
from agent.llm.scripted import ScriptedModel
from agent.llm.tokens import fewest_tokens, likely_tokens, most_tokens

usages = st.builds(
    Usage,
    input_tokens=st.integers(0, 10**6),
    output_tokens=st.integers(0, 10**6),
    calls=st.integers(0, 9),
    estimated=st.booleans(),
)


def a_usage(tokens: int) -> Usage:
    return Usage(input_tokens=tokens, output_tokens=0, calls=1)


@given(usages, usages, usages)
def test_usages_add_up_in_any_order(a: Usage, b: Usage, c: Usage) -> None:
    assert a + NO_USAGE == a
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert (a + b).tokens == a.tokens + b.tokens


def test_a_book_keeps_totals_by_prompt_and_what_was_spent_before() -> None:
    book = TokenBook(spent=a_usage(100))
    book.book("tasks@1", a_usage(10))
    book.book("barriers@1", a_usage(5))
    book.book("tasks@1", a_usage(1))
    assert book.total == Usage(input_tokens=116, output_tokens=0, calls=4)
    assert book.by_prompt() == {
        "barriers@1": a_usage(5),
        "tasks@1": Usage(input_tokens=11, output_tokens=0, calls=2),
    }
    assert list(book.by_prompt()) == ["barriers@1", "tasks@1"]


def test_a_reservation_may_reach_the_limit_and_not_pass_it() -> None:
    book = TokenBook(100, spent=a_usage(40))
    with book.reserve("tasks@1", 60):
        pass
    with (
        pytest.raises(BudgetSpent, match=r"tasks@1\) could take 61 tokens; 40 of 100 are spent"),
        book.reserve("tasks@1", 61),
    ):
        pass


def test_a_reservation_is_given_back_when_the_call_fails() -> None:
    book = TokenBook(100)
    with pytest.raises(RuntimeError), book.reserve("tasks@1", 100):
        raise RuntimeError
    with book.reserve("tasks@1", 100):
        pass


def test_a_call_waits_while_others_hold_what_it_needs_and_goes_on_when_they_cost_less() -> None:
    book, held, release = TokenBook(100), threading.Event(), threading.Event()

    def first() -> None:
        with book.reserve("a@1", 80):
            held.set()
            assert release.wait(5)
            book.book("a@1", a_usage(20))

    def second() -> int:
        with book.reserve("b@1", 80):
            return book.total.tokens

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert held.wait(5)
        two = pool.submit(second)
        with pytest.raises(TimeoutError):
            two.result(timeout=0.1)
        release.set()
        one.result(5)
        assert two.result(5) == 20


def test_a_call_that_waited_is_refused_when_the_others_cost_too_much() -> None:
    book, held, release = TokenBook(100), threading.Event(), threading.Event()

    def first() -> None:
        with book.reserve("a@1", 80):
            held.set()
            assert release.wait(5)
            book.book("a@1", a_usage(80))

    def second() -> None:
        with book.reserve("b@1", 80):
            raise AssertionError

    with ThreadPoolExecutor(2) as pool:
        pool.submit(first)
        assert held.wait(5)
        two = pool.submit(second)
        release.set()
        with pytest.raises(BudgetSpent):
            two.result(5)


def test_eight_threads_never_pass_the_limit() -> None:
    book = TokenBook(1000)

    def spend() -> bool:
        try:
            with book.reserve("a@1", 100):
                book.book("a@1", a_usage(90))
        except BudgetSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = [job.result(5) for job in [pool.submit(spend) for _ in range(40)]]
    assert book.total.tokens == 90 * sum(made) == 990


def test_a_scripted_model_spends_from_the_book_it_is_given() -> None:
    book = TokenBook(60)
    model = ScriptedModel(lambda *_: a_verdict(), book=book)
    used = model.complete(a_prompt(), Verdict).usage
    assert book.by_prompt() == {"tasks@1": used}
    with pytest.raises(BudgetSpent):
        model.complete(a_prompt(), Verdict)


@given(st.text())
def test_the_guesses_of_a_texts_tokens_are_ordered(text: str) -> None:
    fewest = fewest_tokens((Message(role="user", content=text),))
    assert fewest <= likely_tokens(text) <= most_tokens(text)


@pytest.mark.parametrize("padding", [" " * 9000, "-" * 9000, "\n" * 9000, "=" * 9000])
def test_padding_that_tokenizers_merge_does_not_raise_the_lower_bound(padding: str) -> None:
    assert fewest_tokens((Message(role="user", content=padding),)) <= 1
