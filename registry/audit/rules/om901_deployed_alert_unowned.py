"""A deployed alert that nothing ties to an owner: no alert of the registry, no label or annotation.

Why: it fires one night, and whoever sees it asks who knows about it. The file's reviewers and the
channel it lands in are where one would start to ask; neither is an owner.

Mend: give the registry's alert an owner, or label the rule with its `team` or `owner` and say in
`bindings` what the label's values mean, where they are no ids of the registry.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from registry.audit.told import near
from registry.checks.rule import rule
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert, Metric
from registry.model.reference import names

if TYPE_CHECKING:
    from registry.audit.context import AuditContext
    from registry.audit.join import Row

_HELP = "label it with the `team` that owns it, or declare it in the registry with an owner"


def check(context: "AuditContext") -> Iterator[Diagnostic]:
    """Report each alert of which no strong source names an owner whom the registry knows."""
    for row in context.audited.rows:
        unknown = [one for one in row.claims if one.owner is None and one.source != "codeowners"]
        if row.is_owned or row.hidden or any(_is_lost(context, one.name) for one in unknown):
            continue
        if row.registry_alert is not None and _is_uncertain(context, row.registry_alert):
            continue
        name, where, help_ = row.alert.name, row.alert.where, _HELP
        message = f"nothing ties the deployed alert `{name}` to an owner"
        related, weak = list(_weak(row)), near(row)
        if unknown:
            where = unknown[0].where
            said = f"{unknown[0].source} says `{unknown[0].written}`"
            message = f"the owner of the deployed alert `{name}` is not known: its {said}"
            help_ = "add a binding that says whom of the registry that means, or correct it"
        elif row.registry_alert is not None:
            message += f": the registry's alert `{row.registry_alert}` names no one owner"
            help_ = f"give `{row.registry_alert}` an `owner`"
        elif weak:
            message += f" but {weak}"
        if row.registry_alert is not None and not unknown:
            related.insert(0, context.label(Alert, row.registry_alert, message="the same alert"))
        yield context.found_at(
            where, ("deployed", name), message, help_, related=related,
            distinguish=f"{row.alert.where.file} {row.alert.group}",
        )  # fmt: skip


def _weak(row: "Row") -> Iterator[Label]:
    """Point at whoever is near: the file's code owners, the receiver's."""
    for one in row.claims:
        if one.owner is not None:
            what = "reviews the file" if one.source == "codeowners" else "reads what is sent here"
            yield one.where.label(f"`{one.owner.id}` {what}")


def _is_lost(context: "AuditContext", id_: str) -> bool:
    """Whether an owner may stand in what did not load."""
    section = context.workspace.kind_of(id_)
    return context.may_hide(id_) or id_ in context.workspace.failed.get(section or "", ())


def _is_uncertain(context: "AuditContext", id_: str) -> bool:
    """Whether an owner is written that did not load, or that leads nowhere (OM007)."""
    alert = context.workspace.all(Alert)[id_]
    metric = context.workspace.all(Metric).get(alert.metric)
    written = (*names(alert.owner), *names(metric.owner if metric is not None else None))
    return context.failed(Alert, id_, "owner") or any(
        context.workspace.kind_of(one) is None for one in written
    )


RULE = rule(__name__, __doc__, "W E E", check)
