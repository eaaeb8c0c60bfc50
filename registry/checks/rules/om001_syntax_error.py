"""A file that is not YAML, is not UTF-8, cannot be opened, or holds a second document.

Why: what is in such a file is not checked at all, and a parser that reads only as far as it can
makes the rest vanish without a word.

Mend: correct the syntax at the position or on the line before it. A text that contains `: ` or
` #`, or begins with `*`, `&`, `!`, `@` or `%`, needs quotes. Move a second document into its own
file.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
