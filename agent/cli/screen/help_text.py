"""Every key in words."""

QUEUE = """\
j k, arrows   down, up
enter         open the marked item; it is yours while you work on it
/             search in role, level, label and id; escape shows everything
?             these keys
q             leave

The riskiest stand first, then the oldest."""
REVIEW = """\
j k, arrows   down, up (space and b scroll the evidence)
o             open the evidence of claims, and of findings; o closes it
f             the next finding
enter         on a claim: its evidence; on a finding: its claim
m             what changed since the revision before
v             what people changed of what the model drafted
/ n           search, and on to the next place
c             comment on the claim, task or dimension (elsewhere: on the whole)
y             accept the task or dimension, or take that back: it stands, but
              that decides nothing

e             edit the number or text where it stands (tab: the other number)
F             accept the marked REVIEW finding with a reason
w             record the edit: asks once (also enter on its line)
u             undo the last change, or take a decision back

a             approve this revision: asks once
r             send sections back with a reason
x             reject with a reason
d             defer: it stays open
t             take it over from its holder, with a reason
q, escape     back to the queue; the review is given back

A decision is recorded 5 seconds after it was confirmed; until then u takes it
back, and leaving records nothing."""
