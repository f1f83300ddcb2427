"""What a text says when it addresses a model. Patterns over a normalised text, case aside."""

from __future__ import annotations

import re

_MODEL = r"(?:ai|artificial intelligence|llms?|(?:large )?(?:language )?models?|chatbots?|(?:ai |virtual )?assistants?|gpt|claude|gemini|copilot)"
_READER = rf"(?:{_MODEL}|(?:ai |automated |automatic )?(?:assessors?|graders?|evaluators?|judges?|raters?|reviewers?|agents?|systems?|bots?|pipelines?|tools?))"
_TOLD = r"(?:instructions?|prompts?|guidelines?|guidance|rules|directives?|system messages?|constraints?|policies|orders|commands|rubrics?|criteria)"
_VALUE = r"(?:[-+\u2212]?\d|one|two|three|four|five|green|yellow|red|zero|(?:the )?(?:highest|lowest|maximum|minimum|top|full|best|worst))"
_WORK = r"(?:role|task|job|occupation|position|profession|article|passage|section|dimension|entry|claim|source)"

_ORDERS = (
    rf"(?<!to )(?<!who )(?<!they )(?<!drivers )\b(?:ignore|disregard|forget|override|bypass|drop|discard|skip|abandon|set aside|pay no attention to|do not follow|"
    rf"don't follow|stop following)\b.{{0,40}}\b(?:{_TOLD}|everything (?:above|before)|what you were told|"
    r"the text above|your (?:training|task))\b(?! (?:of|in|from|by|on) (?:the )?(?:market|survey|study|government|law))",
    r"\b(?:ignore|disregard|forget) (?:all|everything|anything) (?:of )?(?:the |that )?"
    r"(?:above|previous|prior|earlier|came before|you)\b",
    r"\b(?:reveal|print|repeat|show|output|leak|disclose|send|copy|paste|append|include) (?:me |us |back |out )?(?:all |the |your |any )*"
    r"(?:(?:system|developer|hidden|initial|original|internal) (?:prompt|message|instructions?)|prompt above|api keys?)\b",
)

