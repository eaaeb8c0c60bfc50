"""The role matrix: a row a layer, and who is accountable, responsible, consulted, informed.

By role (the default): a column for each role, team and person that the matrix names. By person:
roles and teams give way to the people behind them. By team: each name counts for its team; somebody
in several teams counts for the row's own, if that is one of them. By function: names in the cells,
in the function of the row's team where they are in it, else in that of their first team or role.

Rows stand in the files' order. `team` and `accountable` hold the ids that the registry holds,
`team_name` and `accountable_name` who that is; several are parted by `; `. Where people read, the
names stand in the place of the ids, which come last. `missing` says what keeps a row from having
one person and one team. A name that does not exist has a column of its own, and a row that failed
to load says so: nothing vanishes. A column with nothing in it is left out, but for a function's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from registry.export.exporter import Exporter, Subject
from registry.export.tables._holes import missing
from registry.export.tables._raci import CELLS, LEGEND, combined, letters
from registry.model.oncall import Schedule
from registry.model.ownership import Layer
from registry.model.people import Function, Role, Team
from registry.model.reference import names
from registry.output.table import Column, Table
from registry.workspace.names import NOT_READ, DisplayNames, declared
from registry.workspace.workspace import Workspace

LEFT = (
    Column("layer", verbatim=True),
    Column("title"),
    Column("description"),
    Column("team", verbatim=True, spoken="team_id", aside=True),
    Column("accountable", verbatim=True, spoken="accountable_id", aside=True),
    Column("team_name", spoken="team", look="owed"),
    Column("accountable_name", spoken="accountable", look="owed"),
    Column("missing", look="gap"),
)
_FUNCTIONS: tuple[str, ...] = get_args(Function)
_NONE = "-none"
"""The column of those who have no team or function; no id begins with a hyphen."""

Held = Mapping[str, Sequence[tuple[str, str]]]
"""What a row gives each column: (cell, id) pairs."""


class View(NamedTuple):
    """One way to lay out the matrix.

    `place` says which columns a name of a row stands in, `show` what those say, and `columns`
    which there are, given the places that are used.
    """

    place: Callable[[DisplayNames, Layer, str], tuple[str, ...]]
    show: Callable[[DisplayNames, Sequence[tuple[str, str]]], str]
    columns: Callable[[DisplayNames, frozenset[str]], tuple[Column, ...]]


def build(subject: Subject, by: str) -> Table:
    """Lay out the ownership matrix; `by` is one of `EXPORTER.variants`."""
    return matrix(subject.workspace, by)


def matrix(workspace: Workspace, by: str) -> Table:
    """Lay out a registry's ownership matrix, which is the same at any instant."""
    roster = DisplayNames(workspace)
    view = _VIEWS[by]
    layers = list(declared(workspace, Layer))
    held = [_held(roster, view, layer) if layer else {} for _, layer in layers]
    columns = view.columns(roster, frozenset(key for row in held for key in row))
    rows = tuple(
        _left(roster, id_, layer)
        + tuple(view.show(roster, row[one.id]) if one.id in row else "" for one in columns)
        for (id_, layer), row in zip(layers, held, strict=True)
    )
    title = f"Role matrix of {workspace.manifest.name}, by {by}"
    lettered = tuple(one._replace(look="letters") for one in columns)
    table = Table("role-matrix", title, LEFT + lettered, rows, LEGEND)
    return table.for_people() if by == "function" else table


def _left(roster: DisplayNames, id_: str, layer: Layer | None) -> tuple[str, ...]:
    if layer is None:
        return (id_, *[""] * (len(LEFT) - 2), NOT_READ)
    teams, accountable = names(layer.team), names(layer.accountable)
    return (
        id_,
        layer.title or "",
        layer.description or "",
        "; ".join(filter(roster.knows, teams)),
        "; ".join(filter(roster.knows, accountable)),
        "; ".join(map(roster.called, teams)),
        "; ".join(map(roster.holder, accountable)),
        "; ".join(missing(roster, id_, layer)),
    )


def _held(roster: DisplayNames, view: View, layer: Layer) -> Held:
    found: dict[str, list[tuple[str, str]]] = {}
    for id_, cell in letters(layer).items():
        for key in view.place(roster, layer, id_):
            found.setdefault(key, []).append((cell, id_))
    return found


def placed(workspace: Workspace, by: str) -> Iterator[tuple[str, Held]]:
    """Yield each layer with who stands in which of its columns; nobody where it did not load."""
    roster = DisplayNames(workspace)
    for id_, layer in declared(workspace, Layer):
        yield id_, _held(roster, _VIEWS[by], layer) if layer else {}


def _letter(roster: DisplayNames, held: Sequence[tuple[str, str]]) -> str:  # noqa: ARG001 - as any `show`
    return combined(cell for cell, _ in held)


