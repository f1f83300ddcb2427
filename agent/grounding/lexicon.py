"""Words the guard knows the meaning of: what points up or down, denies, hedges, claims too much, or is the opposite.

Written for this project and for texts about work, money and software. One line is one group; forms of a word that a
stemmer does not bring together are listed.
"""

from __future__ import annotations

SYNONYMS = """
firm company employer business organisation organization enterprise corporation corporate
job position post role employment occupation
worker employee staff staffer workforce personnel labour labor headcount
pay paid wage salary earn earnings earning compensation remuneration income
posting vacancy advert advertisement listing opening ad
hire hiring recruit recruitment recruiting
layoff redundancy dismissal dismiss laid lay redundant sacking sack
study research paper investigation analysis
survey poll questionnaire surveyed polled
big large substantial sizeable considerable
small little slight modest
quick fast rapid swift
begin began begun start launch
end stop cease finish finished
use used adopt adoption apply application employ deploy deployment utilise utilize usage
build built create develop construct make made produce
task duty activity
tool software app system
person people individual human
require need necessary
help assist assistance support aid
check verify verification review validate validation inspect
fix repair correct debug resolve remedy
error mistake fault bug defect failure
share proportion percentage portion fraction percent cent per pct
year annual yearly annually
month monthly
quarter quarterly
us usa american america united
uk british britain
eu european europe
cost expense expensive
respondent participant
expect expectation anticipate forecast predict prediction project projection foresee foresaw
think thought believe belief consider view
replace replacement substitute displace displacement supplant
automate automation automatic automatically
mostly mainly largely primarily chiefly predominantly
important key main crucial central
often frequent frequently
rarely seldom
complete completely whole entire entirely full fully total
choose chose chosen select pick
manage run ran operate handle
change shift alter
answer respond reply response
keep kept retain maintain
average mean typical
experience experienced senior seniority
junior entry beginner
coding code program programming programmer developer
compare comparison versus against
period time span
pass passed passing
write wrote written author
lead led leader
teach taught teacher
buy bought purchase
sell sold sale
find found finding discover
show shown demonstrate indicate
country nation
rise rose risen rising increase increased increasing grow grew grown growing growth climb climbed
fall fell fallen falling decline declined declining decrease decreased drop dropped dropping
child kid
die died dead death kill killed
win won victory
lose lost
hold held
take took taken
give gave given
""".strip()
"""Words that a fair paraphrase exchanges."""

UP = """
rise rose risen rising increase increased growing grow grew grown growth gain climb jump surge soar expand expansion up
upward upwards more higher greater exceed add boost accelerate outpace strengthen recover recovery rebound uptick
improve improvement rally swell upturn raise raised hike upswing outperform outnumber
"""
DOWN = """
fall fell fallen falling decline decrease drop shrink shrank shrunk shrinkage cut lose lost loss down downward
downwards fewer less lower reduce reduction contract contraction slump plunge plummet weaken shed halve halved slip dip
worsen sink sank sunk erode trim lag downturn slide slid tumble dwindle diminish underperform
"""
FLAT = "flat unchanged stable steady stagnant constant level same plateau remain stay hold held keep kept balanced"

NEGATORS = """
no not never none neither nor without cannot nobody nothing nowhere hardly barely scarcely lack lacks lacked lacking
unable fail fails failed failing unlikely deny denies denied denying refuse refuses refused absence reject rejects
rejected impossible
"""
"""Words that deny what follows them; `n't` is read as `not`."""
DOUBTED_BEFORE = (
    r"\b(?:no|nobody|none|little|scant|lack|without|nothing)\b|\b(?:not|never|nor|cannot|can't|hardly|scarcely"
    r"|unlikely|unable"
    r"|neither)\b|n't\b|\b(?:contrary to|fear(?:s|ed)?|fools?|scenario|few|den(?:y|ies|ied)|false(?:ly)?|untrue"
    r"|wrong(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?"
    r"|erroneous(?:ly)?"
    r"|myth|hoax|parody|satir\w+|rumou?r\w*|joke|fiction\w*|hypothe\w+|suppos\w+|imagine|pretend\w*|alleged(?:ly)?"
    r"|purported(?:ly)?"
    r"|refut\w+|disprov\w+|debunk\w+|reject\w*|disput\w+|retract\w*|withdr\w+|doubt\w*|question(?:s|ed|able)?|unclear"
    r"|uncertain|unproven|unconfirmed|unverified|unsupported|open whether|far from|whether|if|unless|until|fail(?:s"
    r"|ed)? to"
    r"|stop(?:s|ped)? (?:claiming|saying)|no longer|used to|once (?:claimed|said|believed|thought))\b"
)
"""Words that take back what a sentence goes on to say."""
DOUBTED_AFTER = (
    r"\b(?:refut\w+|retract\w*|withdr[ae]w\w*|disput\w+|debunk\w+|disprov\w+|misread\w*|misinterpret\w*|misquot\w+"
    r"|parody"
    r"|satir\w+|hoax|joke|fiction\w*|rumou?r\w*|unconfirmed|unproven|unverified|untrue|false|overstated|mistaken"
    r"|incorrect"
    r"|fabricated|invented|not (?:confirm\w*|true|so|in practice|replicat\w*|the case|supported|borne out|verif\w*"
    r"|hold\w*"
    r"|reproduc\w*|proven|correct)|(?:could|can) ?not (?:be )?(?:\w+ )?(?:confirm\w*|verif\w*|reproduc\w*"
    r"|replicat\w*|support\w*|rel(?:y|ied))|if one believes|or so|the opposite is true|not come true"
    r"|none of (?:this|that|it)|in a simulation|on paper only|in theory only"
    r"|has (?:since )?been corrected|(?:was|were|is|are|proved|turned out) (?:\w+ )?wrong|no longer (?:true|holds?))\b"
)
"""Words that take back what a sentence has said."""

