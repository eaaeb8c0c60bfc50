"""A value that the field cannot hold: of the wrong type, out of range, or none of its words.

Why: a duration of `1 hour`, a zone called `Berlin` or an interval that ends before it starts has no
meaning that two programs would agree on. Nor has a name to which two bindings give two meanings, a
model with two prices, or a span that is to lie within itself.

Mend: write the value as the help shows. A key or a reference that YAML reads as a number, a boolean
or null needs quotes.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.checks.trace_faults import clashes
from registry.diagnostic import Diagnostic
from registry.model.bindings import Binding
from registry.workspace.bindings import Bindings, called


def check(context: Context) -> Iterator[Diagnostic]:
    """Report what is well-formed and cannot be so: what contradicts itself or something else."""
    yield from _bindings(context)
    yield from clashes(context)


def _bindings(context: Context) -> Iterator[Diagnostic]:
    bindings = context.workspace.all(Binding)
    for found in Bindings(context.workspace).contradictions() if bindings else ():
        first = getattr(bindings[found.first], found.field)
        second = getattr(bindings[found.second], found.field)
        name = called(bindings[found.second])
        message = f"{name} means `{second}` here, and `{first}` by `{found.first}`"
        label = context.label(Binding, found.first, found.field, f"`{found.first}` says otherwise")
        help_ = "keep one of the two bindings"
        yield context.finding(Binding, found.second, found.field, message, help_, related=[label])


RULE = rule(__name__, __doc__, "E E E", check)
