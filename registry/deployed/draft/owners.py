"""Whom code owners and objectives name, as teams and people: those that no catalogue describes.

A name is all that these files say of them; each is for somebody to confirm.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.deployed.model import CatalogueUser, Deployed, Group, PlacedText
from registry.wording import counted

_GROUP, _USER = "group:", "user:"


class WithOwners(NamedTuple):
    """What was read, with the teams and people that are only named; `guessed` says what names each.

    `guessed` is by the name under which owners are written.
    """

    deployed: Deployed
    guessed: Mapping[str, str]


def named(deployed: Deployed) -> WithOwners:
    """Add the teams and people whom code owners and objectives name."""
    known = {one.name for one in deployed.groups} | {one.name for one in deployed.catalogue_users}
    mails = {one.email for one in deployed.users} | {one.email for one in deployed.catalogue_users}
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[str, PlacedText] = {}
    for what, text in _owners(deployed):
        if text.value not in known | mails:
            counts[text.value, what] += 1
            first.setdefault(text.value, text)
    groups, users = [], []
    for name, text in first.items():
        if _is_team(name):
            groups.append(Group(name, text.where, _plain(name)))
        else:
            mail = name if _is_mail(name) else None
            users.append(CatalogueUser(name, text.where, _plain(name), mail))
    guessed = {
        name: f"{'a team' if _is_team(name) else 'a person'}? {_said(what, number)} `{name}`"
        for (name, what), number in counts.items()
    }
    found = deployed._replace(
        groups=(*deployed.groups, *groups),
        catalogue_users=(*deployed.catalogue_users, *users),
    )
    return WithOwners(found, guessed)


def _owners(deployed: Deployed) -> Iterator[tuple[str, PlacedText]]:
    for line in deployed.code_owners:
        yield from (("line of CODEOWNERS", one) for one in line.owners)
    for one in deployed.levels:
        if one.owner is not None:
            yield "objective", one.owner


def _said(what: str, number: int) -> str:
    noun, _, rest = what.partition(" ")
    behind = f" {rest}" if rest else ""
    return f"1 {what} names" if number == 1 else f"{counted(number, noun)}{behind} name"


def _is_mail(name: str) -> bool:
    return "@" in name[1:]


def _is_team(name: str) -> bool:
    """Whether an owner is a team: `@org/team`, or what an objective calls its owner."""
    if name.startswith("@"):
        return "/" in name
    return not _is_mail(name) and not name.startswith(_USER)


def _plain(name: str) -> str:
    """Name somebody as people do: without what a reference has before and behind it."""
    bare = name.removeprefix(_GROUP).removeprefix(_USER).rpartition("/")[2].removeprefix("@")
    return bare.partition("@")[0]
