"""Which files begin first where two processes run the tests: none may be left with a long file at the end."""

from __future__ import annotations

FIRST = (
    "tests/packaging/test_installed_wheel.py",
    "tests/docs/test_readme.py",
    "evals/seeded/test_seeded.py",
    "tests/workflow/test_kill.py",
    "tests/cli/test_cli_corpus_terminal.py",
    "tests/grounding/test_guard_time.py",
    "tests/grounding/test_guard_properties.py",
    "tests/web/test_browser.py",
    "tests/cli/test_cli_recorded_roles.py",
    "tests/house/test_no_network.py",
    "tests/workflow/test_refresh_decisions.py",
    "tests/cli/test_cli_review_terminal.py",
    "tests/workflow/test_refresh.py",
    "tests/workflow/test_faults.py",
    "tests/web/test_attacks.py",
    "tests/workflow/test_decisions.py",
    "tests/evidence/test_corpus_faults.py",
    "tests/web/test_api.py",
    "tests/evidence/test_split_properties.py",
    "tests/evidence/test_ingest_files.py",
    "tests/evidence/test_worker.py",
    "tests/evidence/test_corpus_server.py",
    "evals/hostile/test_hostile_answers.py",
    "tests/workflow/test_webhooks.py",
)
"""The files that take longer than ten seconds, the longest first."""
_PLACES = {file: place for place, file in enumerate(FIRST)}


def place_of(nodeid: str) -> int:
    """Where a test's file stands among the first ones; behind them for every other."""
    return _PLACES.get(nodeid.partition("::")[0], len(FIRST))
