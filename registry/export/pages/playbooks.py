"""Playbooks: for each function and each role, what they own, are asked, review and are paged for.

A function's page counts the roles and teams of that function, the people of those teams, and people
without a team by their roles. A role's page counts the role itself and whoever holds it: their
name, their teams, the schedules that they take turns on. Each line says under which of these names
the registry means them. Leadership, engineering, product and support always have a page, if only
to say that the registry asks nothing of them; other functions have one where they are used.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, get_args

from registry.export.edition import Edition, file_names
from registry.export.exporter import Publisher
from registry.export.pages._duties import Line, duties
from registry.export.pages._windows import section as incident_windows
from registry.model.oncall import Schedule
from registry.model.people import Function, Person, Role, Team
from registry.model.sections import SECTIONS
from registry.output.markdown import bullets, document, link, table
from registry.paging.duties import DutyKind
from registry.workspace.names import NOT_READ, declared

MARK = "<!-- opmodel export playbooks: made from the registry; edit that, not this page -->"
INDEX = "index.md"
_FUNCTIONS: tuple[str, ...] = get_args(Function)
ALWAYS = ("leadership", "engineering", "product", "support")
"""The functions of the first playbooks: leadership, engineering, product and support."""

_ORDER = (
    "ownership",
    *(name for name in SECTIONS if name not in {"ownership", "channels"}),
    "channels",
)
_WEAKER = {"responsible": 1, "team": 2}
"""What stands behind whatever else a page says of the same section."""


class _Group(NamedTuple):
    """Whom one page is for: `names` are the ids under which the registry means them.

    The first of a role's page is the role itself. `roles` have pages of their own; `facts` say who
    else is meant, and `responsibilities` what roles are for, in their own words.
    """

    id: str
    title: str
    names: tuple[str, ...]
    roles: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    responsibilities: tuple[str, ...] = ()


def build(edition: Edition, form: str) -> Mapping[str, bytes]:  # noqa: ARG001 - one form
    """Write a page for each function, then one for each role, and the index first."""
    groups = [*_functions(edition), *_roles(edition)]
    files = file_names(group.id for group in groups)
    named = duties(edition.workspace)
    pages = {INDEX: document(_index(edition, groups, files))}
    for group in groups:
        pages[files[group.id]] = document(_page(edition, group, named, files))
    return pages


def _index(edition: Edition, groups: Iterable[_Group], files: Mapping[str, str]) -> Iterator[str]:
    yield from (MARK, f"# Playbooks of {edition.literal(edition.workspace.manifest.name)}")
    yield from edition.warnings()
    rows = [
        (link(one.title, files[one.id]), "; ".join(_facts(edition, one, files))) for one in groups
    ]
    yield from table(("playbook", "who"), rows)


# -- whom a page is for --------------------------------------------------------------------------


def _functions(edition: Edition) -> Iterator[_Group]:
    workspace, roster = edition.workspace, edition.roster
    for function in _FUNCTIONS:
        roles = [id_ for id_, one in workspace.all(Role).items() if one.function == function]
        teams = [id_ for id_, one in workspace.all(Team).items() if one.function == function]
        people = [id_ for id_ in workspace.all(Person) if function in _functions_of(edition, id_)]
        if not (roles or teams or function in ALWAYS):
            continue
        held = [workspace.all(Role)[id_].schedule or "" for id_ in roles]
        turns = [turn for one in people for turn in _turns(edition, one)]
        members = (f"{edition.who(one)}: {_people(edition, roster.members(one))}" for one in teams)
        everyone = dict.fromkeys(filter(None, (*roles, *teams, *people, *held, *turns)))
        title = function.capitalize()
        said = [
            f"{edition.rich(text)} *({edition.who(id_)})*"
            for id_ in roles
            for text in workspace.all(Role)[id_].responsibilities
        ]
        yield _Group(function, title, tuple(everyone), tuple(roles), tuple(members), tuple(said))


def _functions_of(edition: Edition, person: str) -> frozenset[str]:
    """Return the functions of a person's teams; of their roles, where they are in no team."""
    teams = edition.workspace.all(Team)
    own = [teams[id_].function for id_ in edition.roster.teams_of(person)]
    if not own:
        own = [one.function for one in edition.workspace.all(Role).values() if one.holder == person]
    return frozenset(function for function in own if function)


