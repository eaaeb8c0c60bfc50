"""Duties: what falls to whom, a row a duty, with the place where it is written.

Every person, then every team and role, each with what falls to them: under their own id, and
through the roles that they hold and the teams that they lead. So a role's duty stands in its
holder's rows too; `through` says so. What roles are for in their own words, their
`responsibilities`, comes last, with the words in `text`.
"""

from collections.abc import Iterator

from registry.export.exporter import Exporter, Subject
from registry.output.table import Column, Table
from registry.paging.duties import KINDS, Duties, Duty, DutyKind, Responsibility
from registry.workspace.names import DisplayNames
from registry.workspace.workspace import Workspace

_COLUMNS = (
    Column("who", verbatim=True),
    Column("name"),
    Column("kind", verbatim=True),
    Column("section", verbatim=True),
    Column("id", verbatim=True),
    Column("field", verbatim=True),
    Column("meaning", verbatim=True),
    Column("through", verbatim=True),
    Column("path", verbatim=True),
    Column("line", verbatim=True, number=True),
    Column("text"),
)
_PARTIES = ("people", "teams", "roles")


def build(subject: Subject, by: str) -> Table:  # noqa: ARG001 - there is only one form
    """List every duty of everybody."""
    workspace = subject.workspace
    title = f"Duties in {workspace.manifest.name}"
    return Table("duties", title, _COLUMNS, tuple(_rows(workspace)))


def _rows(workspace: Workspace) -> Iterator[tuple[str, ...]]:
    duties, roster = Duties(workspace), DisplayNames(workspace)
    for section in _PARTIES:
        for id_ in workspace.origins.get(section, {}):
            name = roster.called(id_)
            yield from (_row(one, name) for one in duties.of(id_))
            yield from (_responsibility(one, name) for one in duties.responsibilities(id_))


def _row(one: Duty, name: str) -> tuple[str, ...]:
    kind = KINDS[one.meaning].value
    through = one.through or ""
    written = (one.section, one.id, one.field, one.meaning, through, one.path, str(one.line))
    return (one.to, name, kind, *written, "")


def _responsibility(one: Responsibility, name: str) -> tuple[str, ...]:
    kind, place = DutyKind.OWN.value, (one.path, str(one.line))
    written = ("roles", one.role, one.field, "responsibilities", one.through or "")
    return (one.to, name, kind, *written, *place, one.text)


EXPORTER = Exporter(
    "duties", "what falls to each person, team and role, and where that stands", build
)
