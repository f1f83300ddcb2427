"""Copies of one text count as one source: what is a copy, and what is none."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import combinations
from statistics import fmean, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import StorageFailed
from agent.evidence.duplicates import COPY_SIMILARITY, RUN, Copy, is_current, signature, updated_works, works

VOCABULARY = tuple(f"word{at}" for at in range(5_000))


def words(seed: int, count: int = 400) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=count)


def mutated(text: Sequence[str], rate: float, *, seed: int) -> list[str]:
    """`text` with each word replaced by a new one with probability `rate`."""
    source = random.Random(seed)
    return [f"new{seed}x{at}" if source.random() < rate else word for at, word in enumerate(text)]


def a_copy(name: str, text: Sequence[str] | str, *, date: str = "2025-06-01") -> Copy:
    plain = text if isinstance(text, str) else " ".join(text)
    return Copy(f"a-{name}", date, signature(plain))


def runs(text: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(text[at : at + RUN]) for at in range(len(text) - RUN + 1)}


def jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    return len(runs(one) & runs(other)) / len(runs(one) | runs(other))


def one_work(one: Sequence[str] | str, other: Sequence[str] | str) -> bool:
    return len(set(works([a_copy("1", one), a_copy("2", other)]).values())) == 1


def test_the_same_text_has_the_same_bytes_in_every_process() -> None:
    text = " ".join(words(1))
    code = "import sys; from agent.evidence.duplicates import signature; print(signature(sys.stdin.read()).hex())"
    for hash_seed in ("0", "1"):
        told = subprocess.run(
            [sys.executable, "-c", code],
            input=text,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == signature(text).hex()


def test_stored_signatures_stay_comparable() -> None:
    # Bytes that change mean that every stored signature is void: raise the format when this has to be changed.
    assert [sha256(signature(text)).hexdigest()[:16] for text in (" ".join(words(1)), "A short text.")] == [
        "ea7eb4815f8bfff2",
        "83708fe69216251e",
    ]


def test_a_signature_stays_small_however_long_the_text_is() -> None:
    assert len(signature(" ".join(words(1, 60_000)))) < 1_400


def test_case_layout_and_typography_make_no_other_text() -> None:
    plain = words(3)
    dressed = "# " + "\n\n".join(f"**{word.upper()}**," for word in plain).replace("WORD1", "WO\u00adRD1")
    assert signature(dressed) == signature(" ".join(plain))


def test_a_lightly_edited_reprint_is_a_copy_of_the_earlier_one() -> None:
    wire = words(5)
    reprint = ["london", "wire", *mutated(wire, 0.02, seed=5), "reporting", "by", "staff"]
    other = words(6)
    found = works(
        [
            a_copy("reprint", reprint, date="2025-03-02"),
            a_copy("wire", wire, date="2025-03-01"),
            a_copy("other", other, date="2025-01-01"),
        ]
    )
    assert found == {"a-wire": "a-wire", "a-reprint": "a-wire", "a-other": "a-other"}


@pytest.mark.parametrize(
    ("dates", "original"),
    [
        (("2025-03-02", "2025-03-01"), "a-2"),
        (("2025-03-01", "2025-03-01"), "a-1"),
        (("unknown", "2025-03-01"), "a-2"),
        (("unknown", "unknown"), "a-1"),
        (("2025-03", "2025"), "a-2"),
    ],
)
def test_the_original_is_the_earliest_dated_then_the_first_id(dates: tuple[str, str], original: str) -> None:
    text = words(7)
    copies = [a_copy(str(at), text, date=date) for at, date in enumerate(dates, start=1)]
    assert works(copies) == {"a-1": original, "a-2": original}


def test_copies_of_copies_are_copies() -> None:
    first = words(8, 600)
    second, third = first[60:] + words(81, 60), first[120:] + words(81, 60) + words(82, 60)
    assert jaccard(first, second) > COPY_SIMILARITY + 0.05
    assert jaccard(first, third) < COPY_SIMILARITY - 0.02
    assert not one_work(first, third)
    found = works([a_copy("1", first), a_copy("2", second), a_copy("3", third)])
    assert found == {"a-1": "a-1", "a-2": "a-1", "a-3": "a-1"}


@pytest.mark.parametrize(("keep", "copies"), [(0.4, False), (0.6, True), (0.8, True)])
def test_a_cut_reprint_is_a_copy_when_it_is_more_than_half_of_the_whole(keep: float, copies: bool) -> None:
    found = []
    for seed in range(20):
        whole = words(seed, 500)
        found.append(one_work(whole, whole[: int(500 * keep)]))
    assert found == [copies] * 20


def test_a_newsletter_that_holds_several_reports_joins_none_of_them() -> None:
    reports = [words(seed, 300) for seed in (11, 12, 13)]
    letter = [word for report in reports for word in report]
    copies = [a_copy(str(at), report) for at, report in enumerate(reports)] + [a_copy("letter", letter)]
    assert works(copies) == {copy.article: copy.article for copy in copies}


def test_shared_boilerplate_makes_no_copies() -> None:
    about = words(14, 150)
    releases = [words(seed, 200) + about for seed in range(15, 21)]
    assert all(jaccard(one, other) < 0.3 for one, other in combinations(releases, 2))
    copies = [a_copy(str(at), release) for at, release in enumerate(releases)]
    assert works(copies) == {copy.article: copy.article for copy in copies}


STUDY = (
    "The survey asked 1,204 data engineers in nine countries how much of their week a coding agent takes over. Of "
    "those asked, 61 percent hand it at least one task a day, most often tests and boilerplate. Only 8 percent let it "
    "change a production pipeline without review. Median pay rose by 3 percent within a year. The authors call the "
    "sample young and warn that firms with many engineers are over-represented."
)
RETOLD = (
    "Nine countries, 1,204 respondents: a new survey of data engineers finds that agents write tests and boilerplate "
    "for 61 percent of them every day. Trust ends at production, where 8 percent allow changes that nobody has looked "
    "at. Pay went up all the same, by 3 percent at the median. Large employers and younger engineers weigh more than "
    "they should in the numbers, its authors say, so the shares are upper bounds rather than averages."
)


def test_two_digests_of_one_study_are_two_texts() -> None:
    assert len(STUDY.split()) > 60
    assert not one_work(STUDY, RETOLD)


SHORT = "Openings for data engineers fell by 12 percent in March, the agency said."


@pytest.mark.parametrize(
    ("other", "copies"),
    [
        (SHORT.upper().replace(" ", "\n"), True),
        (SHORT.replace("12", "13"), False),
        (f"{SHORT} It gave no reason.", False),
        ("", False),
    ],
)
def test_short_texts_are_copies_only_when_all_words_are_the_same(other: str, copies: bool) -> None:
    assert one_work(SHORT, other) is copies


def test_a_script_without_blanks_is_compared_by_character() -> None:
    source = random.Random(21)
    text = "".join(chr(source.randrange(0x4E00, 0x6E00)) for _ in range(300))
    other = "".join(chr(source.randrange(0x4E00, 0x6E00)) for _ in range(300))
    assert one_work(text, f"{text[:150]}日{text[151:]}")
    assert not one_work(text, other)


def test_the_estimate_is_unbiased_and_its_error_is_the_one_that_is_said() -> None:
    from rensa import RMinHash

    errors = []
    for seed in range(120):
        text = words(seed, 300)
        other = mutated(text, 0.035, seed=seed)
        one, two = RMinHash.from_token_sets([[" ".join(r) for r in sorted(runs(t))] for t in (text, other)], 256, 1)
        errors.append(one.jaccard(two) - jaccard(text, other))
    assert abs(fmean(errors)) < 0.01
    assert pstdev(errors) < 0.035


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), rate=st.floats(0, 0.12))
def test_pairs_clearly_above_the_threshold_are_copies_and_pairs_clearly_below_are_not(seed: int, rate: float) -> None:
    text = words(seed, 500)
    other = mutated(text, rate, seed=seed)
    true = jaccard(text, other)
    if true >= COPY_SIMILARITY + 0.12:
        assert one_work(text, other)
    elif true <= COPY_SIMILARITY - 0.12:
        assert not one_work(text, other)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=2_000))
def test_any_text_is_a_copy_of_itself(text: str) -> None:
    assert is_current(signature(text))
    assert one_work(text, text)


def a_family(seed: int) -> list[Copy]:
    """24 articles: four stories, each in several wordings, some of them cut, dated at random."""
    source = random.Random(seed)
    copies = []
    for at in range(24):
        story = mutated(words(seed * 10 + at % 4, 160), source.choice([0, 0.01, 0.03, 0.06]), seed=seed * 100 + at)
        text = story[: source.choice([160, 160, 100, 60, 20])]
        copies.append(a_copy(f"{at:02}", text, date=source.choice(["2024", "2025-01", "2025-01-09", "unknown"])))
    return copies


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 500), order=st.randoms(use_true_random=False))
def test_order_has_no_part_in_it(seed: int, order: random.Random) -> None:
    copies = a_family(seed)
    shuffled = list(copies)
    order.shuffle(shuffled)
    found = works(copies)
    assert works(shuffled) == found
    assert set(found) == {copy.article for copy in copies}
    assert all(found[original] == original for original in found.values())


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 500), gone=st.sets(st.integers(0, 23), max_size=2), late=st.sets(st.integers(0, 23), max_size=2)
)
def test_a_small_change_gives_what_starting_anew_gives(seed: int, gone: set[int], late: set[int]) -> None:
    rest = [a_copy(f"r{at:02}", words(90_000 + at, 60)) for at in range(200)]
    family = a_family(seed)
    before = works([copy for at, copy in enumerate(family) if at not in late] + rest)
    now = [copy for at, copy in enumerate(family) if at not in gone] + rest
    changed = {family[at].article for at in late - gone}
    assert updated_works(now, before=before, changed=changed) == works(now)


def test_a_rewritten_article_leaves_its_work() -> None:
    story = words(31)
    rest = [a_copy(f"r{at}", words(100 + at, 60)) for at in range(40)]
    old = [a_copy("1", story, date="2024"), a_copy("2", story), a_copy("3", story), *rest]
    now = [a_copy("1", words(32), date="2024"), *old[1:]]
    found = updated_works(now, before=works(old), changed={"a-1"})
    assert [found[f"a-{at}"] for at in (1, 2, 3)] == ["a-1", "a-2", "a-2"]


@pytest.mark.parametrize(
    "damage", [b"", b"\x00", b"\x63s\x00\x00\x00\x01", b"\x01l\x00\x00\x00\x09Rensa:RMinHash:1\x00"]
)
def test_a_signature_of_another_version_is_told_and_never_compared(damage: bytes) -> None:
    assert not is_current(damage)
    stale = Copy("a-stale", "2025", damage)
    with pytest.raises(StorageFailed, match="article a-stale"):
        works([a_copy("1", words(1)), stale])


def many(count: int) -> list[Copy]:
    """`count` articles, every tenth a reprint of the one before."""
    copies: list[Copy] = []
    for at in range(count):
        text = [*words(at - 1, 120), "reprinted"] if at % 10 == 9 else words(at, 120)
        copies.append(a_copy(f"{at:05}", text, date="2025" if at % 10 == 9 else "2024"))
    return copies


def expected(copies: Sequence[Copy]) -> Mapping[str, str]:
    return {copy.article: f"a-{at - 1:05}" if at % 10 == 9 else copy.article for at, copy in enumerate(copies)}


def test_ten_thousand_articles_are_compared_without_going_through_every_pair() -> None:
    copies = many(10_000)
    started = time.monotonic()
    found = works(copies)
    assert time.monotonic() - started < 60
    assert found == expected(copies)
    added = a_copy("new", words(5, 120), date="2026")
    started = time.monotonic()
    assert updated_works([*copies, added], before=found, changed={"a-new"}) == {**found, "a-new": "a-00005"}
    assert time.monotonic() - started < 20


def test_a_thousand_copies_of_one_text_are_one_work() -> None:
    text = words(41, 120)
    copies = [a_copy(f"{at:04}", [*text, f"page{at}"]) for at in range(1_000)]
    assert set(works(copies).values()) == {"a-0000"}
