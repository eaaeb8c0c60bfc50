"""A layer that the policy asks for, and that no row of the ownership matrix covers.

Why: a layer without a row is nobody's. As long as it works nobody notices; once it drifts, every
team looks at its own part, finds that in order, and the time goes into asking whose it is.

Mend: add a row of that name to `ownership`, with one accountable person and one team. Where an
existing row stands for the layer too, name the layer in that row's `covers`. Where there is no
such layer in your system, say so in the row (`unowned`, with a reason and a date), or leave it
out of `required_layers` in a policy of your own.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each required layer that no row covers, by id or through `covers`.

    Says nothing while some row's `covers` did not load: it may name any layer.
    """
    workspace = context.workspace
    covered: set[str] = set()
    for id_, row in context.each(Layer):
        if "covers" in workspace.failed_fields.get(("ownership", id_), ()):
            return
        covered.update((id_, *row.covers))
    for layer in dict.fromkeys(context.settings.required_layers):
        if layer in covered or workspace.has("ownership", layer) or context.may_hide(layer):
            continue
        message = f"no row of `ownership` covers the layer `{layer}`"
        help_ = f"add a row `{layer}`, or name it in the `covers` of the row that stands for it"
        yield context.absent("ownership", layer, "required_layers", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,), settings=("required_layers",))