HEDGES = """
may might could would can should suggest suggests suggested suggesting likely possibly possible perhaps potential
potentially probably probable appear appears appeared seem seems seemed tend tends tended expect expects expected
expecting forecast forecasts predict predicts predicted project projects projected projection plan plans planned
planning aim aims intend intends hope hopes claim claims claimed believe believes think thinks estimate estimates
estimated reportedly allegedly partly partially sometimes anticipate anticipates anticipated signal signals hint hints
indicate indicates consider considers propose proposes argue argues assume assumes considering
possibility possibilities chance risk
"""
DOUBTFUL = """
may might could suggest suggests suggested suggesting likely possibly possible perhaps potential potentially probably
probable appear appears appeared seem seems seemed tend tends tended expect expects expected forecast forecasts predict
predicts predicted projected intend intends believe believes think thinks estimated reportedly allegedly anticipate
anticipates hint hints
"""
"""Those of `HEDGES` whose loss makes a claim more certain than its source."""
"""Words that say that something is not certain."""
LIMITS = """
some many most several often about around roughly approximately approx nearly almost mostly mainly largely generally
typically usually sometimes partly partially certain selected few occasionally frequently
"""
"""Words that say that something does not hold everywhere or exactly."""
RESTRICTING = """
junior senior entry-level mid-level experienced young older small large us uk eu european american private public
early routine simple standard basic specific particular individual single new advanced
"""
"""Words that say of which part of something a statement holds."""
STRONG = """
will all every always prove proves proved proven certainly definitely must clearly guarantee guarantees guaranteed
entirely completely fully everywhere everyone everybody invariably undoubtedly inevitably inevitable caused
totally conclusively unanimously universally universal wholly undeniably unquestionably drastically dramatically never
massively overwhelmingly hugely enormously permanently exclusively solely shall doubtless indisputably irrefutably
unequivocally absolutely entire complete nobody nothing definitive conclusive establish establishes established
confirm confirms confirmed demonstrates demonstrate demonstrated ensures ensure exactly precisely countless global
globally worldwide international
"""
"""Words that leave no exception or no doubt."""

