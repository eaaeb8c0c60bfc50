"""Whether it is certain whom an alert reaches: silence is told only where nothing can hide it."""

from collections.abc import Iterator

from registry.model.metrics import Alert, Metric
from registry.model.oncall import Escalation, Schedule
from registry.model.ownership import Layer
from registry.model.people import Channel, Person, Role
from registry.model.reference import names
from registry.workspace.not_loaded import unknown, unread, unread_escalation, unread_times
from registry.workspace.workspace import Workspace


def unsure_page(workspace: Workspace, via: str) -> str | None:
    """Say why it is not certain whom a page to an id reaches; None where it is."""
    if via in workspace.all(Person):
        return None
    role = workspace.all(Role).get(via)
    part = unread(workspace, "roles", via, ("holder", "schedule")) if role is not None else None
    if part is not None:
        return part
    if role is not None and role.schedule is None:
        return None
    schedule = (role.schedule if role is not None else None) or via
    if schedule in workspace.all(Schedule):
        return unread_times(workspace, schedule)
    return f"`{schedule}` {unknown(workspace, schedule)}"


def unsure_pages(workspace: Workspace, alert: str) -> Iterator[str]:
    """Say why an alert may page others than those whom its chain names."""
    part = unread(workspace, "alerts", alert, ("escalation",))
    if part is not None:
        yield part
    id_ = workspace.all(Alert)[alert].escalation
    if id_ is None:
        return
    escalation = workspace.all(Escalation).get(id_)
    if escalation is None:
        via = unsure_page(workspace, id_)
        yield from [via] if via else []
        return
    part = unread_escalation(workspace, id_)
    yield from [part] if part else []
    paged = dict.fromkeys(via for step in escalation.steps for via in step.notify)
    yield from filter(None, (unsure_page(workspace, via) for via in paged))


def unsure_readers(workspace: Workspace, alert: str) -> Iterator[str]:
    """Say why an alert may reach other readers than those whom its channels name."""
    part = unread(workspace, "alerts", alert, ("notify",))
    yield from [part] if part else []
    for id_ in workspace.all(Alert)[alert].notify:
        channel = workspace.all(Channel).get(id_)
        if channel is None:
            yield f"`{id_}` {unknown(workspace, id_)}"
            continue
        part = unread(workspace, "channels", id_, ("owner",))
        yield from [part] if part else []
        for owner in names(channel.owner):
            section = workspace.kind_of(owner)
            if section is None or owner not in workspace.entities.get(section, {}):
                yield f"`{owner}`, who reads `{id_}`, {unknown(workspace, owner)}"


def unsure_accountable(workspace: Workspace, metric: str, layer: str | None) -> str | None:
    """Say why it is not certain who answers for a metric, or for a layer; None where it is."""
    known = workspace.all(Metric).get(metric)
    if known is None and workspace.has("metrics", metric):
        return f"the metric `{metric}` did not load"
    if known is not None:
        part = unread(workspace, "metrics", metric, ("layer", "owner"))
        if part is not None:
            return part
        layer = known.layer
    if layer is None or layer in workspace.all(Layer):
        return unread(workspace, "ownership", layer, ("accountable",)) if layer else None
    return f"the layer `{layer}` did not load" if workspace.has("ownership", layer) else None