def _roles(edition: Edition) -> Iterator[_Group]:
    for id_, role in declared(edition.workspace, Role):
        title = f"{edition.literal(role.title if role else id_)} (role)"
        if role is None:
            yield _Group(f"role-{id_}", title, (id_,), (), (edition.rich(NOT_READ),))
            continue
        person = role.holder or ""
        behind = (person, *edition.roster.teams_of(person), *_turns(edition, person))
        everyone = dict.fromkeys(filter(None, (id_, *behind, role.schedule)))
        until = f", until {role.temporary_until}" if role.temporary_until else ""
        fact = f"{edition.who(id_)}{until}"
        said = tuple(map(edition.rich, role.responsibilities))
        yield _Group(f"role-{id_}", title, tuple(everyone), (), (fact,), said)


def _turns(edition: Edition, person: str) -> list[str]:
    """List the schedules that a person takes turns on, and the roles that these hold."""
    schedules = edition.workspace.all(Schedule).items()
    turns = [id_ for id_, schedule in schedules if person in schedule.people]
    roles = edition.workspace.all(Role).items()
    return [*turns, *(id_ for id_, role in roles if role.schedule in turns)]


def _people(edition: Edition, ids: Iterable[str]) -> str:
    return ", ".join(map(edition.who, ids)) or "*nobody*"


# -- a page --------------------------------------------------------------------------------------


def _facts(edition: Edition, group: _Group, files: Mapping[str, str]) -> list[str]:
    roles = [link(edition.who(id_), files[f"role-{id_}"]) for id_ in group.roles]
    return [*roles, *group.facts] or ["*nobody*"]


def _page(
    edition: Edition,
    group: _Group,
    named: Mapping[str, tuple[Line, ...]],
    files: Mapping[str, str],
) -> Iterator[str]:
    yield from (MARK, f"# {group.title}")
    yield from bullets(_facts(edition, group, files))
    yield from _contacts(edition, group)
    if group.responsibilities:
        yield from ("", "## Their responsibilities", *bullets(group.responsibilities))
    if group.id == "leadership":
        yield from incident_windows(edition)
    told = [duty for id_ in group.names for duty in named.get(id_, ())]
    for kind in DutyKind:
        yield from ("", f"## What they {kind.value}", "")
        ours = [duty for duty in told if duty.kind is kind]
        if not ours:
            yield "The registry names them nowhere for this."
        for section in _ORDER:
            theirs = [duty for duty in ours if duty.section == section]
            theirs.sort(key=lambda duty: _WEAKER.get(duty.what, 0))
            yield from _section(edition, group, section, theirs)
    yield from ("", link("All playbooks", INDEX))


def _contacts(edition: Edition, group: _Group) -> list[str]:
    people = edition.workspace.all(Person)
    ways = [(id_, edition.contacts(id_)) for id_ in group.names if id_ in people]
    return bullets(f"{edition.who(id_)}: {way}" for id_, way in ways if way)


def _section(edition: Edition, group: _Group, section: str, ours: list[Line]) -> Iterator[str]:
    if not ours:
        return
    title = "layers" if section == "ownership" else section.replace("_", " ")
    yield from ("", f"### {title.capitalize()}")
    by_place: dict[tuple[str, str, str], list[str]] = {}
    for duty in ours:
        by_place.setdefault((duty.id, duty.what, duty.text), []).append(duty.to)
    yield from bullets(_line(edition, group, place, to) for place, to in by_place.items())


def _line(edition: Edition, group: _Group, place: tuple[str, str, str], to: list[str]) -> str:
    id_, what, text = place
    said = f": {edition.rich(text)}" if text else ""
    itself = None if group.id in _FUNCTIONS else group.names[0]
    others = [one for one in to if one != itself]
    as_ = f" *(as {', '.join(edition.literal(_called(edition, one)) for one in others)})*"
    return f"{edition.id(id_)}, {what}{said}{as_ if others else ''}"


def _called(edition: Edition, id_: str) -> str:
    """Name an id for a reader who knows people, not ids."""
    if id_ in edition.workspace.all(Schedule):
        return f"on call on {id_}"
    if id_ in edition.workspace.all(Team):
        return f"team {edition.roster.called(id_)}"
    return edition.roster.holder(id_)


PUBLISHER = Publisher("playbooks", "a page a function and a role: what they own and are paged for",
                      build, ("md",), folder=True)  # fmt: skip
