"""What a row of the ownership matrix lacks: the one person who answers for it, and the one team.

What a rule of `check` reports of a row, its cell says, too; a row that is unowned on purpose says
that in place of what it lacks.
"""

from collections.abc import Iterator

from registry.model.ownership import Layer, Unowned
from registry.model.people import Role
from registry.model.reference import names
from registry.model.sections import SECTIONS
from registry.workspace.names import DisplayNames


def missing(roster: DisplayNames, id_: str, layer: Layer) -> Iterator[str]:
    """Say everything that keeps a row from being owned; nothing where it is whole."""
    failed = roster.workspace.failed_fields.get(("ownership", id_), frozenset())
    yield from (f"`{field}` could not be read" for field in sorted(failed))
    if layer.unowned is not None and "unowned" not in failed:
        yield _on_purpose(layer.unowned)
    accountable, teams = names(layer.accountable), names(layer.team)
    is_meant = layer.unowned is not None or "unowned" in failed
    if not accountable and not is_meant and "accountable" not in failed:
        yield "nobody is accountable"
    if len(accountable) > 1:
        yield f"{len(accountable)} are accountable, not one"
    for one in accountable:
        yield from _no_person(roster, one)
    if not teams and not is_meant and "team" not in failed:
        yield "no team"
    if len(teams) > 1:
        yield f"{len(teams)} teams, not one"
    for one in teams:
        if not roster.workspace.has("teams", one):
            yield f"team `{one}` {_absence(roster, one)}"


def _on_purpose(unowned: Unowned) -> str:
    until = f"until {unowned.until}" if unowned.until else "with no date"
    return f"unowned on purpose {until}" + (f" ({unowned.reason})" if unowned.reason else "")


def _no_person(roster: DisplayNames, id_: str) -> Iterator[str]:
    """Say why an accountable name stands for no one person."""
    kind = roster.workspace.kind_of(id_)
    if kind is None:
        yield f"accountable `{id_}` {_absence(roster, id_)}"
    elif kind == "roles":
        yield from _no_holder(roster, id_)
    elif kind != "people":
        yield f"accountable `{id_}` is {SECTIONS[kind].a_noun}, not one person"


def _no_holder(roster: DisplayNames, id_: str) -> Iterator[str]:
    role = roster.workspace.all(Role).get(id_)
    if role is None:
        yield f"accountable `{id_}` could not be read"
    elif role.holder is not None:
        if not roster.workspace.has("people", role.holder):
            held = f"accountable `{id_}` is held by `{role.holder}`"
            yield f"{held}, who {_absence(roster, role.holder)}"
    elif role.schedule is not None:
        yield f"accountable `{id_}` is whoever is on call, not one person"
    else:
        failed = roster.no_holder(id_) == "not read"
        yield f"accountable `{id_}` " + ("could not be read" if failed else "has no holder")


def _absence(roster: DisplayNames, id_: str) -> str:
    """Say, as what follows its name, why an id is not what it should be."""
    kind = roster.workspace.kind_of(id_)
    if kind is not None:
        return f"is {SECTIONS[kind].a_noun}"
    return "could not be read" if roster.workspace.may_define(id_) else "does not exist"
