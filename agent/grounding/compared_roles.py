"""Texts that set another role beside the assessed one as to score, safety, risk, exposure, automation or zone.

What lies between two published roles is computed (`agent/registry/transitions.py`); a model or a reviewer who says it
in words has no number for it. What another role does, without such a comparison, may be said. Words are seen, not
meaning: how much is found and how often it errs is measured in `tests/grounding/test_compared_roles.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.content import Said
from agent.grounding.language import sentence_spans
from agent.grounding.normalise import folded_words, normal_text
from agent.grounding.spoken import block, shown
from agent.schemas.draft import RoleFrame
from agent.schemas.finding import Finding, Highlight
from agent.schemas.vocabulary import Section

CODE = "G-ROLE-COMPARED"
LEVELS = frozenset({"junior", "senior", "mid", "middle", "entry", "level", "lead", "staff", "principal", "intern"})
"""Words that tell one level of a role from another, folded."""
LEVEL_NOTE = "frame.seniority_note"
"""The one text that may set the role's own levels beside each other: it is marked as a hypothesis."""

_HEADS = (
    r"engineers?|developers?|programmers?|coders?|testers?|analysts?|scientists?|statisticians?|designers?|architects?"
    r"|managers?|administrators?|technicians?|specialists?|consultants?|researchers?|accountants?|bookkeepers?"
    r"|auditors?|actuar(?:y|ies)|economists?|underwriters?|traders?|brokers?|advis[eo]rs?|planners?|buyers?|sellers?"
    r"|marketers?|recruiters?|lawyers?|attorneys?|paralegals?|clerks?|cashiers?|secretar(?:y|ies)|receptionists?"
    r"|nurses?|doctors?|physicians?|surgeons?|dentists?|pharmacists?|radiologists?|therapists?|teachers?|tutors?"
    r"|professors?|librarians?|archivists?|writers?|copywriters?|journalists?|translators?|interpreters?|artists?"
    r"|illustrators?|photographers?|drivers?|pilots?|mechanics?|electricians?|plumbers?|carpenters?|welders?|cooks?"
    r"|chefs?|gardeners?|farmers?|workers?|sres?|dbas?"
)
_KINDS = r"roles|jobs|occupations|professions|careers|titles"
_ONE_KIND = r"role|job|occupation|profession|career"
_OTHER = r"other|another|average|typical|median|neighbou?ring|similar|comparable|adjacent|related|nearby"
_BETWEEN = (
    r"(?!(?:than|as|because|when|while|whereas|if|unless|that|which|who|whose|where|and|or|but|to|for|in|on|of|by|with"
    r"|from|before|after|since|it|its|they|their|is|are|was|were|be|has|have|can|may|will|would|ever|this|these|the|a"
    r"|an)\b)[\w&/+#'.-]+ "
)
_ROLE = (
    r"(?:(?:that|those|the (?:work|job|role|position|score|risk|exposure)) of )?"
    r"(?:(?:a|an|any|the|most|many|some|all) )?"
    rf"(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS})|(?:{_BETWEEN}){{0,4}}?(?:{_KINDS})"
    rf"|(?:{_BETWEEN}){{0,2}}?(?:{_OTHER}) (?:{_BETWEEN}){{0,2}}?(?:{_ONE_KIND})"
    r"|juniors?|seniors?|principals?|interns?|(?:this|the) (?:role|job|position|work)|this one|theirs|it(?! \w))\b(?!-)"
)
_THREAT = (
    r"(?:generative |the )?(?:ai|automation|agents|language models|llms|machines|displacement|replacement|substitution"
    r"|being (?:automated|replaced|displaced)|such tools|these tools)"
)
_STATE = (
    r"(?:safe|risky|at risk|exposed|automatable|automated|vulnerable|susceptible|threatened|endangered|protected"
    r"|resilient|resistant|replaceable|displaceable|future-proof|ai-proof)"
)
_ADVERBS = (
    r"(?:(?:much|far|clearly|slightly|somewhat|considerably|rather|even|still|a little|a bit|a lot|well|highly|heavily"
    r"|largely|fairly|relatively|strongly|directly|also|consistently|overall|therefore|probably|generally) )*"
)
_TAIL = (
    rf"(?: (?:to|from|by|against) {_THREAT})?"
    r"(?: (?:role|job|position|career|bet|choice|place|occupation|profession|path|title))?"
    r"(?:,? (?:now|today|here|overall|on balance|for now|at present|by far"
    r"|in (?:the )?(?:long|short|medium) (?:run|term)"
    r"|over time|in (?:score|risk|exposure)))?,?"
)
_NUMBER = (
    rf"(?:scores?|ratings?|zones?|resilience|automatability|vulnerability|risk(?: (?:of|from) {_THREAT})?"
    rf"|exposure(?: to {_THREAT})?|protection(?: (?:from|against) {_THREAT})?|automation (?:risk|potential|exposure))"
)
_MORE = r"(?:greener|safer|higher|lower|better|worse|greater|smaller|larger|stronger|weaker|more|less)"
_GONE = r"(?:automated|replaced|displaced|taken over|disappears?|vanish(?:es)?)"
_SOONER = (
    r"(?:sooner|later|faster|earlier|slower|more (?:slowly|quickly|easily|readily)|less (?:quickly|easily|readily))"
)
_ZONE = r"(?:in (?:the )?)?(?:green|yellow|red)\b(?! \w+(?:s|ing)\b)"
_IS = r"(?:is|are|remains?|stays?|sits?|stands?|lands?|looks?|seems?|scores?|falls?)"
_FORMS = (
    rf"(?:safer|riskier|greener){_TAIL} than {_ROLE}",
    rf"(?:more|less|better|worse) {_ADVERBS}(?:{_STATE}|secure){_TAIL} than {_ROLE}",
    rf"{_MORE} {_NUMBER}{_TAIL} than {_ROLE}",
    rf"{_NUMBER} (?:is|are|remains?|stays?) {_ADVERBS}{_MORE}{_TAIL} than {_ROLE}",
    rf"(?:threatens?|replaces?|exposes?|displaces?|endangers?|automates?) {_ROLE} {_ADVERBS}(?:more|less|{_SOONER})\b",
    rf"better (?:placed|positioned|shielded|equipped) than {_ROLE} (?:to (?:survive|withstand|resist)|against) ",
    rf"(?:scores?|scored|scoring|ranks?|rates?|rated|fares?|comes? out) {_ADVERBS}"
    rf"(?:(?:higher|lower|better|worse){_TAIL} than|above|below|ahead of|behind|close to|level with) {_ROLE}",
    rf"(?:outscores?|outranks?|outlasts?|outlives?) {_ROLE}",
    rf"(?:easier|harder|simpler|more difficult|less difficult|cheaper) (?:for \w+ )?to (?:automate|replace|displace)"
    rf"{_TAIL} than {_ROLE}",
    rf"{_GONE} {_ADVERBS}{_SOONER} than {_ROLE}",
    rf"(?:replaces?|automates?|displaces?) (?:it|them|this role|the role|this work) {_ADVERBS}{_SOONER} than {_ROLE}",
    rf"(?:more|less) (?:likely|prone) to be {_GONE}{_TAIL} than {_ROLE}",
    rf"(?:more|less) (?:likely|prone) than {_ROLE} to be {_GONE}",
    rf"(?:more|less) to fear(?: from {_THREAT})? than {_ROLE}",
    rf"(?:as|equally|no (?:more|less)) {_ADVERBS}(?:much )?{_STATE}{_TAIL} (?:as|than) {_ROLE}",
    rf"(?:the same|a similar|a comparable|an equal) {_NUMBER}{_TAIL} (?:as|to) {_ROLE}",
    rf"(?:is|are|remains?|among|one of|counts?) (?:\w+ ){{0,2}}?(?:safest|riskiest|(?:most|least) {_STATE})"
    rf"(?: (?:of|among|in) (?:all |the )*)?(?P<role>(?: ?(?:{_BETWEEN}){{0,4}}?)(?:{_KINDS}|{_ONE_KIND}|{_HEADS}))\b",
    rf"(?:of|among) (?:all |the )*(?P<role>(?:{_BETWEEN}){{0,3}}?(?:{_KINDS})),? (?:\w+ ){{1,4}}"
    rf"(?:safest|riskiest|(?:most|least) {_STATE})\b",
    rf"(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS})) {_IS} {_ADVERBS}{_ZONE}",
)
"""Each says the comparison by itself."""
_SET_BESIDE = (
    rf"(?:unlike|compared (?:with|to)|in comparison (?:with|to)|in contrast (?:with|to)|as opposed to|relative to"
    rf"|versus) {_ROLE}"
)
_CONTRASTED = (
    rf"(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS})) {_IS} {_ADVERBS}"
    rf"(?:(?:not )?{_STATE}\b|(?:not|(?:much )?(?:less|more) so)(?=[,.;]|$))"
)
_SAID_OF = (
    rf"{_IS} (?:not )?{_ADVERBS}(?:more |less |most |least )?{_STATE}\b(?! (?:to|by|from|against) (?!{_THREAT}))"
    rf"|{_IS} {_ADVERBS}{_ZONE}|(?:safer|riskier)\b(?! \w)|{_MORE} {_NUMBER}\b"
    rf"|scores? {_ADVERBS}(?:higher|lower|better|worse|well|badly)"
    rf"|(?:more|less) {_STATE}\b(?! (?:to|by|from) (?!{_THREAT}))"
)
"""What is said of a role as to its score, safety, risk, exposure, automation or zone."""
_SUBJECT = re.compile(rf"\b(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS}|{_KINDS}))\b(?: \w+){{0,4}} $", re.IGNORECASE)
"""A role closely before a comparison with the assessed one: "a data engineer is … than this role"."""
_HERE = re.compile(r"(?:(?:this|the) (?:role|job|position|work)|this one|theirs|it)", re.IGNORECASE)
_FORM = tuple(re.compile(rf"\b{form}", re.IGNORECASE) for form in _FORMS)
_BESIDE = re.compile(rf"\b{_SET_BESIDE}", re.IGNORECASE)
_CONTRAST = re.compile(rf"\b{_CONTRASTED}", re.IGNORECASE)
_TURN = re.compile(r"\b(?:while|whereas|but|although|though|yet|where)\b|;", re.IGNORECASE)
_SAID = re.compile(rf"\b(?:{_SAID_OF})", re.IGNORECASE)


