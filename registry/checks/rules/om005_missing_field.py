"""A field without which the entity means nothing.

Why: an alert without a metric or a person without a name cannot be cross-checked with anything.
What an organisation may not have decided yet is never required; the other rules ask for that.

Mend: add the field. A placeholder such as `TODO` counts as missing.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
