"""A field that the entity does not have.

Why: a misspelt field is a decision that nobody sees: `ownr: priya` leaves the metric without an
owner.

Mend: correct the spelling, the nearest field is suggested. A field of your own begins with `x-`.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
