"""A top-level key that is no section of the format.

Why: `alert:` instead of `alerts:` would take every alert below it out of the check, and all of them
would seem fine.

Mend: correct the spelling, the nearest section is suggested. A key of your own begins with `x-`.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
