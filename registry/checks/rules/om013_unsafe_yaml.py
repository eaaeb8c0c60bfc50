"""Tags, merge keys, anchors that change their meaning, and files, nesting or aliases beyond bound.

Why: a tag can mean code to one parser and nothing to another, an alias can unfold to gigabytes, and
a symbolic link can lead out of the registry. Registry files come from strangers' pull requests.

Mend: write the values out, plainly, in a regular file below the registry's root.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
