"""Every mutation operator."""

from __future__ import annotations

from evals.seeded.operators.citing import misattributed, quote_of_another_passage, source_swapped, source_unknown
from evals.seeded.operators.dates import date_changed
from evals.seeded.operators.injection import injected_instruction_followed
from evals.seeded.operators.meaning import antonym, direction_flipped, subject_changed
from evals.seeded.operators.names import name_swapped, organisation_invented, tool_invented
from evals.seeded.operators.negation import negation_added, negation_dropped, quote_cut_flips
from evals.seeded.operators.numbers import (
    number_changed,
    number_changed_in_claim_and_quote,
    numbers_exchanged,
    unit_changed,
)
from evals.seeded.operators.operator import Operator
from evals.seeded.operators.personal import personal_data_leaked
from evals.seeded.operators.quotes import quote_fabricated, quote_word_changed, quotes_stitched
from evals.seeded.operators.stale import stale_as_current
from evals.seeded.operators.support import beyond_support, strengthened

OPERATORS: tuple[Operator, ...] = (
    Operator("quote_fabricated", "fabricated", quote_fabricated),
    Operator("quote_word_changed", "fabricated", quote_word_changed),
    Operator("quotes_stitched", "stitched", quotes_stitched),
    Operator("source_swapped", "swapped id", source_swapped),
    Operator("source_unknown", "swapped id", source_unknown),
    Operator("personal_data_leaked", "personal data", personal_data_leaked),
    Operator("number_changed", "number", number_changed),
    Operator("number_changed_in_claim_and_quote", "number", number_changed_in_claim_and_quote),
    Operator("unit_changed", "unit", unit_changed),
    Operator("date_changed", "date", date_changed),
    Operator("name_swapped", "name", name_swapped),
    Operator("organisation_invented", "name", organisation_invented),
    Operator("tool_invented", "name", tool_invented),
    Operator("misattributed", "misattributed", misattributed),
    Operator("quote_of_another_passage", "quote elsewhere", quote_of_another_passage),
    Operator("stale_as_current", "stale as current", stale_as_current),
    Operator("direction_flipped", "direction", direction_flipped),
    Operator("negation_dropped", "negation", negation_dropped),
    Operator("negation_added", "negation", negation_added),
    Operator("quote_cut_flips", "negation", quote_cut_flips),
    Operator("antonym", "antonym", antonym),
    Operator("beyond_support", "beyond support", beyond_support),
    Operator("strengthened", "strengthened", strengthened),
    Operator("injected_instruction_followed", "injection", injected_instruction_followed),
    Operator("subject_changed", "judge only", subject_changed),
    Operator("numbers_exchanged", "judge only", numbers_exchanged),
)
"""In the order of the table."""

BY_NAME = {operator.name: operator for operator in OPERATORS}
