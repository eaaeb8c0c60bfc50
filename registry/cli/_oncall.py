"""What the parts of `opmodel oncall` compute and in which form they show it."""

import argparse
import json

from registry.answers import oncall_csv, oncall_ics, oncall_json, oncall_table
from registry.civil import utc
from registry.cli._asked import Asked
from registry.errors import CannotRunError
from registry.model.oncall import Schedule
from registry.options import iso
from registry.rota import chosen, hours, open_times, rota, turn


def answer(args: argparse.Namespace, asked: Asked, start: int, end: int, *, color: bool) -> str:
    """Show a calendar, who is next, or a file for another program.

    Raises CannotRunError for a form that the action does not have.
    """
    workspace = asked.opened.workspace
    ids = chosen(workspace, args.schedule, args.person)
    if args.action == "next":
        turns = [turn(workspace, one, asked.at, args.person) for one in ids]
        if _form(args, "table", "json") == "json":
            return oncall_json.render_next(turns, asked.at)
        return oncall_table.render_next(turns, color=color)
    forms = ("csv", "ics", "json") if args.action == "export" else ("table", "json", "csv", "ics")
    form = _form(args, *forms)
    found = [rota(workspace, one, start, end) for one in ids]
    if form == "json":
        return oncall_json.render(found)
    if form == "csv":
        rows = [row for one in found for row in hours(workspace, one)]
        return oncall_csv.render(row for row in rows if args.person in {None, row.person})
    if form == "ics":
        return oncall_ics.render(found, workspace, args.person, asked.at)
    return oncall_table.render(found, color=color)


def gaps(
    args: argparse.Namespace, asked: Asked, start: int, end: int, *, color: bool
) -> tuple[str, int]:
    """List the open times of every schedule; the exit code is 1 where there is one."""
    workspace = asked.opened.workspace
    found = []
    for id_ in chosen(workspace, args.schedule, args.person):
        zone = workspace.all(Schedule)[id_].timezone or workspace.manifest.timezone or "UTC"
        found.append((id_, zone, open_times(workspace, id_, start, end)))
    code = int(any(patterns for _, _, patterns in found))
    if _form(args, "table", "json") == "table":
        return oncall_table.render_gaps(found, color=color), code
    rows = [
        {
            "schedule": id_,
            "pattern": one.text,
            "times": one.times,
            "hours": one.total / 3_600_000_000,
            "first": {"start": iso(utc(one.first.start)), "end": iso(utc(one.first.end))},
            "last": {"start": iso(utc(one.last.start)), "end": iso(utc(one.last.end))},
        }
        for id_, _, patterns in found
        for one in patterns
    ]
    shape = {
        "format": oncall_json.FORMAT,
        "from": iso(utc(start)),
        "to": iso(utc(end)),
        "schedules": [id_ for id_, _, _ in found],
        "gaps": rows,
    }
    return json.dumps(shape, indent=1) + "\n", code


def _form(args: argparse.Namespace, *forms: str) -> str:
    form: str = args.format or forms[0]
    if form not in forms:
        known = ", ".join(forms)
        raise CannotRunError(f"`oncall {args.action}` has no form {form}", f"it has {known}")
    return form
