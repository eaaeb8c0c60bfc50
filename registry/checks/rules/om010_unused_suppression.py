"""An ignore comment, a waiver or an entry of the baseline that silences nothing.

Why: the finding is gone or stands elsewhere, and the suppression stays: it will silence the next
one, which nobody has looked at.

Mend: remove it; `opmodel baseline prune` does so for a baseline. Files and format (OM001 to OM016,
but for OM008) cannot be silenced at all.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "W W W")
