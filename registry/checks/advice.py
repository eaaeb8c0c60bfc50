"""What a name that leads nowhere was meant to be."""

from typing import NamedTuple

from registry.wording import nearest, quoted, same_but_for_spelling
from registry.workspace.references import Dangling
from registry.workspace.workspace import Workspace


class Advice(NamedTuple):
    """What to do about a name: the id that is `meant`, if any is, and whether no other can be."""

    help: str
    meant: str | None = None
    is_sure: bool = False


def advise(workspace: Workspace, found: Dangling, *, suggest: bool) -> Advice:
    """Say which id a name means: one that differs in spelling alone, a person's, or the nearest.

    Without `suggest` none is sought: that takes milliseconds.
    """
    known = {id_ for id_ in found.known if id_} if suggest else set()
    person = workspace.people_called.get(found.name.casefold())
    sure = person if person in known else same_but_for_spelling(found.name, known)
    if near := sure or nearest(found.name, known):
        return Advice(f"did you mean `{near}`?", near, sure is not None)
    help_ = f"correct the name, or define it under {quoted(found.reference.accepts, ' or ')}"
    return Advice(help_)
