"""An ignore comment that gives no reason, or names no rule.

Why: a year later nobody can tell an accepted risk from a nuisance that somebody switched off. So
such a comment silences nothing.

Mend: write `# opmodel: ignore[OM408] reason`, with the code that it is about and why.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
