"""`impact` for a person who plans a holiday, or a farewell."""

from collections.abc import Iterator
from itertools import groupby

from registry.civil import local
from registry.impact import Impact, Loss
from registry.oncall.interval import Interval
from registry.oncall.pattern import fold
from registry.terminal import brief, escape

TITLES = {
    "layer": "lose their accountable",
    "role": "are vacant",
    "shift": "have nobody on call",
    "escalation": "reach nobody",
    "switch": "have no operator",
}
NOUNS = {
    "layer": "layers",
    "role": "roles",
    "shift": "schedules",
    "escalation": "escalations",
    "switch": "kill switches",
}
_MOST = 12


def render(found: Impact, zone: str, *, color: bool = False) -> str:
    """Lay the losses out by kind; dates of the whole in `zone`, of shifts in their schedule's."""
    days = f"{local(found.start, zone):%Y-%m-%d %H:%M} to {local(found.end, zone):%Y-%m-%d %H:%M}"
    who = escape(found.without)
    if found.gone != (found.without,):
        who += f" ({', '.join(map(escape, found.gone)) or 'nobody'})"
    lines = [f"without {who}, {days} {zone}", ""]
    for kind, losses in groupby(found.losses, key=lambda one: one.kind):
        rows = list(losses)
        title = f"{NOUNS[kind]} that {TITLES[kind]}: {len({one.id for one in rows})}"
        lines.append(f"\x1b[1m{title}\x1b[0m" if color else title)
        for one in rows:
            lines += _rows(one, found)
        lines.append("")
    if not found.losses:
        lines += ["nothing is lost: everything that they do, somebody else does too", ""]
    return "\n".join(lines)


def _rows(one: Loss, found: Impact) -> Iterator[str]:
    yield f"  {escape(one.id)}  {brief(one.detail)}  ({escape(one.path)}:{one.line})"
    if one.spans == (Interval(found.start, found.end),):
        yield "    all the time"
        return
    for span in one.spans[:_MOST]:
        yield f"    {_moment(span.start, one.zone)} – {_moment(span.end, one.zone)}"
    if len(one.spans) > _MOST:
        patterns = fold(one.spans, one.zone, found.start, found.end)
        told = "; ".join(pattern.text for pattern in patterns[:3])
        yield f"    … and {len(one.spans) - _MOST} more: {told} ({one.zone})"


def _moment(at: int, zone: str) -> str:
    return f"{local(at, zone):%a %Y-%m-%d %H:%M%z}"
