"""Text aimed at a model instead of a reader. Pure; a mark for the reviewer, not a filter."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Orders to drop what came before.
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}"
        r"\b(?:instructions?|prompts?|guidelines|rules above|system message|everything (?:above|before))\b",
        r"\b(?:ignore|disregard|forget) (?:all|everything|anything) (?:of )?(?:the )?"
        r"(?:above|previous|prior|earlier)\b",
        r"\b(?:new|updated|revised|real|actual) instructions?\s*:",
        r"\b(?:system|developer|hidden) prompt\b",
        # Telling the model what it is.
        r"\byou are (?:now )?(?:an? )?"
        r"(?:ai|artificial intelligence|llm|large language model|chatbot|(?:helpful )?assistant)\b",
        r"\bas an? (?:ai|artificial intelligence|large)? ?(?:language )?(?:model|assistant|chatbot)\b[, ]+(?:you|i)\b",
        r"\b(?:note|message|attention|instructions?) (?:to|for) (?:the |any |all )?"
        r"(?:ai|llms?|language models?|assistants?|assessor|grader|evaluator|judge)\b",
        r"\bif you are an? (?:ai|llm|language model|automated)\b",
        # Telling it what to answer.
        r"\b(?:score|rate|grade|rank) (?:this|it|the (?:role|task|job|article)|all(?: \w+)?|every \w+) "
        r"(?:an? |as |at |with )?(?:[-+−]?\d|green|yellow|red|the (?:highest|lowest|maximum|minimum))",
        r"\b(?:give|assign|award) (?:this|it|the role|all tasks|every task) (?:an? )?"
        r"(?:score|rating|grade|[-+−]?\d|green|yellow|red)\b",
        r"\b(?:respond|reply|answer|output) (?:only|exactly|with only|solely|nothing but)\b",
        r"\b(?:do not|don't|never) (?:mention|reveal|disclose|cite|tell) (?:this|these|the) "
        r"(?:instructions?|message|note|prompt|passage|to the (?:user|reviewer))\b",
        # Markup of chat transcripts.
        r"<\|?/?\s*(?:im_start|im_end|endoftext|system|assistant|user|instructions?|tool_call|evidence|passages?)\b[^>\n]{0,80}\|?>",
        r"\[/?(?:INST|SYS)\]|<</?SYS>>",
        r"^\s*(?:#+\s*)?(?:system|assistant|human|user)\s*:\s*\S",
        r"^\s*#+\s*(?:system|instructions?|response)\s*:?\s*$",
    )
)
_LINE_PATTERNS = tuple(pattern for pattern in _PATTERNS if pattern.pattern.startswith("^"))


def looks_like_instruction(text: str) -> bool:
    """True when the text holds an imperative aimed at a model, a claim about what the reader is, or chat markup."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    flat = " ".join(plain.split())
    if any(pattern.search(flat) for pattern in _PATTERNS if pattern not in _LINE_PATTERNS):
        return True
    return any(pattern.search(line) for pattern in _LINE_PATTERNS for line in plain.splitlines())
