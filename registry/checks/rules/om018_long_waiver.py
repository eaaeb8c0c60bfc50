"""A waiver or baseline entry that runs longer than the policy allows, or such an entry of nobody.

Why: an exception until 2099 is a rule that nobody has written down. Whoever agreed to it has left
by then, and what it covers is found in an incident.

Mend: let it end within `max_waiver`, and look at it again on that day. Name a person or a role in
a baseline entry's `owner`: what everybody accepts nobody mends.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "· W W", settings=("max_waiver",))
