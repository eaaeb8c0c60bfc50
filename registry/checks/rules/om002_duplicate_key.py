"""The same key twice in one mapping.

Why: people read the first one, most programs keep the last; an owner or an escalation that stands
twice is a different one for each of them.

Mend: keep one of the two. Both places are shown.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
