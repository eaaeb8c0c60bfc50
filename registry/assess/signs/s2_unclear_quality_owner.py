"""Who owns the quality of what the system says depends on whom you ask.

True: no row of the matrix covers `behavioural-quality`; or such a row names several people, nobody,
a group or a vacant role, or is unowned on purpose; or two such rows name different people; or a
metric of bucket quality has several owners, none or a group, or, on such a row, one from outside
the row's team who is not its accountable.

False: the rows that cover it name one person, and no metric of bucket quality says otherwise.

Cannot be told: the registry has no ownership matrix, or part of what would be asked is unread.
"""

from collections.abc import Iterator

from registry.assess.sign import (
    QUALITY_LAYER,
    Inquiry,
    SignAnswer,
    doubted,
    false,
    sign,
    true,
    unknown,
)
from registry.diagnostic import Label
from registry.model.metrics import Metric
from registry.model.ownership import Layer
from registry.model.people import Person, Role, Team
from registry.model.reference import names
from registry.wording import counted


def ask(inquiry: Inquiry) -> SignAnswer:
    """Collect every answer that the registry gives."""
    rows = inquiry.quality_rows()
    doubt = inquiry.doubt(Layer, Metric, Person, Role, Team)
    if not inquiry.workspace.all(Layer):
        step = f"add a row `{QUALITY_LAYER}` to `ownership`, with one name in `accountable`"
        return doubted(doubt) if doubt else unknown("there is no ownership matrix", step)
    labels = [*_rows(inquiry, rows), *_metrics(inquiry, rows)]
    if labels:
        because = f"{counted(len(labels), 'place')} in the registry without one clear answer"
        step = f"name one person in `accountable` of `{next(iter(rows), QUALITY_LAYER)}`, and the"
        return true(because, labels, f"{step} same team's people as owners of its metrics")
    if doubt:
        return doubted(doubt)
    if not rows:
        where = [inquiry.label(Layer, next(iter(inquiry.workspace.all(Layer))), (), "the matrix")]
        because = f"no row of the matrix covers `{QUALITY_LAYER}`: nobody owns it"
        return true(because, where, "add the row, with one name in `accountable`")
    owner = inquiry.graph.owner(next(iter(rows.values())).accountable)
    says = f"`{owner}` answers for it"
    evidence = [inquiry.label(Layer, id_, "accountable", says) for id_ in rows]
    return false(f"every place that says who owns it names `{owner}`, or their team", evidence)


def _rows(inquiry: Inquiry, rows: dict[str, Layer]) -> Iterator[Label]:
    """Point at each row without one person, and at rows that name another person than the first."""
    first: str | None = None
    for id_, row in rows.items():
        if inquiry.context.failed(Layer, id_, "accountable"):
            continue
        person = inquiry.graph.owner(row.accountable)
        problem = _problem(inquiry, row.accountable)
        if inquiry.graph.is_unowned(id_):
            yield inquiry.label(Layer, id_, "unowned", f"`{id_}` is unowned on purpose")
        elif problem:
            field = "accountable" if row.accountable else ()
            yield inquiry.label(Layer, id_, field, f"`{id_}` is answered for by {problem}")
        elif first and person and person != first:
            message = f"`{id_}` names `{person}`, another row `{first}`"
            yield inquiry.label(Layer, id_, "accountable", message)
        first = first or person


def _metrics(inquiry: Inquiry, rows: dict[str, Layer]) -> Iterator[Label]:
    """Point at each quality metric whose owner is another answer."""
    accountable = {inquiry.graph.owner(row.accountable) for row in rows.values()}
    for id_, metric in inquiry.workspace.all(Metric).items():
        if metric.bucket != "quality" or inquiry.context.failed(Metric, id_, "owner"):
            continue
        problem = _problem(inquiry, metric.owner)
        person = inquiry.graph.owner(metric.owner)
        outside = metric.layer in rows and person and person not in accountable
        if problem:
            field = "owner" if metric.owner else ()
            yield inquiry.label(Metric, id_, field, f"quality metric `{id_}` is owned by {problem}")
        elif outside and person and inquiry.graph.is_outside(person, str(metric.layer)):
            message = f"`{person}` owns quality metric `{id_}` from outside the row's team"
            yield inquiry.label(Metric, id_, "owner", message)


def _problem(inquiry: Inquiry, value: str | tuple[str, ...] | None) -> str | None:
    """Say why an owning field names no one person; a role that is vacant names nobody either."""
    problem = inquiry.graph.owner_problem(value)
    role = inquiry.workspace.all(Role).get((*names(value), "")[0])
    vacant = role is not None and role.holder is None and role.schedule is None
    if problem is None and vacant and not inquiry.context.failed(Role, names(value)[0], "holder"):
        return f"a vacant role, `{names(value)[0]}`"
    return problem


SIGN = sign(__name__, __doc__, ask, of_model=True)