# -- by role -------------------------------------------------------------------------------------


def _itself(roster: DisplayNames, layer: Layer, id_: str) -> tuple[str, ...]:  # noqa: ARG001
    return (id_,)


def _roles_teams_people(roster: DisplayNames, used: frozenset[str]) -> tuple[Column, ...]:
    sections = (roster.workspace.origins.get(one, {}) for one in ("roles", "teams"))
    groups = dict.fromkeys(id_ for ids in sections for id_ in ids if id_ in used)
    ids = (*groups, *roster.ordered(used.difference(groups)))
    return tuple(Column(roster.called(id_), id_) for id_ in ids)


# -- by person -----------------------------------------------------------------------------------


def _people(roster: DisplayNames, layer: Layer, id_: str) -> tuple[str, ...]:  # noqa: ARG001
    """Resolve a name to people; what nobody is behind stays as it is, and shows."""
    if id_ in roster.workspace.all(Team):
        return roster.members(id_) or (id_,)
    role = roster.workspace.all(Role).get(id_)
    return (role.holder or role.schedule or id_,) if role else (id_,)


def _people_first(roster: DisplayNames, used: frozenset[str]) -> tuple[Column, ...]:
    return tuple(Column(_as_person(roster, id_), id_) for id_ in roster.ordered(used))


def _as_person(roster: DisplayNames, id_: str) -> str:
    called = roster.called(id_)
    if id_ in roster.workspace.all(Schedule):
        return f"On call: {called}"
    if id_ in roster.workspace.all(Role):
        return roster.holder(id_)
    return f"{called} (nobody in it)" if id_ in roster.workspace.all(Team) else called


# -- by team -------------------------------------------------------------------------------------


def _teams(roster: DisplayNames, layer: Layer, id_: str) -> tuple[str, ...]:
    workspace = roster.workspace
    if workspace.has("teams", id_) or not roster.knows(id_):
        return (id_,)
    role = workspace.all(Role).get(id_)
    if role is not None and role.schedule is not None:
        schedule = workspace.all(Schedule).get(role.schedule)
        return ((schedule.team if schedule else None) or _NONE,)
    teams = roster.teams_of(roster.graph.person(id_) or id_)
    own = tuple(team for team in teams if team in names(layer.team))
    return own or teams or (_NONE,)


def _each_team(roster: DisplayNames, used: frozenset[str]) -> tuple[Column, ...]:
    teams = tuple(id_ for id_ in roster.workspace.origins.get("teams", {}) if id_ in used)
    others = roster.ordered(used.difference(teams, {_NONE}))
    found = tuple(Column(roster.called(id_), id_) for id_ in (*teams, *others))
    return found + ((Column("(no team)", _NONE),) if _NONE in used else ())


# -- by function ---------------------------------------------------------------------------------


def _function(roster: DisplayNames, layer: Layer, id_: str) -> tuple[str, ...]:
    """Place each name in one column, so that nobody seems to be accountable twice."""
    teams = roster.workspace.all(Team)
    role = roster.workspace.all(Role).get(id_)
    if role is not None and role.function is not None:
        return (role.function,)
    if id_ in teams or (role is not None and role.schedule is not None):
        found = teams.get(_teams(roster, layer, id_)[0])
        return ((found.function if found else None) or _NONE,)
    person = roster.graph.person(id_) or id_
    own = [teams[team].function for team in _teams(roster, layer, person) if team in teams]
    hats = [one.function for one in roster.workspace.all(Role).values() if one.holder == person]
    return (next((function for function in own + hats if function), _NONE),)


def with_names(roster: DisplayNames, held: Sequence[tuple[str, str]]) -> str:
    """Write `A: Priya Natarajan; R: Tom Reyes, Mei Tanaka (Engineering lead)`."""
    lists = {cell: [roster.holder(id_) for one, id_ in held if one == cell] for cell in CELLS}
    return "; ".join(f"{cell}: {', '.join(who)}" for cell, who in lists.items() if who)


def _every_function(roster: DisplayNames, used: frozenset[str]) -> tuple[Column, ...]:  # noqa: ARG001
    found = tuple(Column(function, function) for function in _FUNCTIONS)
    return found + ((Column("(no function)", _NONE),) if _NONE in used else ())


_VIEWS = {
    "role": View(_itself, _letter, _roles_teams_people),
    "function": View(_function, with_names, _every_function),
    "person": View(_people, _letter, _people_first),
    "team": View(_teams, _letter, _each_team),
}

EXPORTER = Exporter(
    "role-matrix",
    "who is accountable, responsible, consulted and informed for each layer",
    build,
    tuple(_VIEWS),
)
