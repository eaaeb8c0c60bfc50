"""Every export and every file format, by name: a registry to the bytes of one file.

What failed to load is never left out in silence: its row says so, and the notes count it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

import registry.export.tables
import registry.output.tables
from registry.checks.engine import Opened
from registry.diagnostic import Diagnostic
from registry.errors import CannotRunError
from registry.export.blank import blank
from registry.export.exporter import Exporter, Subject
from registry.model.sections import SECTIONS
from registry.output.contacts import hide_contacts
from registry.output.table import Table, Writer
from registry.plugins import catalogue
from registry.wording import counted, did_you_mean
from registry.workspace.options import this_hour
from registry.workspace.policy import Policy, builtin
from registry.workspace.workspace import Workspace

_WHOLE_FILE = frozenset({"OM001", "OM002", "OM013", "OM014"})
_DROPPED = frozenset({"OM002", "OM003", "OM009"})


class Exported(NamedTuple):
    """A file's whole content, and what a person should know about it."""

    content: bytes
    notes: tuple[str, ...]
    rows: int = 0


@cache
def exporters() -> Mapping[str, Exporter]:
    """Load every exporter, by name."""
    return {one.name: one for one in catalogue(registry.export.tables, "EXPORTER", Exporter)}


@cache
def writers() -> Mapping[str, Writer]:
    """Load every file format for tables, by name."""
    return {one.name: one for one in catalogue(registry.output.tables, "WRITER", Writer)}


def format_for(path: str | None, asked: str | None = None) -> str:
    """Choose a format: the one that is asked for, else the path's suffix, else csv.

    Raises CannotRunError for one that does not exist.
    """
    suffix = os.path.splitext(path or "")[1].lower().removeprefix(".")
    name = asked or suffix or "csv"
    if name not in writers():
        known = f"it is one of {', '.join(writers())}"
        raise CannotRunError(f"there is no table format `{name}`", known)
    return name


def export(  # noqa: PLR0913 - what a file depends on
    opened: Opened,
    name: str,
    format: str = "csv",  # noqa: A002 - the option's own name
    by: str | None = None,
    *,
    with_contacts: bool = False,
    at: datetime | None = None,
    as_of: str = "",
    is_blank: bool = False,
) -> Exported:
    """Make the export `name` of an open registry, in one of `writers()`.

    `by` is one of the exporter's variants, its first where it is None. Telephone numbers and e-mail
    addresses in free text are hidden unless `with_contacts`. `at` is the instant of which it tells,
    an aware datetime, else this hour; `as_of` is the day, as `2026-11-28`, that a workbook says it
    is of; `is_blank` asks for the role matrix's template. Raises
    CannotRunError for a name, format or variant that does not exist, and for a table that the
    format cannot hold.
    """
    if is_blank:
        built = blank(opened, by).mapped(str if with_contacts else hide_contacts)
    else:
        built = table(
            opened.workspace, name, by, with_contacts=with_contacts, policy=opened.policy, at=at
        )
    built = replace(built, as_of=as_of)
    return Exported(
        writers()[format_for(None, format)].render(built), notes(opened), len(built.rows)
    )


def table(  # noqa: PLR0913 - what a table depends on
    workspace: Workspace,
    name: str,
    by: str | None = None,
    *,
    with_contacts: bool = False,
    policy: Policy | None = None,
    at: datetime | None = None,
) -> Table:
    """Build one export's table; parameters and errors are those of `export`.

    The policy, where none is given, is the built-in one of the registry's stage.
    """
    exporter = exporters().get(name)
    if exporter is None:
        known = f"it is one of {', '.join(exporters())}"
        raise CannotRunError(f"there is no export `{name}`", did_you_mean(name, exporters(), known))
    held_to = policy or builtin(workspace.manifest.stage, workspace.manifest.profile)
    subject = Subject(workspace, held_to, at or this_hour(datetime.now(UTC)))
    built = exporter.build(subject, _variant(exporter, by))
    return built if with_contacts else built.mapped(hide_contacts)


def _variant(exporter: Exporter, by: str | None) -> str:
    if by is None:
        return exporter.variants[0] if exporter.variants else ""
    if by in exporter.variants:
        return by
    known = ", ".join(exporter.variants)
    help_ = f"it is one of {known}" if known else "leave `--by` out"
    raise CannotRunError(f"{exporter.name} has no `--by {by}`", help_)


def notes(opened: Opened) -> tuple[str, ...]:
    """Say what an export of this registry lacks because it could not be read, or was left out."""
    workspace = opened.workspace
    files = sorted({one for one in _doubted(opened) if not _is_read(workspace, one)})
    shown = f" ({', '.join(files[:3])}{', …' if len(files) > 3 else ''})"
    entities = sum(map(len, workspace.failed.values()))
    fields = sum(
        len(failed)
        for (section, id_), failed in workspace.failed_fields.items()
        if id_ in workspace.entities.get(section, {})
    )
    unread = "could not be read, so what stands there is missing here"
    counts = (
        (len(files), f"{counted(len(files), 'file')}{shown} {unread}"),
        (entities, f"{counted(entities, 'entity')} {unread}"),
        (fields, f"{counted(fields, 'field')} {unread}"),
        (
            (dropped := sum(map(_is_dropped, opened.problems))),
            f"{counted(dropped, 'entry')} repeated or misnamed, and not in here",
        ),
    )
    return tuple(f"{said}: `opmodel check` says why" for number, said in counts if number)


def _doubted(opened: Opened) -> Iterator[str]:
    """Yield files of which a problem says that they may not have been read at all."""
    for found in opened.problems:
        if found.code in _WHOLE_FILE and found.entity is None:
            yield found.primary.location.file


def _is_read(workspace: Workspace, file: str) -> bool:
    source = workspace.sources.files.get(file)
    return source is not None and source.composed.data is not None


def _is_dropped(found: Diagnostic) -> bool:
    """Whether a problem means that an entry of a section was not taken over."""
    misnamed = found.code == "OM006" and found.entity is None and bool(found.field)
    in_section = misnamed and str((found.field or ("",))[0]) in SECTIONS
    return found.code in _DROPPED or in_section
