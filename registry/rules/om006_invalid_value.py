"""A value that the field cannot hold: of the wrong type, out of range, or none of its words.

Why: a duration of `1 hour`, a zone called `Berlin` or an interval that ends before it starts has no
meaning that two programs would agree on.

Mend: write the value as the help shows. A key or a reference that YAML reads as a number, a boolean
or null needs quotes.
"""

from registry.rule import rule

RULE = rule(__name__, __doc__, "E E E")
