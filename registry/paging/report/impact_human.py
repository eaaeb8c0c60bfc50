"""`impact` for a person who plans a holiday, or a farewell."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from registry.clock.words import date_and_time
from registry.model.sections import SECTIONS
from registry.oncall.interval import Interval
from registry.oncall.pattern import fold
from registry.output.style import BOLD, painted
from registry.output.terminal import escape, wrapped
from registry.paging.impact import Impact
from registry.paging.loss import OF_MEANING, Loss

WIDTH = 60
"""Columns that are enough; only a name or path that is longer goes beyond."""

_TITLES = {
    "layer": "layers that lose their accountable",
    "role": "roles that are vacant",
    "owner": "things that lose their owner",
    "shift": "schedules that have nobody on call",
    "escalation": "escalations that reach nobody",
    "step": "steps of escalations that reach nobody",
    "switch": "kill switches that have no operator",
    "lead": "teams that lose their lead",
    "team": "things that lose their team",
    "responsible": "layers that lose somebody responsible",
    "commander": "incidents that lose their commander",
    "approver": "things that lose an approver",
    "chair": "reviews that lose their chair",
    "attendee": "reviews that lose an attendee",
    "reader": "dashboards that lose their reader",
    "escalated_to": "runbooks that escalate to nobody",
    "rollback": "rollbacks that nobody does",
    "deputy": "things that lose a deputy",
    "paged": "things that page nobody of them",
    "on_call": "things with nobody of them on call",
    "stand_in": "things that lose a stand-in",
    "told": "things that tell nobody of them",
    "consulted": "layers that lose somebody to consult",
    "informed": "layers that lose somebody to inform",
    "access": "stores that lose a reader",
    "stands_for": "names of the deployed stack that mean nobody",
    "judge": "metrics that nobody judges any more",
}
_BRIEF = frozenset(OF_MEANING.values()) - {"layer", "role", "switch", "escalated_to", "rollback"}
"""Kinds that are told by ids alone."""

_MOST = 12


def render(found: Impact, zone: str, *, color: bool = False) -> str:
    """Lay the losses out by kind; dates of the whole in `zone`, of shifts in their schedule's."""
    days = f"{date_and_time(found.start, zone)} – {date_and_time(found.end, zone)}"
    who = found.without
    if found.gone != (found.without,):
        who += f" ({', '.join(found.gone)})"
    lines = [*wrapped(f"without {who}", WIDTH, "", "  "), days, zone, ""]
    for kind, losses in groupby(found.losses, key=lambda one: one.kind):
        rows = list(losses)
        number = len({(one.section, one.id) for one in rows})
        title = f"{_TITLES[kind]}: {number}"
        lines.append(painted(BOLD, title, on=color))
        lines += _owned(rows) if kind in _BRIEF else _rows(rows, found)
        lines.append("")
    if not found.losses:
        lines += ["nothing loses its owner, its pager or its operator", ""]
    for doubt in found.doubts:
        lines += wrapped(f"not certain: {doubt}", WIDTH, "", "  ")
    return "\n".join(lines).rstrip("\n") + "\n"


def _owned(losses: Iterable[Loss]) -> Iterator[str]:
    for section, rows in groupby(losses, key=lambda one: one.section):
        ids = ", ".join(dict.fromkeys(one.id for one in rows))
        yield from wrapped(f"{SECTIONS[section].name}: {ids}", WIDTH, "  ", "    ")


def _rows(losses: Iterable[Loss], found: Impact) -> Iterator[str]:
    for one in losses:
        yield from wrapped(f"{one.id}: {one.detail}", WIDTH, "  ", "    ")
        yield f"    {escape(one.path)}:{one.line}"
        if one.spans:
            yield from _spans(one, found)


def _spans(one: Loss, found: Impact) -> Iterator[str]:
    if one.spans == (Interval(found.start, found.end),):
        yield "    all the time"
        return
    for span in one.spans[:_MOST]:
        yield f"    {date_and_time(span.start, one.zone)} – {date_and_time(span.end, one.zone)}"
    if len(one.spans) > _MOST:
        patterns = fold(one.spans, one.zone, found.start, found.end)
        told = "; ".join(pattern.text for pattern in patterns[:3])
        more = f"… and {len(one.spans) - _MOST} more: {told}"
        yield from wrapped(more, WIDTH, "    ", "      ")
    yield f"    {one.zone}"
