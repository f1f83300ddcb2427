"""Texts that set another role beside the assessed one as to score, safety, risk, exposure, automation or zone.

What lies between two published roles is computed (`agent/registry/transitions.py`); a model or a reviewer who says it
in words has no number for it. A sentence is stopped that names another role, speaks of such a topic as said of a role,
and compares. What another role does may be said. Words are seen, not meaning: how much is found and how often it errs
is measured in `tests/grounding/test_compared_roles.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    r"|chefs?|gardeners?|farmers?|sres?|dbas?|(?:service|support|travel|estate|insurance|centre|center) agents?"
)
_KINDS = r"(?:roles|jobs|occupations|professions|careers|titles)"
_ONE_KIND = r"(?:role|job|occupation|profession|career)"
_OTHER = r"(?:other|another|average|typical|median|neighbou?ring|similar|comparable|adjacent|related|nearby)"
_BETWEEN = (
    r"(?!(?:than|as|because|when|while|whereas|if|unless|that|which|who|whose|where|and|or|but|to|for|in|on|of|by|with"
    r"|from|before|after|since|it|its|they|their|is|are|was|were|be|has|have|can|may|will|would|ever|this|these|the|a"
    r"|an|against|like|unlike|versus)\b)[\w&/+#'.-]+ "
)
_NO_KIND = frozenset(
    {"more", "less", "fewer", "few", "most", "many", "some", "any", "all", "no", "other", "another", "typical",
     "average", "experienced", "skilled", "replace", "replacing", "replaces", "automate", "automating", "automates",
     "displace", "displacing", "displaces", "even", "both", "what"}
)  # fmt: skip
"""Words before a head noun that name no kind of it, folded."""
_THREAT = (
    r"(?:generative |the |being )?(?:ai|automation|agents|language models|llms|machines|displacement|replacement"
    r"|substitution|automated|replaced|displaced|such tools|these tools)\b"
)
_STATE = (
    r"(?:safe|safer|safest|risky|riskier|riskiest|greener|exposed|automatable|automated|vulnerable|susceptible"
    r"|threatened|endangered|protected|insulated|shielded|resilient|resistant|replaceable|displaceable|replaced"
    r"|displaced|defensible|secure|future-proof|ai-proof|at risk)"
)
_CONJUNCTION = (
    r"(?:than|as|and|or|but|when|while|whereas|where|if|because|before|compared|relative|like|unlike|versus|among|of|in"
    r"|by far|now|today|here|overall|still|too|first|sooner|later|faster|earlier|more|less)"
)
_HERE = (
    r"(?:(?:this|the) (?:role|job|position|work|occupation)|this one|theirs"
    r"|(?:people|those|someone|somebody|anyone|anybody|a person) (?:here|in (?:this|the) (?:role|job|work)"
    r"|who (?:do|does|run|runs) (?:this|the) \w+)|these people)"
)
"""The assessed role without its title."""
_COMPARATIVE = (
    r"(?:more|less|fewer|higher|lower|greater|smaller|larger|stronger|weaker|better|worse|safer|riskier|greener|easier"
    r"|harder|simpler|tougher|cheaper|thicker|thinner|slower|sooner|later|faster|earlier|closer|likelier|likely|slowly"
    r"|quickly|easily|readily|equally|same|similar|comparable|equal|half|twice|double|doubly)"
)
_TOPICS = (
    rf"{_STATE}\b(?=$|[^\w\s'-]| {_CONJUNCTION}\b| (?:to|from|by|against) {_THREAT}"
    rf"| (?:bet|choice|spot|place|path|position|{_ONE_KIND}|{_KINDS}|(?:\w+ )?(?:{_HEADS}))\b)",
    r"(?:at|automation|replacement|displacement|ai|its|the|no|any|of|run|less|more|same|higher|lower|greater|smaller"
    rf"|similar|whose) risk\b(?! that\b)(?! (?:of|from) (?!{_THREAT}))",
    rf"exposure\b(?! (?:to|of) (?!{_THREAT}|this ))",
    rf"(?:protection|safety|safe|cushion|shielded|protected|insulated|reach|danger|pressure|threat|targets?|candidates?"
    rf"|fear|lose|survive|surviving|withstand|resist|escape|feel)\b(?: \w+){{0,4}}? (?:(?:from|against|of|for|to) )?"
    rf"{_THREAT}",
    rf"(?:more|less|better|stronger|weaker|same) protection\b(?! (?:of|from|against) (?!{_THREAT}))",
    r"automation (?:risk|potential|exposure|pressure|target|score|threat)|displacement pressure",
    r"(?:automatable|automatability|resilience|resistance|vulnerability|replacement|displacement)\b"
    r"(?! (?:part|node|hardware)s?\b)",
    r"(?:hard|harder|easy|easier|difficult|tough|tougher|simple|simpler|cheap|cheaper|likely|hardly) (?:for \w+ )?"
    r"(?:to )?(?:be )?(?:automate|replace|displace|substitute)d?\b",
    r"(?:(?:replac|displac|automat|substitut)(?:e|es|ed|ing)|(?:threaten|endanger|protect)(?:s|ed|ing)?) (?:\w+ )?"
    rf"(?:for )?(?:(?:(?:a|an|the|any|most) )?(?:{_BETWEEN}){{0,3}}?(?:{_HEADS})|{_HERE}|it|them|people)\b",
    rf"automation reaches|survives? {_THREAT}|(?:more|less) to (?:lose|fear)",
    r"scores? (?:\w+ )?(?:higher|lower|better|worse|above|below|well|badly)|(?:outscore|outrank)s?"
    r"|(?:a|the|its|same|higher|lower|better|worse) score\b|in (?:score|risk|exposure|safety)\b(?! (?:of|to)\b)"
    r"|rank(?:s|ed)? (?:above|below|ahead|behind)",
    r"(?-i:Green|Yellow|Red)\b(?! \w+(?:s|ing)\b)|(?:same|higher|lower|greener|safer|better|worse) zone",
)
"""Said of a role, each speaks of its score, safety, risk, exposure, automation, replacement, zone or resilience."""
_BESIDE = (
    r"(?:(?<!rather )than|unlike|compared (?:with|to)|in (?:comparison|contrast) (?:with|to)|as opposed to|relative to"
    r"|versus|next to|set beside|beside|against|like|similar to|equal to|level with|ahead of|behind|above|below"
    r"|close to|(?:same|similar|comparable|equal) (?:[\w-]+ ){1,4}?(?:as|to)|as [\w-]+ (?:[\w-]+ ){0,4}?as|exceeds"
    r"|outscores?|outranks?|outlasts?|outlives?|outperforms?|resembles?|equals?|matches|beats|edge over)"
)
"""Directly before what something is compared with."""
_LEAD = (
    r"(?:(?:for|of|to|with|in|from|what|that|those|someone|somebody|anyone|people|who|is|replacing|automating"
    r"|displacing|replaces|the (?:work|job|role|position|score|risk|exposure) of"
    r"|it (?:is|does|reaches|displaces|replaces)|a|an|any|the|most|many|some|all|see|has) )*"
)
_MARK = re.compile(
    rf"\b(?:{_COMPARATIVE}|both|share|shares|between|before|while|whereas|but|although|though|yet|where|not|whose|wins"
    r"|edge|exceeds|if|by contrast)\b|;",
    re.IGNORECASE,
)
"""Two things may be set beside each other."""
_TOPIC = re.compile("|".join(rf"\b(?:{topic})" for topic in _TOPICS), re.IGNORECASE)
_NEAR = re.compile(rf"\b{_COMPARATIVE}\b", re.IGNORECASE)
_THAN = re.compile(r"\b(?<!rather )than\b", re.IGNORECASE)
_LED = re.compile(rf"\b{_BESIDE} {_LEAD}$", re.IGNORECASE)
_OWN = re.compile(rf"\b{_HERE}\b", re.IGNORECASE)
_TITLE = rf"(?:{_BETWEEN}){{0,4}}?(?:{_HEADS})"
_LOOSE = (
    rf"(?:{_BETWEEN}){{0,4}}?(?:{_KINDS}|workers?)|(?:{_BETWEEN}){{0,2}}?{_OTHER} (?:{_BETWEEN}){{0,2}}?{_ONE_KIND}"
    rf"|(?:{_BETWEEN}){{1,3}}?(?:engineering|programming|accounting|nursing|teaching|journalism)|juniors?|seniors?"
    r"|principals?|interns?"
)
"""Names of other roles that other things have too: they count directly after a comparative or a superlative."""
_SUPERLATIVE = re.compile(
    rf"\b(?:safest|riskiest|safer|riskier|(?:most|least) {_STATE})(?: (?:of|among|in) (?:all |the )*)? ?"
    rf"(?:{_TITLE}|{_LOOSE})\b"
    rf"|\b(?:of|among) (?:all |the )*(?:{_BETWEEN}){{0,3}}?{_KINDS},? (?:\w+ ){{1,4}}(?:safest|riskiest"
    rf"|(?:most|least) {_STATE})\b",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r" (?:is|are|remains?|stays?|sits?|lands?|falls?) (?:\w+ ){0,2}?(?-i:Green|Yellow|Red)\b(?! \w+(?:s|ing)\b)"
)
_WORDS_NEAR = 4
"""Words between a comparative and what it is of."""


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
    """Start, end and other role of each sentence of a normalised text that compares roles, once for each other role.
    With `levels` another level of the role itself counts as another role."""
    own = [frozenset(folded_words(name)) - LEVELS for name in (frame.title, *frame.aliases)]
    own_levels = frozenset(folded_words(f"{frame.title} {frame.seniority}")) & LEVELS
    named = _named(frame)

    def is_own(role: str) -> bool:
        words = frozenset(folded_words(role.replace("engineering", "engineer")))
        kind, level = words - LEVELS - _NO_KIND, words & LEVELS
        bare = not (kind or level) or "other" in words
        ours = any(name <= kind or (kind <= name and not bare) for name in own)
        return ours and (not levels or level <= own_levels)

    for start, end in sentence_spans(plain):
        sentence = plain[start:end]
        topics = list(_TOPIC.finditer(sentence))
        if not topics:
            continue
        mentions = list(named.finditer(sentence))
        others = [mention for mention in mentions if not is_own(mention[0])]
        if others:
            ours = [m.start() for m in (*_OWN.finditer(sentence), *(m for m in mentions if m not in others))]
            if _compares(sentence, topics, others, ours):
                seen = (*topics, *others)
                begin, until = min(one.start() for one in seen), max(one.end() for one in seen)
                for other in [one for one in others if one["title"]] or others:
                    yield start + begin, start + until, other[0]


def _named(frame: RoleFrame) -> re.Pattern[str]:
    """A role by a head noun, by a name that the frame has for another one, or loosely."""
    names = [re.escape(name) for name in (*(other.title for other in frame.is_not), *frame.proxies) if name.strip()]
    titles = "|".join([*(rf"{name}s?" for name in names), _TITLE])
    return re.compile(rf"\b(?:(?P<title>{titles})|(?P<loose>{_LOOSE}))\b(?!-)", re.IGNORECASE)


def _compares(
    sentence: str, topics: Sequence[re.Match[str]], others: Sequence[re.Match[str]], ours: Sequence[int]
) -> bool:
    """Whether a sentence that speaks of a topic and of other roles sets roles beside each other as to it."""
    starts = [at for other in others for at in _starts(other)]
    if _SUPERLATIVE.search(sentence) or any(_LED.search(sentence[:at]) for at in (*starts, *ours)):
        return True
    titles = [other for other in others if other["title"]]
    if any(_ZONE.match(sentence, title.end()) for title in titles):
        return True
    if not titles or _THAN.search(sentence):
        return False
    return bool(ours and _MARK.search(sentence)) or any(_is_near(sentence, topic) for topic in topics)


def _starts(mention: re.Match[str]) -> list[int]:
    """Where its words start: the first of them may be no part of the name."""
    return [mention.start(), *(mention.start() + space.end() for space in re.finditer(" ", mention[0]))]


def _is_near(sentence: str, topic: re.Match[str]) -> bool:
    """Whether a comparative stands in a topic or close to it."""
    before = " ".join(sentence[: topic.start()].split(" ")[-_WORDS_NEAR - 1 :])
    after = " ".join(sentence[topic.end() :].split(" ")[: _WORDS_NEAR + 1])
    return any(_NEAR.search(part) for part in (before, topic[0], after))
