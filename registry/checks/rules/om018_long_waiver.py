"""A waiver that runs for longer than the policy allows.

Why: an exception until 2099 is a rule that nobody has written down. Whoever agreed to it has left
by then, and what it covers is found in an incident.

Mend: let it end within `max_waiver`, and look at it again on that day.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "· W W", settings=("max_waiver",))
