"""Two rows of the ownership matrix stand for one layer, and different people answer for them.

Why: each of the two thinks of the other as the owner when it is inconvenient, and of themselves
when it is not. A layer with two names has none, in whatever rows they stand.

Mend: take the layer out of one row's `covers`, or let one person answer for both rows.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.people import Role, Team
from registry.model.reference import names


def check(context: Context) -> Iterator[Diagnostic]:
    """Report the later of two rows, for each layer that both cover and others answer for."""
    rows: dict[str, list[tuple[str, Layer]]] = {}
    for id_, row in context.each(Layer):
        if len(names(row.accountable)) == 1 and not context.indexes.is_unowned(id_):
            for layer in dict.fromkeys((id_, *row.covers)):
                rows.setdefault(layer, []).append((id_, row))
    for layer, covering in rows.items():
        first, own = covering[0]
        for id_, row in covering[1:]:
            who = {_answers(context, row), _answers(context, own)}
            if len(who) > 1 and None not in who:
                yield _finding(context, layer, (first, own), (id_, row))


def _answers(context: Context, row: Layer) -> str | None:
    """Name who answers for a row: the person behind a role, else the role or team that it names.

    None for a name that is nobody's here, or whose entity did not load: it may be misspelt.
    """
    (name,) = names(row.accountable)
    role = context.workspace.all(Role).get(name)
    known = name in context.workspace.all(Team) or (role is not None and role.holder is None)
    return context.indexes.owner(row.accountable) or (name if known else None)


def _finding(
    context: Context, layer: str, first: tuple[str, Layer], later: tuple[str, Layer]
) -> Diagnostic:
    who, other = _answers(context, later[1]), _answers(context, first[1])
    message = (
        f"`{later[0]}` covers the layer `{layer}`, and so does `{first[0]}`:"
        f" `{who}` and `{other}` both answer for it"
    )
    help_ = f"take `{layer}` out of the `covers` of one row, or let one person answer for both"
    at = ("covers", later[1].covers.index(layer)) if layer in later[1].covers else ()
    related = [context.label(Layer, first[0], "accountable", f"`{other}` answers for it here")]
    related.append(context.label(Layer, later[0], "accountable", f"`{who}` answers for it here"))
    return context.finding(Layer, later[0], at, message, help_, related=related, distinguish=layer)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(1,))
