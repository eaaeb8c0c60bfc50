"""What is the same on both sides, so that no question about it need be asked."""

from collections.abc import Iterable

from registry.workspace.workspace import Workspace

PARTIES = ("people", "roles")
"""Sections that say who stands behind a name."""

ROTAS = (*PARTIES, "schedules", "escalations", "holidays")
"""Sections that say whom a page reaches, and when."""


def are_same(before: Workspace, after: Workspace, sections: Iterable[str]) -> bool:
    """Whether some sections say the same on both sides, what did not load included."""
    return (
        before.manifest.timezone == after.manifest.timezone
        and (before.blind, before.hidden) == (after.blind, after.hidden)
        and all(_is_same(before, after, section) for section in sections)
    )


def _is_same(before: Workspace, after: Workspace, section: str) -> bool:
    failed = [
        {key: fields for key, fields in one.failed_fields.items() if key[0] == section}
        for one in (before, after)
    ]
    return (
        failed[0] == failed[1]
        and before.entities.get(section) == after.entities.get(section)
        and before.failed.get(section) == after.failed.get(section)
    )
