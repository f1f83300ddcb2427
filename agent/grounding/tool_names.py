"""What is the name of a tool, and what only says of which kind it is (METHODOLOGY section 7)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.grounding.language import is_known
from agent.grounding.names import is_known_name
from agent.grounding.normalise import folded_words, normalise

_WORD = re.compile(r"[^\W_]+(?:[.'&][^\W_]+)*[+#]*")
_HYPHENATED = re.compile(rf"{_WORD.pattern}(?:-{_WORD.pattern})*")
_ORDINARY = re.compile(r"[a-z]{4,}(?:ings?|ed|[ts]ions?|ed|ments?|ances?|ness|ers|ors)")
"""Endings of English words after at least four letters; names in lower case that are shorter or singular pass."""
_KINDS = frozenset(
    folded_words(
        """
ai artificial intelligence intelligent ml machine learning deep llm large small language natural model foundation
frontier neural network transformer generative genai gen generation generator generated generate synthetic
agentic agent multi subagent assistant assistance assist assisted assistive pilot co companion helper teammate bot
chatbot chat conversational conversation voice virtual digital
tool tooling toolkit toolchain software system platform product service solution suite app application program
package library framework engine environment plugin plug in extension add on module component template function
interface client server vendor provider technology tech technique capability script stack infrastructure
paas iaas sdk ide editor console cloud web browser desktop mobile terminal cli command line gui
automation automated automatic automate auto automl autonomous autonomy self robot robotic rpa process processing
workflow pipeline orchestration orchestrator scheduler scheduling integration deployment delivery provisioning
devops mlops llmops aiops dataops finops devsecops elt bi nlp nlu ocr rag
code coding codebase coder programming programmer developer development completion autocomplete suggestion synthesis
refactoring debugging debugger linter compiler low no vibe pair prompt prompting query
data database dataset warehouse lake lakehouse catalog catalogue quality lineage schema metadata analytics analytic
analysis analyst dashboard report reporting visualisation visualization notebook spreadsheet document documentation
test testing tester review reviewer reviewing monitoring monitor observability alert alerting logging management
manager security search retrieval summary summarisation summarization summariser summarizer translation transcription
recommendation recommender prediction predictive forecasting detection detector anomaly classification classifier
computer vision image recognition speech text video content writing knowledge task support ticketing
powered driven based enabled native augmented enhanced aware first supported
open source closed proprietary commercial internal external house homegrown third party custom bespoke
advanced modern smart new existing various other general purpose specialised specialized dedicated
enterprise corporate business company popular leading state art pre trained fine tuned
a an the our their its this these such any some many most several all and or of for
        """
    )
)
"""Words that say of which kind a tool is and never which it is, in any case."""
_KINDS_UNLESS_CAPITAL = frozenset({"copilot", "autopilot"})
"""Kinds in lower case or plural, products with a capital."""


def names_a_tool(text: str) -> bool:
    """Whether a text, as a draft spells it, holds the name of a tool: "GitHub Copilot", "dbt"; not "AI assistants".

    Words that say of which kind a tool is, common abbreviations and plain numbers are left out. Of the rest a word is a
    name if it holds a capital, or a digit beside its letters. The capital of a first word that only words in lower case
    follow may be that of a sentence, so it makes no ordinary English word a name ("Engineering agents"). If nothing of
    the rest is written like a name, it is one when none of its words is ordinary: a word of the lexicon, or one that
    ends like -ing, -ment or -tion.

    It cannot see that a word in lower case is a common one if neither lexicon nor ending tells ("triage bots" passes),
    that capitals adorn a kind ("Engineering Agent" passes), a kind in another language than English, a product whose
    whole name is made of such words ("SQL Server" does not pass), or whether a name is that of a tool.
    """
    chunks = _HYPHENATED.findall(normalise(text))
    if _is_sentence_case(chunks) and _is_ordinary(chunks[0].lower()):
        chunks[0] = chunks[0].lower()
    left = [word for chunk in chunks for word in _left(chunk)]
    if any(word != word.lower() or any(c.isdecimal() for c in word) for word in left):
        return True
    return bool(left) and not any(_is_ordinary(word) for word in left)


def _is_sentence_case(chunks: Sequence[str]) -> bool:
    """Whether the first of several words alone begins with a capital and holds no other."""
    lower = [chunk.lower() for chunk in chunks]
    return len(chunks) > 1 and list(chunks) == [chunks[0].capitalize(), *lower[1:]]


def _left(chunk: str) -> tuple[str, ...]:
    """What of a word is no kind: the word itself, or the parts of a hyphenated one of which others are."""
    chunk = chunk.removesuffix("'s")
    parts = _WORD.findall(chunk)
    kept = tuple(part for part in parts if not _is_kind(part))
    return (chunk,) if len(kept) == len(parts) else kept


def _is_kind(word: str) -> bool:
    if not any(c.isalpha() for c in word):
        return True
    if word.lower().removesuffix("s") in _KINDS_UNLESS_CAPITAL:
        return word.islower() or word.lower().endswith("s")
    return all(part in _KINDS for part in folded_words(word)) or is_known_name(word.removesuffix("s"), ())


def _is_ordinary(word: str) -> bool:
    return all(is_known(part) or _ORDINARY.fullmatch(part) is not None for part in _WORD.findall(word))
