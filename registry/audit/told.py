"""What sentences say of an alert: who is near it, how it is called, and where it may go."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from registry.wording import listed

if TYPE_CHECKING:  # rules ask this, and a check of the registry alone imports no audit
    from registry.audit.join import Row
    from registry.audit.receivers import Stop
    from registry.audit.severity import DeployedSeverity

_NEAR = {"codeowners": "its file's code owners", "receiver": "its receiver"}


def near(row: "Row") -> str:
    """Say what weak sources name: who reviews the file, who reads what the receiver gets."""
    said: dict[str, list[str]] = {}
    for one in row.claims:
        if one.owner is not None and one.is_weak:
            said.setdefault(one.source, []).append(one.owner.id)
    return " and ".join(
        f"{_NEAR.get(source, source)} ({listed(dict.fromkeys(ids))})"
        for source, ids in said.items()
    )


def called(said: "DeployedSeverity") -> str:
    """Say how grave an alert is called."""
    if said.source == "binding":
        return "has a label that is bound to what pages"
    return f"is `{said.text.value}`"


def pagers_of(stops: "Iterable[Stop]") -> "tuple[list[Stop], bool]":
    """Return those that page for certain, and whether it is sure that nothing notified pages."""
    notified = [one for one in stops if one.reached.notifies]
    pagers = [one for one in notified if one.pages and one.reached.certain]
    return pagers, all(one.pages is False for one in notified)


def ways(row: "Row") -> str:
    """Say where an alert goes, or may go: to those that notify nobody, too."""
    stops = [one.reached for one in row.stops]
    heard = tuple(dict.fromkeys(one.name for one in stops if one.notifies))
    silent = tuple(dict.fromkeys(one.name for one in stops if not one.notifies))
    if row.way.verdict == "always":
        return f"it goes to {listed(heard)}"
    may = f"it may go to {listed(heard, 8, 'or')}"
    if silent:
        which = "which notifies nobody" if len(silent) == 1 else "which notify nobody"
        may += f", or to {listed(silent, 8, 'or')}, {which}"
    return may if row.way.is_covered else f"{may}, and it may reach nobody"
