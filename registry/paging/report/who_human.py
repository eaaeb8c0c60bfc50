"""`who` for a person at night, on a phone: who is paged first, then what to check first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from registry.clock.civil import instant, local
from registry.clock.words import day_and_time, delay, offset
from registry.model.sections import SECTIONS
from registry.output.contacts import hide_contacts
from registry.output.style import BOLD, DIM, RED, YELLOW, painted
from registry.output.terminal import escape, wrapped
from registry.paging.duties import KINDS, Duty, Responsibility
from registry.paging.instructions import Steps
from registry.paging.pager import Hop, Paged, Place
from registry.paging.who import ALERTING, CHARGED, Answer, Notified, Owner, Who

WIDTH = 60
"""Columns that are enough; only a name, path or address that is longer goes beyond."""

_MOST_AGAIN = 3
_OWNERS = {"people": "PERSON", "teams": "LEAD", "roles": "HELD BY", "incidents": "COMMANDER"}
"""What the owner of these is called."""


def render(
    found: Who,
    at: datetime,
    zone: str | None = None,
    *,
    color: bool = False,
    with_contacts: bool = False,
) -> str:
    """Lay the answers out for reading.

    `at` is the instant as it was asked. Times are shown in `zone`, else in the schedules' own.
    Telephone numbers and e-mail addresses are hidden unless `with_contacts`.
    """
    page = _Page(at, zone, color=color, with_contacts=with_contacts)
    lines = list(page.heading(found))
    alone = _is_alone(found)
    for one in found.answers:
        lines += [] if alone else ["", page.paint(DIM, "-" * WIDTH)]
        lines += page.answer(one, alone=alone)
    return "\n".join(lines) + "\n"


class _Page:
    def __init__(self, at: datetime, zone: str | None, *, color: bool, with_contacts: bool) -> None:
        self.at = at
        self.zone = zone
        self.color = color
        self.with_contacts = with_contacts

    # -- words and lines ---------------------------------------------------------------------

    def paint(self, code: str, text: str) -> str:
        return painted(code, text, on=self.color)

    def text(self, value: str) -> str:
        return value if self.with_contacts else hide_contacts(value)

    def lines(self, text: str, first: str = "", rest: str = "", code: str = "") -> Iterator[str]:
        """Wrap a text; `code` paints it."""
        for line in wrapped(self.text(text), WIDTH, first, rest):
            yield self.paint(code, line) if code else line

    def title(self, text: str) -> Iterator[str]:
        yield ""
        yield self.paint(BOLD, text)

    def place(self, place: Place, indent: str = "  ") -> str:
        return self.paint(DIM, f"{indent}{escape(place.path)}:{place.line}")

    def until(self, at: datetime, zone: str) -> str:
        zone = self.zone or zone
        return f"{day_and_time(local(instant(at), zone), self.at.year)} {zone}"

    # -- the whole ---------------------------------------------------------------------------

    def heading(self, found: Who) -> Iterator[str]:
        """Say what was asked and when, but for one alert; then what no answer says."""
        if not _is_alone(found):
            section = SECTIONS.get(found.section)
            text = f"{section.noun if section is not None else 'deployed alert'} {found.id}"
            if found.section in ALERTING or section is None:
                number = len(found.answers) or "no"
                text += f": {number} {'alert' if number == 1 else 'alerts'}"
            yield from self.lines(text, rest="  ", code=BOLD)
            yield self.moment()
        own = {f"{one.alert}: {reason}" for one in found.answers for reason in one.breaks}
        yield from self.broken(reason for reason in found.breaks if reason not in own)
        if not _is_alone(found) and found.section in SECTIONS:
            yield from self.charge(found)

    def moment(self) -> str:
        return f"{day_and_time(self.at)} (UTC{offset(self.at)})"

    def answer(self, one: Answer, *, alone: bool) -> Iterator[str]:
        what = {"page": "pages", "ticket": "files a ticket"}[one.response]
        within = f", respond within {one.respond_within}" if one.respond_within else ""
        text = f"{one.alert}: {one.severity}, {what}{within}"
        yield from self.lines(text, rest="  ", code=BOLD)
        if alone:
            yield self.moment()
        yield from self.broken(one.breaks)
        yield from self.chain(one)
        if not one.chain:
            yield from self.notified("LANDS IN", one.notified)
        yield from self.instructions(one)
        if one.chain:
            yield from self.notified("TOLD", one.notified)
        yield ""
        yield from self.facts(one)

    def broken(self, breaks: Iterable[str]) -> Iterator[str]:
        for number, reason in enumerate(breaks):
            if not number:
                yield ""
            yield from self.lines(reason, "BREAKS ", "       ", RED)

    def facts(self, one: Answer) -> Iterator[str]:
        yield from self.lines(f"owner: {_named(one.owner)}", rest="  ")
        yield from self.lines(f"accountable: {_named(one.answers_for_row)}", rest="  ")
        yield from self.lines(f"metric: {one.metric}", rest="  ")
        if one.decision:
            yield from self.lines(f"decision: {one.decision}", rest="  ")
        yield self.place(one.place, "")

    # -- whose it is -------------------------------------------------------------------------

    def charge(self, found: Who) -> Iterator[str]:
        """Say who owns it and who answers for it; of somebody, what falls to them."""
        yield from self.owner(_OWNERS.get(found.section, "OWNER"), found.owner)
        yield from self.owner("ACCOUNTABLE", found.accountable)
        if found.team is not None and found.section != "teams":
            yield from self.part("TEAM", (found.team,))
        if found.responsible:
            yield from self.part("RESPONSIBLE", (", ".join(found.responsible),))
        yield from self.named(found.named)
        if not any((found.owner, found.accountable, found.team, found.named, found.breaks,
                    found.section in CHARGED, found.responsible)):  # fmt: skip
            yield from ("", "Such a thing has no owner, and it names nobody.")
        if found.duties is not None:
            yield from self.responsibilities(found.responsibilities)
            yield from self.duties(found.duties)

    def owner(self, title: str, owner: Owner | None) -> Iterator[str]:
        if owner is None:
            return
        person = owner.person
        yield from self.title(title)
        yield from self.lines(f"{person.name} ({person.id})", "  ", "    ", BOLD)
        yield from self.ways(person)
        if owner.via != person.id:
            yield from self.lines(f"as {owner.via}", "    ", "      ")
        if person.but:
            yield from self.lines(f"but {person.but}", "    ", "      ", YELLOW)
        yield self.place(owner.place)

    def named(self, named: tuple[Duty, ...]) -> Iterator[str]:
        """List whom an entity names besides its owners, by what each does."""
        for meaning in KINDS:
            ids = [one for one in named if one.meaning == meaning]
            if ids:
                yield from self.title(meaning.upper())
                yield from self.lines(", ".join(dict.fromkeys(one.to for one in ids)), "  ", "  ")
                yield self.place(Place(ids[0].path, ids[0].line))

    def responsibilities(self, told: tuple[Responsibility, ...]) -> Iterator[str]:
        """List what the roles are for, in their own words."""
        if told:
            yield from self.title("RESPONSIBILITIES")
        for one in told:
            through = f" (as {one.through})" if one.through else ""
            yield from self.lines(f"{one.text}{through}", "  ", "    ")
            yield self.place(Place(one.path, one.line), "    ")

    def duties(self, duties: tuple[Duty, ...]) -> Iterator[str]:
        """List what falls to somebody by what it means, in the order in which a playbook does."""
        met = {one.meaning for one in duties}
        for meaning in (one for one in KINDS if one in met):
            yield from self.title(meaning.upper())
            for one in duties:
                if one.meaning == meaning:
                    through = f", as {one.through}" if one.through else ""
                    text = f"{SECTIONS[one.section].noun} {one.id}{through}"
                    yield from self.lines(text, "  ", "    ")
                    yield self.place(Place(one.path, one.line), "    ")
        if not duties:
            yield from ("", "Nothing falls to them.")

    # -- who is paged ------------------------------------------------------------------------

    def chain(self, one: Answer) -> Iterator[str]:
        runs = {run: list(hops) for run, hops in groupby(one.chain, key=lambda hop: hop.run)}
        same: list[str] = []
        for run, hops in runs.items():
            if run and _alike(hops, runs[0]):
                same.append(delay(hops[0].after))
                continue
            for _, paged in groupby(
                hops, key=lambda hop: (hop.after, hop.held, hop.skipped, hop.never)
            ):
                group = list(paged)
                yield from self.title(f"{'AGAIN ' if run else ''}{self.when(group[0])}")
                steps = [list(step) for _, step in groupby(group, key=lambda hop: hop.step)]
                for place, step in enumerate(steps):
                    yield from self.step(step, is_beside=steps[place - 1][0].in_turn and place > 0)
        if same:
            listed = " and ".join(filter(None, (", ".join(same[:-1]), same[-1])))
            if len(same) > _MOST_AGAIN:
                listed = f"{same[0]}, {same[1]} … {same[-1]}, {len(same)} times"
            yield ""
            yield from self.lines(f"then the same again after {listed}")

    def step(self, hops: Sequence[Hop], *, is_beside: bool) -> Iterator[str]:
        """List whom a step pages; `is_beside` says that it goes out with one that takes turns."""
        if hops[0].in_turn and not hops[0].skipped:
            yield from self.lines("one of these, in turn; which cannot be told:", "  ", "    ")
        elif is_beside:
            yield from self.lines("and in any case:", "  ", "    ")
        for hop in hops:
            yield from self.hop(hop)

    def when(self, hop: Hop) -> str:
        """Say when a page goes out."""
        if hop.held is not None:
            return f"HELD UNTIL {self.until(hop.held, hop.zone)}"
        if hop.never:
            return "NEVER PAGED"
        if hop.skipped:
            return f"SKIPPED AFTER {delay(hop.after)}" if hop.after else "SKIPPED NOW"
        return f"AFTER {delay(hop.after)}" if hop.after else "PAGED NOW"

    def hop(self, hop: Hop) -> Iterator[str]:
        if hop.skipped:
            yield from self.lines(f"{hop.via}: not paged at this hour", "  ", "    ")
        for person in hop.people:
            yield from self.person(person, hop)
        for person in hop.shadows:
            told = f"{person.name} ({person.id}) is told as well, as a shadow"
            yield from self.lines(told, "  ", "    ")
        if hop.breaks:
            yield from self.lines(hop.breaks, "  ", "  ", RED)
        yield self.place(hop.place)

    def person(self, person: Paged, hop: Hop) -> Iterator[str]:
        yield from self.lines(f"{person.name} ({person.id})", "  ", "    ", BOLD)
        yield from self.ways(person)
        via = [] if hop.via == person.id else [f"as {hop.via}"]
        absent = hop.deputy_for
        if absent is not None:
            via = [] if hop.via == absent.id else via
            for_whom = f"for {absent.name} ({absent.id}), who {absent.but}"
            yield from self.lines(for_whom, "    ", "      ")
        if person.until is not None:
            via.append(f"until {self.until(person.until, person.zone)}")
        if via:
            yield from self.lines(" ".join(via), "    ", "      ")
        if person.but:
            yield from self.lines(f"but {person.but}", "    ", "      ", YELLOW)

    def ways(self, person: Paged) -> Iterator[str]:
        """Say how a person is reached."""
        for way, value in person.contact if self.with_contacts else ():
            yield from self.lines(f"{way}: {value}", "    ", "      ")
        if person.contact and not self.with_contacts:
            yield f"    by {', '.join(way for way, _ in person.contact)}"

    def notified(self, title: str, channels: tuple[Notified, ...]) -> Iterator[str]:
        if channels:
            yield from self.title(title)
        for channel in channels:
            reader = channel.reader
            told = f"read by {reader.name} ({reader.id})" if reader else "which no person reads"
            told += f" every {channel.read_every}" if reader and channel.read_every else ""
            if channel.but:
                told = f"read by {reader.name}, who {channel.but}" if reader else channel.but
            code = YELLOW if channel.but or not reader else ""
            yield from self.lines(f"{channel.id}, {told}", "  ", "    ", code)

    # -- what they do ------------------------------------------------------------------------

    def instructions(self, one: Answer) -> Iterator[str]:
        book = one.runbook
        if book is None:
            yield ""
            yield from self.lines(f"NO RUNBOOK: {one.no_runbook}", rest="  ", code=YELLOW)
        else:
            yield from self.link(book)
            nothing = () if book.url else ("The runbook says nothing.",)
            yield from self.part("CHECK FIRST", book.first_checks or nothing)
            yield self.place(book.place)
            yield from self.part("MITIGATE", book.mitigations)
        yield from self.switches(one)
        if book is None:
            return
        yield from self.part("ROLL BACK", book.rollback)
        if book.escalate_to:
            people = ", ".join(f"{one.name} ({one.id}){one.for_whom}" for one in book.called_in)
            own = [one.id for one in book.called_in] == [book.escalate_to]
            called = people if own else f"{book.escalate_to}: {people or 'nobody now'}"
            yield from self.part("ESCALATE TO", (called,))
        yield from self.part("RESOLVED WHEN", book.resolved_when)

    def link(self, book: Steps) -> Iterator[str]:
        """Give the address of an external runbook, whole: it is to be opened."""
        if book.url:
            yield from self.title("RUNBOOK")
            yield f"  {escape(book.url)}"

    def part(self, title: str, items: tuple[str, ...]) -> Iterator[str]:
        if not items:
            return
        yield from self.title(title)
        for number, item in enumerate(items, 1):
            mark = f"{number}. " if len(items) > 1 else ""
            yield from self.lines(item, f"  {mark}", "  " + " " * len(mark))

    def switches(self, one: Answer) -> Iterator[str]:
        if one.kill_switches:
            yield from self.title("SWITCHES")
        for switch in one.kill_switches:
            effect = switch.takes_effect_within
            acts = f", acts within {effect}" if effect else ""
            yield from self.lines(f"{switch.id}{acts}", "  ", "    ")
            if switch.action:
                yield from self.lines(switch.action, "    ", "    ")
            if switch.but:
                yield from self.lines(switch.but, "    ", "    ", YELLOW)
            there = ", ".join(
                f"{one.name}{one.for_whom}" + (f", who {one.but}" if one.but else "")
                for one in switch.operators
            )
            if there:
                yield from self.lines(f"may flip it now: {there}", "    ", "      ")
            elif not switch.but:
                yield from self.lines("nobody may flip it now", "    ", "    ", RED)
            yield self.place(switch.place, "    ")


def _alike(one: list[Hop], other: list[Hop]) -> bool:
    """Whether two runs page the same people as they are due; one that waits is told whole."""
    waits = any(hop.held for hop in (*one, *other))
    told = [[(hop.reached, hop.skipped) for hop in hops] for hops in (one, other)]
    return not waits and told[0] == told[1]


def _named(owner: Owner | None) -> str:
    """Name an owner in a line, with what is the matter with them."""
    if owner is None:
        return "nobody"
    person = owner.person
    via = f", as {owner.via}" if owner.via != person.id else ""
    return f"{person.name} ({person.id}){via}" + (f", who {person.but}" if person.but else "")


def _is_alone(found: Who) -> bool:
    """Whether one alert was asked about, and no more is said of what was asked."""
    return found.section == "alerts" or (found.section == "deployed" and len(found.answers) == 1)
