"""A placeholder such as `TODO` or `TBD`, or an empty value, where no other rule asks for the field.

Why: it looks filled in when somebody skims the page, and says nothing when somebody needs it.

Mend: write the value, or remove the field: an honest gap is better than a dressed-up one.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "I W E", seeds=(4,))
