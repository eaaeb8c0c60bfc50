"""One person is accountable for more rows of the ownership matrix than the policy allows.

Why: every row can want its owner on the same bad afternoon. Someone with a dozen of them is a name
in a cell, and the day that they are away the whole matrix is.

Mend: give some of the rows to somebody else; people in `responsible` are the first to ask. Rows
held through a role count too. In a small team, raise `max_layers_per_owner` in a policy of your
own.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.model.people import Person
from registry.model.reference import names
from registry.wording import quoted


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each person who owns too many rows, with the rows."""
    limit = context.settings.max_layers_per_owner
    rows: dict[str, list[str]] = {}
    for id_, row in context.each(Layer):
        person = context.indexes.owner(row.accountable)
        if person is not None:
            rows.setdefault(person, []).append(id_)
    for person, ids in rows.items():
        if len(ids) > limit:
            shown = quoted(ids)
            yield context.finding(
                Person, person, (),
                f"`{person}` is accountable for {len(ids)} layers ({shown}); the limit is {limit}",
                "name somebody else for some of them, or raise `max_layers_per_owner`",
                related=[
                    context.label(Layer, id_, "accountable", _how(context, id_, person))
                    for id_ in ids
                ],
            )  # fmt: skip


def _how(context: Context, layer: str, person: str) -> str:
    (name,) = names(context.workspace.all(Layer)[layer].accountable)
    return "accountable here" if name == person else f"accountable here, as `{name}`"


RULE = rule(__name__, __doc__, "I W W", check, seeds=(0, 4), settings=("max_layers_per_owner",))