OPPOSITES = """
increase decrease
rise fall
grow shrink
growth decline
gain loss
more fewer
more less
higher lower
high low
above below
over under
exceed trail
strong weak
strengthen weaken
strength weakness
improve worsen
improvement deterioration
better worse
best worst
good bad
positive negative
success failure
succeed fail
pass fail
win lose
accept reject
allow forbid
allow prohibit
permit ban
permit prohibit
enable prevent
enable block
encourage discourage
support oppose
agree disagree
agreement disagreement
confirm deny
confirm refute
prove disprove
easy difficult
easy hard
simple complex
cheap expensive
fast slow
faster slower
quick slow
early late
earlier later
before after
begin end
start stop
open close
first last
most least
most few
many few
majority minority
all none
always never
often rarely
frequent rare
common rare
usual unusual
likely unlikely
possible impossible
able unable
certain uncertain
clear unclear
known unknown
stable unstable
safe dangerous
safe unsafe
secure insecure
accurate inaccurate
reliable unreliable
correct incorrect
right wrong
true false
complete incomplete
full empty
full partial
include exclude
inside outside
internal external
public private
local global
domestic foreign
urban rural
rich poor
young old
younger older
junior senior
experienced inexperienced
skilled unskilled
new old
new existing
large small
larger smaller
big small
long short
longer shorter
wide narrow
widest narrowest
largest smallest
biggest smallest
highest lowest
strongest weakest
fastest slowest
oldest youngest
longest shortest
higher lower
up down
broad narrow
deep shallow
heavy light
hire dismiss
hire fire
recruit dismiss
employ dismiss
expand contract
expand cut
create destroy
build dismantle
add remove
add cut
raise lower
raise cut
boost cut
boost curb
accelerate slow
advance retreat
surplus shortage
abundance shortage
demand supply
profit loss
buy sell
borrow lend
import export
attract repel
attract deter
help hinder
help harm
benefit harm
protect expose
protect threaten
safe threatened
replace complement
replace augment
automate augment
displace complement
automated manual
manual automatic
optional mandatory
voluntary mandatory
voluntary compulsory
required optional
temporary permanent
full-time part-time
employed unemployed
employment unemployment
optimistic pessimistic
confident doubtful
satisfied dissatisfied
happy unhappy
trust distrust
trust mistrust
same different
similar different
similar dissimilar
equal unequal
consistent inconsistent
ahead behind
lead lag
outperform underperform
overestimate underestimate
overstate understate
centralise decentralise
male female
man woman
men women
employer worker
customer supplier
teacher student
attack defend
arrest release
guilty innocent
alive dead
live die
love hate
remember forget
arrive leave
enter leave
join leave
send receive
appear disappear
maximum minimum
ceiling floor
top bottom
north south
east west
day night
morning evening
winter summer
cold hot
dry wet
narrow widen
slight sharp
slightly sharply
gradually suddenly
barely sharply
modest steep
modest substantial
mature immature
mature experimental
""".strip()
"""Pairs of which a text that says one does not say the other."""

FAMILIES = """
junior senior mid principal intern graduate executive
first second third fourth fifth
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
spring summer autumn winter
finance health healthcare manufacturing retail education construction hospitality transport agriculture energy \
banking insurance telecommunication media government defence pharma logistics tourism
engineer developer analyst nurse teacher clerk accountant lawyer manager designer administrator scientist technician \
driver writer translator radiologist cashier physician doctor pharmacist paralegal marketer consultant auditor \
researcher recruiter architect electrician plumber journalist economist programmer actuary librarian
man woman men women male female
wage posting headcount revenue productivity turnover unemployment profit output throughput accuracy latency
adults teenagers children students graduates retirees
morning afternoon evening night
north south east west
europe asia africa america australia
brother sister father mother son daughter husband wife uncle aunt nephew niece
""".strip()
"""Groups whose members exclude each other as the subject of one figure."""

CURRENT = (
    r"\b(?:now|nowadays|today|currently|current|at present|presently|as of (?:today|now|this (?:month|week|year))"
    r"|right now|these days|to date|this (?:year|month|quarter|week)|so far this year|at the moment|latest"
    r"|most recent(?!ly)|current"
    r"|(?:freshly|newly|just) (?:published|released|reported)|newest|up-to-date|as things stand"
    r"|in recent (?:months|weeks)|in the past (?:few )?(?:months|weeks))\b"
)
"""Words that present something as of the day the reader reads it."""

FUNCTION = """
a an the this that these those there here it its they them their theirs he she his her him we us our you your i me my
and or but nor so yet if then than as at by for from in into of on onto off out over to with within without about after
before between during through under until up upon via per while when where which who whom whose what how why because
although though since is are was were be been being am do does did doing done have has had having will would shall
should can could may might must not no nor only also too very just even still both each every any some such same other
another one ones own more most less least many much few several all none more less that's it's among across against
around along toward towards according said say says saying report reports reported reporting write writes note notes
noted state states stated describe describes described tell tells told put puts name names named give gives gave call
calls called count counts counted cite cites cited mention mentions mentioned quote quotes quoted out them themselves
itself dated undated advise advises advised recommend recommends recommended summarise summarises summarised summarize
however therefore thus hence moreover furthermore
meanwhile instead rather already yet ever again almost nearly
about around roughly approximately well likewise respectively whether either neither both own like unlike including
include includes included based regard regarding concerning given them get gets got make makes made go goes went come
comes came see sees seen saw find finds found show shows showed shown article author authors publication published
ai percent percentage percentages per cent pct publisher text passage source digest page
blog post summary item items following follow follows
"""
"""Words that carry no content of their own: a fair paraphrase exchanges them freely."""
