"""Texts that set another role beside the assessed one as to score, safety, risk, exposure, automation or zone.

What lies between two published roles is computed (`agent/registry/transitions.py`); a model or a reviewer who says it
in words has no number for it. What another role does, without such a comparison, may be said. Words are seen, not
meaning: how much is found and how often it errs is measured in `tests/grounding/test_compared_roles.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

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
    rf"(?:scores?|scored|scoring|ranks?|rates?|rated|fares?|comes? out) {_ADVERBS}"
    rf"(?:(?:higher|lower|better|worse){_TAIL} than|above|below|ahead of|behind|close to|level with) {_ROLE}",
    rf"(?:outscores?|outranks?|outlasts?|outlives?) {_ROLE}",
    rf"(?:the same|a similar|a comparable|an equal) {_NUMBER}{_TAIL} (?:as|to) {_ROLE}",
    rf"(?:is|are|remains?|among|one of|counts?) (?:\w+ ){{0,2}}?(?:safest|riskiest|(?:most|least) {_STATE})"
    rf"(?: (?:of|among|in) (?:all |the )*)?(?P<role>(?: ?(?:{_BETWEEN}){{0,4}}?)(?:{_KINDS}|{_ONE_KIND}|{_HEADS}))\b",
    rf"(?:of|among) (?:all |the )*(?P<role>(?:{_BETWEEN}){{0,3}}?(?:{_KINDS})),? (?:\w+ ){{1,4}}"
    rf"(?:safest|riskiest|(?:most|least) {_STATE})\b",
    rf"(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS})) {_IS} {_ADVERBS}{_ZONE}",
)
"""Each says the comparison by itself."""
_CONTRASTED = (
    rf"(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS})) {_IS} {_ADVERBS}"
    rf"(?:(?:not )?{_STATE}\b|(?:not|(?:much )?(?:less|more) so)(?=[,.;]|$))"
)
_CUE = re.compile(
    r"\b(?:than|unlike|compared (?:with|to)|in (?:comparison|contrast) (?:with|to)|as opposed to|relative to|versus"
    r"|set beside|next to|whereas|while|before|exceeds?|resembles?|equals?|as [\w-]+ as|does not|cannot|would"
    r"|closer to)\b|,? (?:more|less|sooner|later) so\b",
    re.IGNORECASE,
)
"""What sets two things beside each other."""
_HOW_MUCH = (
    r"(?:higher|lower|less|more|greater|smaller|bigger|high|low|little|no|same|similar|equal|the|a|its|their|in|by"
    r"|automation|ai|displacement)"
)
_AT = r"(?! (?:to|by|from|against|of|in|for) (?!" + _THREAT + r"|by )\w)"
"""A state or a risk that is not of something else: exposed to customers, a risk of outages."""
_TOPIC = re.compile(
    rf"\b(?:{_STATE}\b(?! \w{{3,}}s\b){_AT}|(?:safer|riskier|greener)\b(?= (?:than|bet|choice|career)\b)"
    rf"|(?:{_HOW_MUCH}|\w+'s?) (?:risk|danger|exposure|protection)\b(?: (?:of|from|to) (?:{_THREAT}|being))?{_AT}"
    rf"|risk (?:of|from) (?:a |an |this |the )?(?:\w+ )?(?:{_HEADS}|role)\b"
    rf"|(?:is|are|be|being|was|were|feels?) automated|automat(?:able|ability)"
    rf"|(?:easy|easier|hard|harder|simple|difficult) (?:for \w+ )?to (?:automate|replace|displace)"
    rf"|(?:feels?|survives?|withstands?|escapes?|resists?|targets? for) {_THREAT}"
    rf"|replac(?:e|es|ed|ing|eable)|displac(?:e|es|ed|ing)|substitutes? for|threatens?|to fear|to lose|disappears?"
    rf"|(?:scores?|scored) {_ADVERBS}(?:higher|lower|better|worse)|(?:a |the |same |its |better |worse )scores?"
    rf"|resilience|(?:red|yellow|green)\b(?= (?:zone|than)|,|\.| is\b))",
    re.IGNORECASE,
)
"""Score, safety, risk, exposure, automation, replacement, zone."""
_MARKED = re.compile(
    r"\b(?:than|unlike|compared (?:with|to)|in (?:comparison|contrast) (?:with|to)|as opposed to|relative to|versus"
    r"|set beside|next to|resembles?|equals?|as [\w-]+ as|scored? (?:\w+ )?(?:for|of)|(?:exceeds?|beats?) that of)"
    r"(?: (?:that|those|someone|anyone|people|a person)(?: of| in| who is)?)? $",
    re.IGNORECASE,
)
"""Directly before the role that another thing is compared with."""
_ARTICLE = re.compile(r"\b(?:a|an|the|any|most|many|some|all) $", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:(?:this|the) (?:role|job|position|work|occupation)|(?:people|those|someone|anyone) here|this one)\b",
    re.IGNORECASE,
)
"""The assessed role where a sentence does not call it by its title."""
_MENTION = re.compile(rf"\b(?P<role>(?:{_BETWEEN}){{0,3}}?(?:{_HEADS}))\b(?!-)", re.IGNORECASE)
_SUBJECT = re.compile(rf"\b(?P<role>(?:{_BETWEEN}){{0,4}}?(?:{_HEADS}|{_KINDS}))\b(?: \w+){{0,4}} $", re.IGNORECASE)
"""A role closely before a comparison with the assessed one: "a data engineer is … than this role"."""
_HERE = re.compile(r"(?:(?:this|the) (?:role|job|position|work)|this one|theirs|it)", re.IGNORECASE)
_FORM = tuple(re.compile(rf"\b{form}", re.IGNORECASE) for form in _FORMS)
_CONTRAST = re.compile(rf"\b{_CONTRASTED}", re.IGNORECASE)
_TURN = re.compile(r"\b(?:while|whereas|but|although|though|yet|where)\b|;", re.IGNORECASE)


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
        for begin, stop, role in _set_beside(sentence, is_own):
            yield start + begin, start + stop, role


def _set_beside(sentence: str, is_own: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    """Start, end and other role where a sentence has a word of comparison, one of score, safety, risk, exposure,
    automation or replacement, and another role: directly behind the comparison, or in one sentence with this role."""
    cue, topic = _CUE.search(sentence), _TOPIC.search(sentence)
    if cue is None or topic is None:
        return
    for mention in _MENTION.finditer(sentence):
        if is_own(mention["role"]):
            continue
        before = _ARTICLE.sub("", sentence[: mention.start()])
        if _MARKED.search(before) is not None or _OWN.search(sentence) is not None:
            parts = (cue, topic, mention)
            yield min(part.start() for part in parts), max(part.end() for part in parts), mention["role"]


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    for form in _FORM:
        yield from form.finditer(sentence)
    if _TURN.search(sentence) is not None:
        yield from _CONTRAST.finditer(sentence)
