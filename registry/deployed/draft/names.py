"""What all parts of a draft share: the ids that they take, and what they leave out."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from registry.deployed.model import Deployed, Where
from registry.model.format import ID_PATTERN


class LeftOut(NamedTuple):
    """What is not in the draft, where it stands in the files, and why."""

    where: Where
    reason: str


def slug(text: str) -> str:
    """Make an id of a name: `GroundednessDrop` is `groundedness-drop`; empty where none is left."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", text)
    found = re.sub(r"[^A-Za-z0-9._]+", "-", parted).strip("-._").lower()[:128].strip("-._")
    return found if re.fullmatch(ID_PATTERN, found) else ""


class Ids:
    """Ids that are unique within one id space, by what they stand for."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, ids: Iterable[str]) -> None:
        """Keep ids for others."""
        self._taken.update(ids)

    def is_free(self, id_: str) -> bool:
        """Whether an id is one, and nothing has it."""
        return bool(id_) and id_ not in self._taken

    def new(self, *names: str, kind: str) -> str:
        """Take the first name that makes an id, with a number where it is taken."""
        base = next(filter(None, map(slug, names)), kind)
        found, number = base, 2
        while found in self._taken:
            tail = f"-{number}"
            found, number = base[: 128 - len(tail)] + tail, number + 1
        self._taken.add(found)
        return found


class Drafting:
    """A draft in the making: of what, how a place in it is shown, and what is left out so far.

    `ids` are those of people, teams, schedules, escalations and channels, which share one space.
    """

    def __init__(self, deployed: Deployed, place: Callable[[Where], str]) -> None:
        self.deployed = deployed
        self.at = place
        self.ids = Ids()
        self.left_out: list[LeftOut] = []

    def leave(self, where: Where, what: str, reasons: Iterable[str]) -> None:
        """List what is left out, for whoever drafts."""
        self.left_out += [LeftOut(where, f"{what}: {reason}") for reason in reasons]
