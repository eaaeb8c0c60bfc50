"""A component that belongs to no layer, and so to no row of the ownership matrix.

Why: a component has no owner of its own; it inherits the one of its layer. Without a layer nobody
answers when it changes for the worse, and no alert on a layer leads back to it.

Mend: set `layer` to the row of `ownership` that answers for it, and add a row if none does.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Component


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each component without a layer."""
    for id_, component in context.each(Component):
        if component.layer is None:
            message = f"component `{id_}` belongs to no layer: nobody owns it"
            help_ = "set `layer` to the row of `ownership` that answers for it"
            yield context.missing(Component, id_, "layer", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
