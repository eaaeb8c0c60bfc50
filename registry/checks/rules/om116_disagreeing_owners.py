"""A metric, an alert or a kill switch of a layer is owned by someone outside that layer's team.

Why: the matrix sends a question to one team and the alert sends it to another. Both can show that
they were right, and the time goes into finding out who acts.

Mend: give it to somebody of the layer's team; or, if the owner is right, correct the layer that it
is filed under, or the row's `team`. Whoever the row names as accountable may own it from anywhere,
and a switch over several layers needs an owner from one of their teams.
"""

from collections.abc import Iterator
from typing import NamedTuple

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.entity import Entity
from registry.model.metrics import Alert, Metric
from registry.model.ownership import Component, Layer
from registry.model.reference import names
from registry.model.runbooks import KillSwitch
from registry.model.sections import SECTION_OF, SECTIONS


class _OwnedThing(NamedTuple):
    """Something that is owned apart from the matrix; a layer is None where it is not known."""

    model: type[Entity]
    id: str
    owner: str | tuple[str, ...] | None
    layers: tuple[str | None, ...]


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each owner who is surely in no team of any of the layers concerned."""
    for owned in _all_owned(context):
        person = context.indexes.owner(owned.owner)
        layers = [layer for layer in owned.layers if _is_foreign(context, person, layer)]
        if person and layers and len(layers) == len(owned.layers):
            yield _finding(context, owned, person, list(dict.fromkeys(filter(None, layers))))


def _all_owned(context: Context) -> Iterator[_OwnedThing]:
    metrics, components = context.workspace.all(Metric), context.workspace.all(Component)
    for id_, metric in metrics.items():
        yield _OwnedThing(Metric, id_, metric.owner, (metric.layer,))
    for id_, alert in context.each(Alert):
        watched = metrics.get(alert.metric)
        yield _OwnedThing(Alert, id_, alert.owner, (watched.layer if watched else None,))
    for id_, switch in context.each(KillSwitch):
        parts = [components.get(part) for part in switch.disables]
        failed = context.workspace.failed_fields.get(("kill_switches", id_), ())
        layers = (part.layer if part else None for part in parts if "disables" not in failed)
        yield _OwnedThing(KillSwitch, id_, switch.owner, tuple(layers))


def _is_foreign(context: Context, person: str | None, layer: str | None) -> bool:
    if person is None or layer is None or not context.indexes.is_outside(person, layer):
        return False
    return context.indexes.owner(context.workspace.all(Layer)[layer].accountable) != person


def _finding(context: Context, owned: _OwnedThing, person: str, layers: list[str]) -> Diagnostic:
    teams = {layer: names(context.workspace.all(Layer)[layer].team)[0] for layer in layers}
    outside = ", and ".join(f"`{team}`, the team of layer `{one}`" for one, team in teams.items())
    noun = SECTIONS[SECTION_OF[owned.model]].noun
    (name,) = names(owned.owner)
    who = f"`{person}`" if name == person else f"`{person}`, who holds `{name}`,"
    message = f"{who} owns {noun} `{owned.id}` from outside {outside}"
    help_ = "give it to somebody of that team, or correct the layer or the row's `team`"
    related = [context.label(Layer, one, "team", "the layer's team") for one in layers]
    return context.finding(owned.model, owned.id, "owner", message, help_, related=related)


RULE = rule(__name__, __doc__, "· I W", check, seeds=(1,))
