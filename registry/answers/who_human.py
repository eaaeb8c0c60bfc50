"""`who` for a person at night, on a phone: who is paged first, then what to check first."""

import textwrap
from collections.abc import Iterator
from datetime import datetime

from registry.civil import local
from registry.terminal import brief, escape
from registry.who import Answer, Hop, Paged, Who, duration

WIDTH = 60
"""Columns that are enough."""


def render(found: Who, at: datetime, *, color: bool = False, with_contacts: bool = False) -> str:
    """Lay the answers out for reading; `at` is the instant in the offset that it was asked in."""
    page = _Page(at, color=color, with_contacts=with_contacts)
    lines: list[str] = []
    for one in found.answers:
        lines += [*page.answer(one), ""]
    if not found.answers:
        lines += [*page.broken(found.breaks), ""]
    return "\n".join(lines)


class _Page:
    def __init__(self, at: datetime, *, color: bool, with_contacts: bool) -> None:
        self.at = at
        self.color = color
        self.with_contacts = with_contacts

    def paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def title(self, text: str) -> str:
        return self.paint("1", text)

    def answer(self, one: Answer) -> Iterator[str]:
        what = {"page": "pages", "ticket": "files a ticket"}[one.response]
        yield self.title(f"{escape(one.alert)}: {one.severity}, {what}")
        yield f"{self.at:%a %d %b %Y %H:%M:%S} (UTC{self.at:%z})"
        yield from self.broken(one.breaks)
        yield from self.chain(one)
        yield from self.check_first(one)
        yield from self.switches(one)
        yield from self.runbook(one)
        yield from self.notified(one)
        yield ""
        yield from self.facts(one)

    def broken(self, breaks: tuple[str, ...]) -> Iterator[str]:
        if breaks:
            yield ""
        for reason in breaks:
            for number, line in enumerate(_wrapped(reason, 6)):
                mark = "" if number else "BREAKS"
                yield f"{self.paint('1;31', f'{mark:<6}')} {line.strip()}"

    def chain(self, one: Answer) -> Iterator[str]:
        runs: dict[int, list[Hop]] = {}
        for hop in one.chain:
            runs.setdefault(hop.run, []).append(hop)
        same: list[str] = []
        for run, hops in runs.items():
            if run and _reached(hops) == _reached(runs[0]):
                same.append(duration(hops[0].after))
                continue
            for hop in hops:
                yield ""
                when = "PAGED NOW" if not hop.after else f"AFTER {duration(hop.after)}"
                yield self.title(when)
                yield from self.hop(hop)
        if same:
            yield ""
            yield f"then the same again from {' and '.join(same)} on"

    def hop(self, hop: Hop) -> Iterator[str]:
        for person in hop.people:
            yield from self.person(person, hop)
        if hop.breaks:
            yield from (self.paint("1;31", line) for line in _wrapped(hop.breaks, 2))
        yield self.paint("2", f"  {escape(hop.place.path)}:{hop.place.line}")

    def person(self, person: Paged, hop: Hop) -> Iterator[str]:
        yield f"  {self.title(escape(person.name))} ({escape(person.id)})"
        for kind, value in person.contact if self.with_contacts else ():
            yield f"    {kind}: {escape(value)}"
        if person.contact and not self.with_contacts:
            yield f"    by {', '.join(kind for kind, _ in person.contact)}"
        via = "" if hop.via == person.id else f"as {escape(hop.via)}"
        if person.until is not None:
            via += f" until {local(person.until, person.zone):%a %d %b %H:%M} {person.zone}"
        if via:
            yield from _wrapped(via, 4)
        if person.but:
            yield from (self.paint("1;33", line) for line in _wrapped(f"but {person.but}", 4))

    def notified(self, one: Answer) -> Iterator[str]:
        if not one.notified:
            return
        yield ""
        yield self.title("TOLD")
        for channel in one.notified:
            reader = (
                f"read by {channel.reader}" if channel.reader else "read by nobody in particular"
            )
            every = f" every {channel.read_every}" if channel.read_every and channel.reader else ""
            yield from _wrapped(f"{channel.id}, {reader}{every}", 2)

    def check_first(self, one: Answer) -> Iterator[str]:
        if one.runbook is None:
            yield ""
            yield self.paint("1;33", "NO RUNBOOK")
        else:
            checks = one.runbook.first_checks or ("the runbook does not say",)
            yield from self.part("CHECK FIRST", checks)
            yield self.paint("2", f"  {escape(one.runbook.place.path)}:{one.runbook.place.line}")

    def runbook(self, one: Answer) -> Iterator[str]:
        book = one.runbook
        if book is None:
            return
        parts = (
            ("MITIGATE", book.mitigations),
            ("ROLL BACK", book.rollback),
            ("ESCALATE TO", (book.escalate_to,) if book.escalate_to else ()),
            ("RESOLVED WHEN", book.resolved_when),
        )
        for title, items in parts:
            yield from self.part(title, items)

    def part(self, title: str, items: tuple[str, ...]) -> Iterator[str]:
        if not items:
            return
        yield ""
        yield self.title(title)
        for number, item in enumerate(items, 1):
            mark = f"{number}. " if len(items) > 1 else ""
            yield from _wrapped(mark + item, 2, len(mark))

    def switches(self, one: Answer) -> Iterator[str]:
        if one.kill_switches:
            yield ""
            yield self.title("SWITCHES")
        for switch in one.kill_switches:
            acts = (
                f", acts within {switch.takes_effect_within}" if switch.takes_effect_within else ""
            )
            yield from _wrapped(f"{switch.id}{acts}", 2)
            if switch.action:
                yield from _wrapped(switch.action, 4)
            there = ", ".join(switch.operators)
            who = f"may flip it now: {there}" if there else "nobody may flip it now"
            yield from _wrapped(who, 4)
            yield self.paint("2", f"    {escape(switch.place.path)}:{switch.place.line}")

    def facts(self, one: Answer) -> Iterator[str]:
        name = f"{one.accountable[1]} ({one.accountable[0]})" if one.accountable else "nobody"
        yield from _wrapped(f"accountable: {name}", 0, 2)
        if one.respond_within:
            yield f"respond within: {one.respond_within}"
        if one.decision:
            yield from _wrapped(f"decision: {one.decision}", 0, 2)
        yield self.paint("2", f"{escape(one.place.path)}:{one.place.line}")


def _reached(hops: list[Hop]) -> list[tuple[str, ...]]:
    return [tuple(person.id for person in hop.people) for hop in hops]


def _wrapped(text: str, indent: int, hang: int = 2) -> list[str]:
    return textwrap.wrap(
        brief(text),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False,
    )