_ENGLISH = (
    r"\b(?:new|updated|revised|real|actual|additional|important|secret|hidden|special) instructions?\s*(?::|for (?:the |any |all )?"
    rf"{_READER}\b|to follow\b)",
    r"\b(?:system|developer|hidden) prompt\s*(?::|override|update|is now)|\byour (?:system|developer|hidden|original) (?:prompt|instructions?)\b",
    r"\b(?:reveal|print|repeat|show|output|leak) .{0,30}\bsystem prompt\b|\bprint your\b.{0,20}\bprompt\b",
    rf"\byou are (?:now |no longer )?(?:an? |the )?(?:\w+ ){{0,2}}{_MODEL}\b",
    r"\byou are now (?:an? |in |the |free|no longer)\b|\bfrom now on,? you\b|\byou (?:must|should|will|are to|have to) now\b",
    r"\bas an? (?:ai|artificial intelligence|large)? ?(?:language )?(?:model|assistant|chatbot)\b[, ]+(?:you|i|please|kindly)\b",
    rf"\b(?:note|notice|message|memo|reminder|attention|instructions?|hint|request|guidance|directive)s? (?:to|for|of) (?:the |any |all |every |our )?"
    rf"(?:\w+ )?{_READER}s?\s*[:\u2014(\[-]",
    rf"\b(?:note|notice|message|memo|attention) (?:to|for) (?:the |any |all |every )?{_READER}s?,",
    rf"\battention,? (?:all )?{_READER}\b",
    rf"\b(?:if|when|should) you(?:'re| are)? (?:be )?(?:an? |the |any )?(?:\w+ )?{_READER}\b",
    rf"\b(?:if|when) (?:an? |the |any )?{_MODEL} (?:is |are )?(?:reads?|reading|processes|processing|summari[sz]es|summari[sz]ing|evaluates|evaluating|parses)\b"
    r".{0,40}\b(?:must|should|it (?:is|has)|please|then|treat|score|rate|output|ignore)\b",
    rf"\b{_READER}s? (?:reading|processing|parsing|evaluating|analy[sz]ing|assessing|that read|who read|which read|summari[sz]ing) this\b",
    rf"\bany {_READER} (?:must|should|is (?:asked|required|requested|instructed|kindly)|are (?:asked|required|requested))\b",
    rf"\b(?:dear|hello|hi|hey|listen),? (?:{_MODEL}|(?:ai |automated )?(?:assessor|grader|evaluator|reviewer|agent))\b",
    rf"\b(?:score|rate|grade|rank|mark|classify|label|assess|treat|set) (?:this|it|the {_WORK}|the \w+ {_WORK}|all(?: \w+)?|every \w+|each \w+|my \w+)"
    rf"(?: \w+)? ?(?:an? |as |at |with |to |in |under |= ?|: ?){{0,2}}{_VALUE}\b",
    rf"\b(?:score|rate|grade|mark) (?:this|it|them|everything|all of (?:it|them)) (?:an? |as |at |with )?{_VALUE}\b",
    r"\b(?:give|assign|award|return|choose|select|pick|use|enter|put|write|record|report) (?:this|it|the (?:role|job|task|occupation|final)|all tasks|every task|each task|a|an)"
    rf" ?(?:an? |the )?(?:\w+ )?(?:score|rating|grade|zone|label|value)s? (?:of|as|=|:|at) ?{_VALUE}\b",
    r"\b(?:give|assign|award) (?:this|it|the role|the job|all tasks|every task) (?:an? |the )?"
    rf"(?:score|rating|grade|(?:highest|lowest|maximum|minimum|top|full) (?:score|rating|marks?)|{_VALUE})\b",
    r"\b(?:the |its |final |correct |right |only )+(?:score|rating|zone|label|verdict|answer) (?:must|has to|shall|should|needs to) (?:always )?(?:be|read|say|stay)\b",
    r"\b(?:must|should|has to|have to|needs? to|is to|are to) be (?:scored|rated|graded|labell?ed|classified|marked|assessed|zoned) (?:an? |as |at |with |in )*"
    rf"{_VALUE}\b",
    r"\b(?:respond|reply|answer|output) (?:only with|exactly|with only|with exactly|solely|nothing but|only \"|in json|with the (?:word|following|json))\b",
    r"\b(?:cite|quote|use|trust|rely on|consider|mention) (?:only|solely|just|exclusively) (?:this|the (?:present|following|above))\b"
    r"|\b(?:only|solely|exclusively) (?:cite|quote|use|trust) (?:this|the present)\b|\bcite (?:this|only this) (?:passage|article|source)\b",
    r"\b(?:do not|don't|never) (?:cite|quote|use|trust|mention|consider) (?:any |the )?other (?:passages?|sources?|articles?|evidence)\b",
    r"\b(?:do not|don't|never) (?:mention|reveal|disclose|cite|tell|report|flag|show) (?:this|these|the) "
    r"(?:instructions?|message|note|prompt|passage|comment|to (?:the )?(?:user|reviewer|human)|(?:user|reviewer|human))\b",
    r"\b(?:do not|don't|never) (?:tell|inform|alert|warn) (?:the )?(?:user|reviewer|human|editor)s?\b",
    r"\b(?:discard|ignore|disregard|skip|omit|leave out) (?:all |any |every |the )*(?:other |remaining |contrary |opposing |negative |positive |contradicting )+"
    r"(?:passages?|sources?|evidence|articles?|documents?|claims?)\b",
    r"\b(?:pretend|act|behave|roleplay|role-play) (?:as if |as though |like |as |that |to be )?(?:you|an? (?:unrestricted|different|new)|dan\b)",
    r"\b(?:begin|start|end|prefix) (?:your|the|every) (?:answer|response|reply|output|rationale)\b",
    r"\b(?:in|with) your (?:answer|response|reply|output|rationale|assessment|verdict|json|draft)\b",
    r"\byour (?:task|job|goal|role|only task|purpose) (?:is|now is|has changed)\b.{0,60}\b(?:score|rate|output|respond|answer|write|say|state|print|return)\b",
    r"\b(?:enter|enable|activate|switch to|now in|are in|into) (?:developer|debug|admin|administrator|god|maintenance|jailbreak|dan) mode\b|\b(?:jailbreak|dan|god) mode\b",
    r"\b(?:override|bypass|disable) (?:the |all |any |your )*(?:safety|guard|guardrails?|filters?|checks?|scoring|rubric|formula|restrictions?)\b",
    r"!\[[^\]]{0,200}\]\(https?://[^)\s]{1,300}[?&][^)\s]{0,300}(?:=|%3d)[^)\s]{0,40}(?:\{|\[|<|\$|data|prompt|secret|context)",
    r"\b(?:fetch|visit|open|load|request|call|post to|send .{0,30} to) https?://\S+[?&]\S*(?:=|\{)",
    r"[\"']?(?:score|rating|zone|verdict)[\"']?\s*:\s*[\"']?(?:[-+]?[1-5]\b|green|yellow|red)[\"']?\s*[,}]",
    rf"\b(?:overrid(?:es?|ing)|supersed(?:es?|ing)|replac(?:es?|ing)|takes? precedence over|cancels?) "
    rf"(?:all |any |every |the |your |other |previous |earlier |prior )+{_TOLD}\b",
    r"\byour (?:developers?|creators?|operators?|providers?|makers?|owners?|principals?|administrators?|admins?|trainers?"
    r"|users?) (?:asks?|wants?|instructs?|requires?|told|tells?|orders?|expects?|has|have)\b",
    r"\b(?:tool|function|search|retrieval) (?:results?|outputs?|calls?|response) ?:|\boverride accepted\b",
    r"\b(?:claims?|sentence|answer|text|rationale|score|value) to (?:use|make|write|give|return|output|copy) ?:",
    r"\b(?:as told|as instructed|as ordered) ?[:.]",
    r"\b(?:the )?(?:reviewers?|editors?|humans?|assessors?|supervisors?) (?:have|has) (?:already )?"
    r"(?:approved|signed off|accepted|cleared|confirmed) (?:this|it|everything)\b",
    r"[\"']role[\"'] ?: ?[\"'](?:system|assistant|developer|user|tool)[\"']",
    r"#{2,} ?(?:instructions?|response|system|input|prompt|task|assistant)\b ?:",
    r"\b(?:BEGIN|END|START) (?:OF )?(?:ADMIN|SYSTEM|NEW|DEVELOPER|ROOT|HIDDEN|SECRET|PRIVATE|TRUSTED|PRIORITY) ?"
    r"(?:OVERRIDE|MESSAGE|PROMPT|INSTRUCTIONS?|BLOCK|NOTE)\b",
    r"<[^>]{0,200}(?:font-size ?: ?0|display ?: ?none|visibility ?: ?hidden|opacity ?: ?0(?![.\d]*[1-9])"
    r"|color ?: ?(?:#fff(?:fff)?|white|transparent))[^>]{0,200}>",
    # Asking politely, or of whoever reads.
    rf"\b(?:could|would|can|will|may|might) (?:the|any|an?|all|every|our) {_READER}s? (?:that|who|which|reading|please|kindly)\b",
    r"\b(?:could|would|can|will) you (?:please|kindly)\b|\bplease (?:score|rate|rank|describe|present|treat|draft|conclude|answer|ignore|omit|enter)\b",
    r"\b(?:appreciate|grateful|thank you|kind|helpful|nice|ask|asks|asked|request|urge|want|wish)(?: it)?(?: if| that|ed| for)? .{0,30}\b(?:automated |ai |automatic )?(?:reviewers?|assessors?|graders?|models?|llms?|assistants?|chatbots?)\b"
    r".{0,40}\b(?:gave|give|score|rate|mark|describe|present|leave out|omit|highest)\b",
    r"\b(?:should|shall|must|has to|have to|is to|are to|needs? to) (?:conclude|be processed|present|describe|enter|report|state|write) .{0,60}\b(?:chatbot|model|assistant|llm|role|occupation|score|wages|postings)s?\b(?=.{0,60}(?:safe|irreplaceable|favou?rable|[+]2|highest|stops short|green))",
    r"\b(?:should|if) (?:this|the) (?:page|text|article|passage|document) be (?:processed|read|summari[sz]ed|parsed|evaluated) by\b",
    rf"\bonly (?:{_MODEL}|machines?|software|robots?|bots?) (?:will|can|would) (?:parse|read|see|notice)\b",
    r"\b(?:a |one )?(?:word|hint|line|tip) (?:to|for) (?:whoever|whatever|anyone who|any(?:thing|body) that|those who|them|the (?:machine|software))\b",
    r"\bwhoever (?:drafts?|writes?|reads?|summari[sz]es|processes) .{0,40}\b(?:with a model|this text|from this)\b",
    r"\b(?:evaluators?|assessors?|reviewers?|graders?|readers?),? (?:human|both human|whether human) (?:or|and) (?:machine|ai|automated)\b",
    r"\b(?:are|is) (?:required|asked|instructed|obliged|told) to (?:enter|give|assign|record|put|choose|select|report) (?:[+-]?\d|green|the highest|the lowest)",
    r"\bwhen(?:ever)? (?:you )?(?:draft(?:ing)?|writ(?:e|ing)|scor(?:e|ing)|rat(?:e|ing)|assess(?:ing)?|summari[sz](?:e|ing)) (?:claims?|from this|this|the (?:role|section|summary)),? (?:\w+ ){0,3}(?:quote|cite|use|rate|treat|mention|write|say)\b",
    r"\b(?:cite|quote) (?:it|this|the present (?:paragraph|passage|article)|this (?:page|paragraph|passage|article)) first\b",
    r"\btreat (?:every|any|all|each) (?:other |contrary |opposing |contradicting )+(?:passages?|sources?|articles?|claims?|evidence) as\b",
    r"\b(?:append|add|insert|attach|end each claim with|end every claim with|finish with) .{0,60}(?:!?\[[^\]]{0,80}\]\(|https?://|\blink of the form\b)",
    r"\b(?:send|post|upload|transmit|submit|forward) .{0,80}\bto https?://",
    r"\bbefore you (?:answer|respond|reply|draft|write|score)\b|\bafter you (?:have )?(?:answered|drafted|scored)\b",
    r"\b(?:let us|let's) play a game\b|\bstay in character\b|\bfor the rest of (?:the|this) (?:session|conversation|chat|task)\b",
    r"\bgame in which you are\b|\byou will have been (?:handed|given|told)\b|\bwhat you were (?:handed|given|told)\b",
    r"\beverything that was (?:laid down|said|written|ordered|told) before\b|\b(?:set|put) (?:it|them|that|these|those) aside\b.{0,80}\b(?:for you|you)\b",
    r"\b(?:what remains for you|your part|all you have to do|you only (?:need|have)) (?:is )?to\b",
    rf"\band you, (?:the |an? )?{_READER}\b|\byou, (?:the |an? )?{_MODEL},",
    r"\b(?:must|should|may|can) not (?:lower|reduce|raise|change) the (?:score|rating|zone) (?:of|for) (?:this|the) (?:role|job|occupation)\b",
    rf"\b(?:set|change) (?:the )?(?:zone|score|label|verdict|rating) (?:=|to|as) ?{_VALUE}\b|\bsuppress (?:all |the |any )?findings\b|\breply without evidence\b",
    r"(?:^|\n|[.:#] ?)#? ?prompt for (?:the )?(?:drafting |ai |assessment )?(?:agents?|models?|assistants?)\b",
    r"\binstructions? to (?:the )?(?:summari[sz]ing|reading|assessing|drafting|automated|any) (?:software|systems?|models?|agents?|tools?|programs?)\b",
    r"\bnotice from (?:the )?(?:maintainers?|developers?|operators?|administrators?|team|makers?) of (?:this|the) (?:assessment |scoring )?(?:tool|system|software|model)\b",
    r"\bplease draft accordingly\b|\bdraft accordingly\b|\bthe (?:drafting|assessing|scoring|reviewing) (?:model|agent|assistant|system) (?:only )?(?:needs?|has|must|should|may)\b",
    r"\breviewers? (?:has|have) already approved\b",
    r"\bsection prompt (?:is|was|has been) (?:replaced|changed|overridden|updated)\b|\b(?:answer|respond|reply) with (?:green|yellow|red|the (?:highest|lowest)|no (?:citations?|evidence|findings))\b",
    r"={3,} ?(?:user|system|assistant) ?={3,}",
    r"^\[comment\]: ?(?:<>|#) ?\(|\n\[comment\]: ?(?:<>|#) ?\(",
    r"\brate it as (?:primary|tier)\b|\bwhat you write about this (?:role|job)\b",
    r"\b(?:all|every|each|any) (?:drafts?|claims?|answers?|outputs?|rationales?|summar(?:y|ies)) (?:must|should|shall|has to|have to|need to) "
    r"(?:report|say|state|conclude|claim|write|cite|be)\b",
    r"\bthe (?:right|correct|proper|only|final) (?:score|rating|zone|answer|verdict)\b.{0,40}\b(?:article|passage|text|draft|above|maximum|minimum"
    r"|highest|lowest)\b|\b(?:overwrite|change|replace|revise|raise|lower) your (?:earlier |previous |other |own )*(?:scores?|ratings?|answers?|drafts?)\b",
    r"\b(?:human|user) ?: .{1,300}\bassistant ?: ",
    # Markup of chat transcripts.
    r"<\|?/?\s*(?:im_start|im_end|endoftext|system|assistant|user|instructions?|tool_call|tool_result|function_call|"
    r"evidence|passages?|role|role_title|seniority|result|draft|findings|reasons)\b[^>\n]{0,80}\|?>",
    r"\[/?(?:INST|SYS|SYSTEM|ASSISTANT)\]|<</?SYS>>|\{\{#?(?:system|user|assistant)|\bBEGIN (?:SYSTEM|ADMIN|NEW) (?:MESSAGE|PROMPT|INSTRUCTIONS?)\b",
    r"(?:^|(?<=[.!?\])] )|(?<=[.!?\])]))(?:system|assistant|developer) ?(?:message|prompt|note|notice|override|update|instruction)? ?: ?(?!an?\b|the\b|that\b|any\b|one\b|what\b)(?=\S)",
)

