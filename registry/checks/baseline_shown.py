"""A baseline's entries with what each does now: for people, and as `opmodel.baselined.v1`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.checks.accepted import SOON, Accepted, EntryStanding
from registry.checks.baseline import ABOUT, EntryState
from registry.checks.own import applying
from registry.checks.rule import Rule
from registry.output.json import dump, rows
from registry.output.style import BOLD, Style
from registry.output.terminal import brief, escape
from registry.wording import counted

FORMAT = "opmodel.baselined.v1"

_FIRST = (
    EntryState.ENDED,
    EntryState.GRAVER,
    EntryState.CROWDED,
    EntryState.OVER,
    EntryState.STALE,
    EntryState.UNJUDGED,
    EntryState.SILENCES,
)
"""What asks for something comes first."""


def human(found: Accepted, style: Style) -> str:
    """List the entries by what they do, what asks for something first; the totals come last."""
    standings = list(found.standings())
    known = applying(found.opened.policy.own).rules
    lines: list[str] = []
    for state in _FIRST:
        own = [one for one in standings if one.state is state]
        if own:
            head = f"{counted(len(own), 'entry')}: {ABOUT[state]}"
            lines += [style.paint(BOLD, head), *(_line(one, known) for one in own), ""]
    return "\n".join([*lines, _totals(found, standings), ""])


def _line(one: EntryStanding, known: Mapping[str, Rule]) -> str:
    entry = one.entry
    about = " ".join(filter(None, (entry.entity, entry.field)))
    at = one.finding.primary if one.finding is not None else None
    place = f" at {at.location.file}:{at.at.start.line}" if at is not None else ""
    who = entry.owner or "nobody"
    until = f"until {entry.until}" if entry.until else "without an end"
    soon = ", runs out" if one.runs_out else ""
    name = known[entry.code].name if entry.code in known else ""
    text = f"{entry.code} {name} {about}{place}: {who}, {until}{soon}: {entry.reason}"
    return f"  {entry.severity:<7} {brief(' '.join(text.split()))}"


def _totals(found: Accepted, standings: Sequence[EntryStanding]) -> str:
    name = escape(found.baseline.name)
    if not standings:
        return f"{name}: no entry"
    states = Counter(one.state for one in standings)
    parts = [f"{states[one]} {one.value.replace('-', ' ')}" for one in EntryState if states[one]]
    soon = sum(one.runs_out for one in standings)
    near = f"; {soon} {'runs' if soon == 1 else 'run'} out within {SOON.days} days" if soon else ""
    owners = Counter(one.entry.owner or "nobody" for one in standings)
    listed = ", ".join(
        f"{escape(who)} {number}"
        for who, number in sorted(owners.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return (
        f"{name}: {counted(len(standings), 'entry')}: {', '.join(parts)}{near}; by owner: {listed}"
    )


def json(found: Accepted) -> str:
    """Write the entries for scripts, one a line, in the file's order."""
    standings = list(found.standings())
    states = Counter(one.state for one in standings)
    head = dump(
        {
            "format": FORMAT,
            "registry": found.result.registry,
            "stage": found.result.stage,
            "at": found.result.at,
            "path": found.baseline.name,
            "summary": {
                "entries": len(standings),
                **{one.value.replace("-", "_"): states[one] for one in EntryState},
                "runs_out": sum(one.runs_out for one in standings),
                "not_accepted": len(found.open()),
            },
        }
    )
    return f'{head[:-1]},\n "entries": {rows(_rows(standings))}}}\n'


def _rows(standings: Sequence[EntryStanding]) -> Iterator[dict[str, Any]]:
    for one in standings:
        at = one.finding.primary if one.finding is not None else None
        yield {
            **one.entry.model_dump(),
            "line": one.line,
            "state": one.state.value,
            "runs_out": one.runs_out,
            "finding": {"path": at.location.file, "line": at.at.start.line} if at else None,
        }
