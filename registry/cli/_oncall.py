"""What the parts of `opmodel oncall` compute, and in which form they show it."""

import argparse
import os
from collections.abc import Iterable
from typing import NamedTuple

from registry.cli._asked import Question
from registry.cli._output import note
from registry.errors import CannotRunError
from registry.oncall.feed import feed
from registry.oncall.report import csv as oncall_csv
from registry.oncall.report import ics as oncall_ics
from registry.oncall.report import json as oncall_json
from registry.oncall.report import table as oncall_table
from registry.oncall.rota import (
    chosen,
    hours,
    may_be_more,
    open_times,
    rota,
    turn,
    unread_schedules,
)

FORMS = {
    "show": ("table", "json", "csv", "ics"),
    "gaps": ("table", "json"),
    "next": ("table", "json"),
    "export": ("csv", "ics", "json"),
}
"""The forms that each action has, the usual one first."""


class Wanted(NamedTuple):
    """What is asked of which schedules, from when to when (instants), and how it is to look.

    `zone` is the one to show all of them in; None where each has its own.
    """

    asked: Question
    schedules: tuple[str, ...]
    person: str | None
    start: int
    end: int
    form: str
    alone: bool
    color: bool
    zone: str | None = None


def want(args: argparse.Namespace, asked: Question, start: int, end: int, *, color: bool) -> Wanted:
    """Read what is asked for; raises CannotRunError for what is not there."""
    ids = chosen(asked.opened.workspace, args.schedule, args.person)
    alone = args.schedule is not None
    return Wanted(asked, ids, args.person, start, end, _form(args), alone, color, args.tz)


def answer(action: str, wanted: Wanted) -> tuple[str | Iterable[bytes], int]:
    """Return what is to be shown, and the exit code: 1 where `gaps` finds one, or cannot know.

    What is no text comes part by part.
    """
    workspace = wanted.asked.opened.workspace
    unread = () if wanted.alone else unread_schedules(workspace, wanted.person)
    for id_ in unread:
        note(f"opmodel: the schedule `{id_}` did not load, and is left out; see `opmodel check`")
    if action == "gaps":
        return _gaps(wanted, unread)
    return (_next if action == "next" else _shifts)(wanted), 0


def _gaps(wanted: Wanted, unread: tuple[str, ...]) -> tuple[str, int]:
    workspace, start, end = wanted.asked.opened.workspace, wanted.start, wanted.end
    found = [open_times(workspace, one, start, end, wanted.zone) for one in wanted.schedules]
    hidden = may_be_more(workspace, wanted.schedules if wanted.alone else None)
    is_open = any(one.patterns or one.unreachable or one.doubt for one in found)
    code = int(is_open or bool(unread or hidden))
    if wanted.form == "json":
        return oncall_json.render_gaps(found, start, end, unread, hidden), code
    zone = wanted.asked.zone
    return oncall_table.render_gaps(found, start, end, zone, hidden, color=wanted.color), code


def _next(wanted: Wanted) -> str:
    workspace, at = wanted.asked.opened.workspace, wanted.asked.at
    found = [turn(workspace, one, at, wanted.person, zone=wanted.zone) for one in wanted.schedules]
    if wanted.form == "json":
        return oncall_json.render_next(found, at)
    return oncall_table.render_next(found, wanted.person, color=wanted.color)


def _shifts(wanted: Wanted) -> str | Iterable[bytes]:
    workspace, person = wanted.asked.opened.workspace, wanted.person
    if wanted.form == "ics":
        feeds = (feed(workspace, one, *wanted[3:5], person) for one in wanted.schedules)
        whose = (*(wanted.schedules if wanted.alone else ()), *filter(None, (person,)))
        return oncall_ics.render(feeds, workspace, whose, wanted.asked.at)
    found = (rota(workspace, one, *wanted[3:5], person, wanted.zone) for one in wanted.schedules)
    if wanted.form == "json":
        return oncall_json.render(tuple(found), alone=wanted.alone)
    if wanted.form == "table":
        return oncall_table.render(tuple(found), person, color=wanted.color)
    rows = (row for one in found for row in hours(workspace, one))
    return (oncall_csv.render(row for row in rows if person in {None, row.person}),)


def _form(args: argparse.Namespace) -> str:
    """Choose a form: the one that is asked for, else the file's suffix, else the usual one."""
    forms = FORMS[args.action]
    suffix = os.path.splitext(args.output or "")[1].lower().removeprefix(".")
    form: str = args.format or (suffix if suffix in forms else forms[0])
    if form not in forms:
        raise CannotRunError(
            f"`oncall {args.action}` has no form {form}", f"it has {', '.join(forms)}"
        )
    return form
