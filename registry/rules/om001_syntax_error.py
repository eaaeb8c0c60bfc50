"""Stub summary.

Why: x.

Mend: y.
"""

from registry.rule import rule

RULE = rule(__name__, __doc__, "E E E")