_OTHER_LANGUAGES = (
    # German, Dutch, Scandinavian.
    r"\b(?:ignorier\w{0,20}|missacht\w{0,20}|verg[ie]ss\w{0,20}|vergesst|beacht\w{0,20} nicht|\u00fcbergeh\w{0,20})\b.{0,50}\b(?:anweisung\w{0,20}|instruktion\w{0,20}|vorgaben?|regeln?|prompts?|obige\w{0,20}|bisherige\w{0,20}|vorherige\w{0,20})",
    r"\b(?:bewerte\w{0,20}|gib|geben sie|setze\w{0,20}|stufe\w{0,20}|vergib\w{0,20})\b.{0,50}\b(?:[1-5]|h\u00f6chst\w{0,20}|gr\u00fcn|volle) ?(?:punkte?\w{0,20}|bewertung|wert)?\b.{0,30}(?:[.!]|$|ein\b|an\b)",
    r"\b(?:negeer|vergeet)\b.{0,40}\b(?:instructies|aanwijzingen|regels)|\b(?:ignorer|glem|bortse fr\u00e5n)\b.{0,40}\binstru",
    # Romance languages.
    r"\b(?:ignor\w{0,20}|oubli\w{0,20}|ne ten\w{0,20} pas compte|n\u00e9glig\w{0,20}|olvid\w{0,20}|descart\w{0,20}|esque\u00e7\w{0,20}|desconsider\w{0,20}|dimentic\w{0,20}|omett\w{0,20}|haz caso omiso)\b"
    r".{0,50}\b(?:instru\w+|consignes?|r\u00e8gles|reglas|regras|regole|istruzioni|anterior\w{0,20}|pr\u00e9c\u00e9dent\w{0,20}|precedent\w{0,20}|indicaciones)",
    r"\b(?:notez|note|attribu\w+|donn\w+|asign\w+|punt\u00faa|califi\w+|otorg\w+|d\u00ea|atribu\w+|assegn\w+|valut\w+)\b.{0,60}\b(?:score|note|puntuaci\w+|puntaje|pontua\w+|nota|punteggio|voto|verde|vert)\b.{0,20}\b(?:de |di |of )?(?:[1-5]|maxim\w+|m\u00e1xim\w+|massim\w+|verde|vert)\b",
    r"\b(?:tu es|vous \u00eates|eres|voc\u00ea \u00e9|sei|du bist|sie sind) (?:maintenant |ahora |agora |ora |jetzt |nun )?(?:une? |una |un |uma |eine? )?(?:ia|ki|mod\u00e8le|modelo|modello|assistente?|asistente|assistant)\b",
    # Slavic languages.
    r"(?:\u0438\u0433\u043d\u043e\u0440\u0438\u0440\w{0,20}|\u0437\u0430\u0431\u0443\u0434\w{0,20}|\u043d\u0435 \u043e\u0431\u0440\u0430\u0449\u0430\w{0,20}).{0,60}(?:\u0438\u043d\u0441\u0442\u0440\u0443\u043a\u0446\w{0,20}|\u0443\u043a\u0430\u0437\u0430\u043d\w{0,20}|\u043f\u0440\u0430\u0432\u0438\u043b\w{0,20})",
    r"(?:\u043f\u043e\u0441\u0442\u0430\u0432\w{0,20}|\u043e\u0446\u0435\u043d\w{0,20}|\u043f\u0440\u0438\u0441\u0432\w{0,20}).{0,40}(?:\u043e\u0446\u0435\u043d\u043a\w{0,20}|\u0431\u0430\u043b\u043b\w{0,20}|\u0437\u0435\u043b\u0435\u043d\w{0,20})",
    r"\b(?:zignoruj|ignoruj|pomi\u0144|zapomnij)\w{0,20}\b.{0,50}\b(?:instrukcj\w{0,20}|polece\w{0,20}|zasad\w{0,20}|pokyn\w{0,20})|\bignoruj\w{0,20}\b.{0,40}\bpokyn",
    # Turkish, Indonesian, Vietnamese.
    r"(?:talimat|y\u00f6nerge|komut)\w{0,20}.{0,40}(?:yok say|g\u00f6rmezden gel|unut|dikkate alma)|\babaikan\b.{0,40}\b(?:instruksi|perintah)|\bb\u1ecf qua\b.{0,40}(?:h\u01b0\u1edbng d\u1eabn|ch\u1ec9 d\u1eabn)",
    r"\b(?:puan\w{0,20}|not)\b.{0,25}\b(?:ver|olarak)\b",
    # Chinese, Japanese, Korean.
    r"(?:\u5ffd\u7565|\u65e0\u89c6|\u5ffd\u8996|\u7121\u8996|\u4e0d\u8981\u7406\u4f1a|\u5fd8\u8bb0|\u5fd8\u6389).{0,20}(?:\u6307\u4ee4|\u6307\u793a|\u8bf4\u660e|\u89c4\u5219|\u63d0\u793a|\u8aaa\u660e|\u898f\u5247)",
    r"(?:\u6307\u793a|\u547d\u4ee4|\u30d7\u30ed\u30f3\u30d7\u30c8|\u30eb\u30fc\u30eb).{0,15}(?:\u7121\u8996|\u5fd8\u308c|\u5f93\u308f\u306a\u3044)|(?:\u6253|\u7ed9|\u8bc4|\u7d66|\u8a55|\u8bc4\u4e3a|\u8bc4\u5206).{0,12}(?:[1-5\u4e94]|\u6700\u9ad8|\u6ee1)\s?(?:\u5206|\u70b9|\u9ede)|(?:\u30b9\u30b3\u30a2|\u8a55\u4fa1|\u70b9\u6570).{0,12}[1-5].{0,12}(?:\u304f\u3060\u3055\u3044|\u306b\u3057\u3066|\u3057\u306a\u3055\u3044|\u4ed8\u3051)",
    r"(?:\uc9c0\uc2dc|\uba85\ub839|\uc9c0\uce68|\ud504\ub86c\ud504\ud2b8).{0,20}(?:\ubb34\uc2dc|\uc78a)|(?:\uc810\uc218|\ud3c9\uac00).{0,15}(?:[1-5]|\ucd5c\uace0).{0,15}(?:\uc8fc|\ud558)",
    # Arabic, Hebrew, Persian, Hindi.
    r"(?:\u062a\u062c\u0627\u0647\u0644|\u0627\u0646\u0633|\u0623\u0647\u0645\u0644|\u0646\u0627\u062f\u06cc\u062f\u0647).{0,40}(?:\u062a\u0639\u0644\u064a\u0645|\u0627\u0644\u0623\u0648\u0627\u0645\u0631|\u0627\u0644\u0642\u0648\u0627\u0639\u062f|\u062f\u0633\u062a\u0648\u0631)|(?:\u0623\u0639\u0637|\u0627\u0645\u0646\u062d|\u0642\u064a\u0645|\u0642\u064a\u0651\u0645).{0,40}(?:[1-5\u0665]|\u062f\u0631\u062c\u0629|\u062a\u0642\u064a\u064a\u0645)",
    r"(?:\u05d4\u05ea\u05e2\u05dc\u05dd|\u05d4\u05ea\u05e2\u05dc\u05de).{0,40}(?:\u05d4\u05d5\u05e8\u05d0|\u05d4\u05e0\u05d7)|(?:\u0928\u093f\u0930\u094d\u0926\u0947\u0936|\u0906\u0926\u0947\u0936).{0,30}(?:\u0905\u0928\u0926\u0947\u0916|\u092d\u0942\u0932|\u0928\u091c\u093c\u0930\u0905\u0902\u0926\u093e\u091c|\u0928\u091c\u0930\u0905\u0902\u0926\u093e\u091c)",
)

PATTERNS = (*_ORDERS, *_ENGLISH, *_OTHER_LANGUAGES)
"""Over a text with single blanks, case aside. Compiled where they are first needed: all together take a fifth of a second."""
LINE_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\s*(?:[#>*-]+\s*)?(?:system|assistant|human|user|developer)\s*:\s*(?!an?\b|the\b|that\b|any\b|one\b|what\b)\S",
        r"^\s*#+\s*(?:system|instructions?|response)\s*:?\s*$",
    )
)
"""Over single lines."""