def compared_role_findings(said: Said) -> Iterator[Finding]:
    """A claim that compares roles and has no quote that names the other one."""
    frame = said.ground.frame
    for start, end, role in () if frame is None else _comparisons(said.plain, frame, levels=True):
        head = folded_words(role)[-1:]
        if not any(head[0] in folded_words(quote.text) for quote in said.quoted if head):
            here = said.highlight(start, end)
            yield _finding(said.section, said.path, said.plain[start:end], here)
            return


def compared_text_findings(section: Section, path: str, text: str, frame: RoleFrame) -> Iterator[Finding]:
    """A text beside the claims that compares roles."""
    plain = normal_text(text).text
    for start, end, _ in _comparisons(plain, frame, levels=path != LEVEL_NOTE):
        yield _finding(section, path, plain[start:end], None)
        return


def _finding(section: Section, path: str, words: str, here: Highlight | None) -> Finding:
    message = (
        f'"{shown(words)}" compares this role with another, which only code does, from their numbers; leave it out: '
        "`assess-role compare` and the page's panel say it."
    )
    return block(CODE, section, path, message, here)


def _comparisons(plain: str, frame: RoleFrame, *, levels: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and other role of each comparison of a normalised text. With `levels` another level of the role
    itself counts as another role."""
    own = [frozenset(folded_words(name)) - LEVELS for name in (frame.title, *frame.aliases)]
    own_levels = frozenset(folded_words(f"{frame.title} {frame.seniority}")) & LEVELS

    def is_own(role: str) -> bool:
        words = frozenset(folded_words(role))
        kind, level = words - LEVELS, words & LEVELS
        return any(kind <= name or name <= kind for name in own) and (not levels or level <= own_levels)

    for start, end in sentence_spans(plain):
        sentence = plain[start:end]
        for match in _matches(sentence):
            role, begin = match["role"], match.start()
            if _HERE.fullmatch(role) or is_own(role):
                subject = _SUBJECT.search(sentence[:begin])
                if subject is None or is_own(subject["role"]):
                    continue
                role, begin = subject["role"], subject.start()
            yield start + begin, start + match.end(), role


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    for form in _FORM:
        yield from form.finditer(sentence)
    if _SAID.search(sentence) is not None:
        yield from _BESIDE.finditer(sentence)
        if _TURN.search(sentence) is not None:
            yield from _CONTRAST.finditer(sentence)
