"""A waiver or an entry of the baseline past its date; what it covered is reported again.

Why: an exception was agreed upon until a day, and that day is over. What expires without a word
becomes the rule.

Mend: mend what it covered, or agree on a new date with whoever approved it.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
