"""One table of several registries: theirs under each other, with a column that says whose a row is.

Columns that mean the same, by heading and id, are one; what a registry has not is empty in its
rows. Columns stand where the first registry that has them puts them, the others' own at the end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from registry.export.export import Exported, notes, table, writers
from registry.output.table import Column, Table
from registry.source import seen
from registry.workspace.open import Opened

_MOST_NAMED = 3
"""Registries that a title names; of more it tells how many they are."""


def export_several(  # noqa: PLR0913 - what a file depends on
    registries: Sequence[tuple[str, Opened]],
    name: str,
    format: str,  # noqa: A002 - the option's own name
    by: str | None,
    at: datetime,
    as_of: str,
    *,
    with_contacts: bool,
) -> Exported:
    """Make one file of an export of several registries, each with the folder that it stands in.

    Parameters and errors are those of `registry.export.export.export`.
    """
    named = told_apart(
        [one.workspace.manifest.name for _, one in registries], [folder for folder, _ in registries]
    )
    parts = [
        (
            who,
            table(one.workspace, name, by, with_contacts=with_contacts, policy=one.policy, at=at),
        )
        for who, (_, one) in zip(named, registries, strict=True)
    ]
    made = replace(joined(parts), title=titled(name, named), as_of=as_of)
    said = tuple(_noted(named, [one for _, one in registries]))
    return Exported(writers()[format].render(made), said, len(made.rows))


def _noted(named: Sequence[str], registries: Sequence[Opened]) -> Iterator[str]:
    for who, one in zip(named, registries, strict=True):
        yield from (f"{who}: {note}" for note in notes(one))


def joined(parts: Sequence[tuple[str, Table]]) -> Table:
    """Join one export's tables; each comes with the name that its rows bear.

    The title is the first's. Raises ValueError where there is none.
    """
    if not parts:
        raise ValueError("there is no table to join")
    first = parts[0][1]
    keys = list(dict.fromkeys(_key(column) for _, part in parts for column in part.columns))
    columns = {_key(one): one for _, part in reversed(parts) for one in part.columns}
    rows = []
    for name, part in parts:
        places = {_key(one): index for index, one in enumerate(part.columns)}
        taken = [places.get(key) for key in keys]
        rows += [
            (name, *("" if place is None else row[place] for place in taken)) for row in part.rows
        ]
    shown = (Column("registry", "registry"), *(columns[key] for key in keys))
    return replace(first, columns=shown, rows=tuple(rows))


def titled(export: str, names: Sequence[str]) -> str:
    """Write a title for people: `Role matrix of shop, search`, or `of 7 registries`."""
    who = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} registries"
    return f"{export.replace('-', ' ').capitalize()} of {who}"


def told_apart(names: Sequence[str], folders: Sequence[str]) -> list[str]:
    """Name each registry as it names itself; those of one name by their folder as well."""
    return [
        name if names.count(name) == 1 else f"{name} ({folder})"
        for name, folder in zip(names, folders, strict=True)
    ]


def is_of(label: str, name: str, root: str) -> bool:
    """Whether a label is one that `told_apart` gives the registry `name` in the folder `root`.

    A folder in a label is looked for from where the command runs, as when it was exported.
    """
    if label == name:
        return True
    folder = label.removeprefix(f"{name} (").removesuffix(")")
    return label == f"{name} ({folder})" and seen.real(folder) == seen.real(root)


def _key(column: Column) -> tuple[str, str]:
    return column.heading, column.id
