"""Who is paged by a deployed alert: what its routing does, with what the registry says to do.

Where the registry declares the alert, its runbook, switches and decision hold; whom a page reaches
is what the deployed routing says, which is what will happen.
"""

from collections.abc import Iterator

from registry.audit.delivery import Reached
from registry.audit.inhibited import silenced_by
from registry.audit.join import Audited, Row, firing
from registry.clock.civil import local, utc
from registry.clock.tzif import WEEK
from registry.clock.words import day_and_time
from registry.deployed.model import Where
from registry.deployed.routing.intervals import week
from registry.model.metrics import Alert
from registry.model.people import Channel, Team
from registry.paging.instructions import Steps
from registry.paging.pager import Hop, Pager, Place
from registry.paging.who import Answer, Notified, Owner, Who, unread_by, who
from registry.wording import listed, quoted
from registry.workspace.bindings import Meaning
from registry.workspace.indexes import Indexes
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace

SECTION = "deployed"
"""How the subject's section is called where a deployed alert is asked about."""

_PAGED = frozenset({"escalations", "schedules", "people", "roles"})


def who_deployed(  # noqa: PLR0913 - an audit, what is asked of it, and how it is told
    workspace: Workspace,
    policy: Policy,
    joined: Audited,
    name: str,
    others: tuple[Row, ...] = (),
    zone: str | None = None,
) -> Who:
    """Answer for each deployed alert of a name, as of the audit's instant, while others fire.

    It may be the name of the registry's alert that it is. There is no answer where none is called
    so.
    """
    asked = _DeployedAnswers(workspace, policy, joined, others, zone)
    rows = joined.find(name) or tuple(one for one in joined.rows if one.registry_alert == name)
    answers = tuple(asked.answer(row) for row in rows)
    breaks = tuple(f"{one.alert}: {reason}" for one in answers for reason in one.breaks)
    owner = _one([one.owner for one in answers])
    accountable = _one([one.answers_for_row for one in answers])
    return Who(utc(joined.at), SECTION, name, answers, breaks, owner, accountable)


class _DeployedAnswers:
    def __init__(
        self,
        workspace: Workspace,
        policy: Policy,
        joined: Audited,
        others: tuple[Row, ...],
        zone: str | None,
    ) -> None:
        self.workspace = workspace
        self.policy = policy
        self.joined = joined
        self.others = others
        self.pager = Pager(workspace, joined.at, zone)
        self.graph = Indexes(workspace)

    def answer(self, row: Row) -> Answer:
        silent = list(self.silent(row))
        meanings = [(one, self.meaning(one)) for one in self.certain(row)]
        heard = [] if silent else [pair for pair in meanings if self.muted(pair[0]) is None]
        chain = tuple(hop for one, meaning in heard for hop in self.chain(one, meaning))
        notified = tuple(self.notified(heard))
        told = self.breaks(row, meanings, chain, notified, is_silent=bool(silent))
        breaks = tuple(dict.fromkeys((*silent, *self.unsure(row), *told)))
        place = _place(row.alert.where)
        if row.tie is not None:
            subject = ("alerts", row.tie.alert)
            (known,) = who(
                self.workspace, self.policy, subject, self.joined.at, self.pager.zone
            ).answers
            return known._replace(
                alert=row.alert.name, place=place, chain=chain, notified=notified, breaks=breaks
            )
        owner, severity = self.owner(row), row.alert.labels.get("severity")
        book = _linked(row)
        return Answer(
            row.alert.name,
            "none: the registry does not declare this alert",
            severity.value if severity is not None else "no severity",
            "page" if any(map(_pages, meanings)) else "ticket",
            place,
            owner.person if owner is not None else None,
            None,
            chain,
            notified,
            None,
            book,
            None if book is not None else "the rule names none",
            (),
            breaks,
            owner,
        )

    def certain(self, row: Row) -> list[Reached]:
        """Return what is notified whatever the series are; a receiver of nothing is not.

        Of several routers, of which each has the same people paged, it is what the first one does.
        """
        heard = [one for one in row.way.reached if one.notifies]
        certain = [one for one in heard if one.certain]
        if certain or not row.paged_now:
            return certain
        router, answer = next(pair for pair in row.way.judged if not pair[0].part)
        return [one for one in heard if one.router is router and one.name in answer.certain]

    def silent(self, row: Row) -> Iterator[str]:
        """Say what silences an alert for certain: what always fires, or what fires now."""
        if row.silence.always:
            names = listed(row.silence.always)
            fire = "fires" if len(row.silence.always) == 1 else "fire"
            yield f"it is silenced, by an inhibition: {names} {fire} all the time"
        yield from (
            f"it is silenced while `{name}` fires" for name in self.silencing(row, wanted=True)
        )

    def unsure(self, row: Row) -> Iterator[str]:
        """Say what may silence it that fires now, and whom it may page where series decide."""
        for name in self.silencing(row, wanted=None):
            yield f"it may be silenced while `{name}` fires: the labels of their series decide"
        paged = {one.id for one in row.paged_now}
        for one in row.way.reached:
            hops = () if one.certain else self.chain(one, self.meaning(one))
            people = dict.fromkeys(
                f"{person.name} ({person.id})"
                for hop in hops
                if not hop.run and not hop.after
                for person in hop.people
                if person.id not in paged
            )
            if people and one.notifies and not row.silence.always:
                yield f"it may page {', '.join(people)}, by `{one.name}`, or not"

    def silencing(self, row: Row, *, wanted: bool | None) -> Iterator[str]:
        """Name what fires now and silences it, certainly or perhaps; what is not sent does not."""
        routers = self.joined.deployed.routers
        for other in self.others if row.is_sent else ():
            said = other.is_sent and silenced_by(routers, firing(row), firing(other))
            # Of what is dropped in part, the series that silences may be a dropped one.
            if other is not row and (None if said and other.dropped is None else said) is wanted:
                yield other.alert.name

    def meaning(self, one: Reached) -> Meaning | None:
        mine = (each for each in self.joined.destinations if each.receiver is one.receiver)
        found = next(mine, None)
        return found.meaning if found is not None else None

    def chain(self, one: Reached, meaning: Meaning | None) -> tuple[Hop, ...]:
        if meaning is None or not one.notifies or not _pages((one, meaning)):
            return ()
        if one.receiver is None:
            return ()
        return self.pager.chain(meaning.id, _place(one.receiver.where))

    def muted(self, one: Reached) -> str | None:
        """Say until when time intervals keep every route to a receiver silent; None if they do not.

        The alert is notified then, should it still fire.
        """
        if one.router is None or not one.routes:
            return None
        at, intervals = self.joined.at, one.router.intervals
        silent = [week(route, intervals, at, WEEK)[:1] for route in one.routes]
        if not all(found and found[0].start == at for found in silent):
            return None
        until, zone = min(found[0].end for found in silent), self.pager.zone
        zone = zone or self.pager.known.zone
        names = dict.fromkeys(
            name for route in one.routes for name in (*route.muted, *route.active)
        )
        when = "for all of the coming week"
        if until < at + WEEK:
            when = f"until {day_and_time(local(until, zone))} {zone}"
        return f"{quoted(names, ' and ')} {when}: {one.routes[0].place}"

    def owner(self, row: Row) -> Owner | None:
        """Return the one person whom the strongest claim means: of a team, who leads it."""
        claim = row.owner
        if claim is None or claim.owner is None:
            return None
        team = self.workspace.all(Team).get(claim.owner.id)
        person = self.graph.owner(claim.owner.id if team is None else team.lead)
        if person is None:
            return None
        return Owner(self.pager.person(person), claim.owner.id, _place(claim.where))

    def notified(self, meanings: list[tuple[Reached, Meaning | None]]) -> Iterator[Notified]:
        for _, meaning in meanings:
            channel = self.workspace.all(Channel).get(meaning.id) if meaning else None
            if meaning is None or meaning.section != "channels" or channel is None:
                continue
            person = self.graph.owner(channel.owner)
            reader = self.pager.person(person) if person is not None else None
            every = str(channel.read_every) if channel.read_every else None
            yield Notified(meaning.id, reader, every, unread_by(self.pager, meaning.id, reader))

    def breaks(
        self,
        row: Row,
        meanings: list[tuple[Reached, Meaning | None]],
        chain: tuple[Hop, ...],
        notified: tuple[Notified, ...],
        *,
        is_silent: bool,
    ) -> Iterator[str]:
        """Say where the way breaks, and where the files cannot tell it."""
        if row.way.verdict == "unknown" and not row.alert.unrendered:
            yield "no routing was read: whom it reaches is not known"
        if row.alert.unloaded is not None:
            yield f"no server loads it: {row.alert.unloaded}"
        elif not row.is_sent:
            yield f"it is dropped before it is sent: {row.dropped_at}"
        elif row.way.verdict == "never":
            yield "it reaches no receiver that notifies anybody"
        if row.way.verdict == "depends":
            yield "which receivers it reaches depends on its series: " + "; ".join(row.way.because)
        silent = is_silent
        for one, meaning in () if is_silent else meanings:
            is_beside = bool(chain) and meaning is not None and not _pages((one, meaning))
            muted = None if is_beside else self.muted(one)
            if muted is not None:
                silent = True
                yield f"the way to `{one.name}` is silent, by {muted}"
            if meaning is None and one.notifies:
                yield f"nothing says what the receiver `{one.name}` means: add a binding"
        yield from (hop.breaks for hop in chain if hop.breaks)
        yield from (f"`{one.id}` {one.but}" for hop in chain for one in hop.people if one.but)
        if row.way.verdict in {"depends", "unknown"}:
            return
        if not silent and not chain and not any(one.reader and not one.but for one in notified):
            yield "it reaches no person of this registry"
        if not silent and row.way.verdict == "always" and all(meaning for _, meaning in meanings):
            yield from self.otherwise(row, meanings, chain)

    def otherwise(
        self, row: Row, meanings: list[tuple[Reached, Meaning | None]], chain: tuple[Hop, ...]
    ) -> Iterator[str]:
        """Say that the registry has somebody else paged first, and nobody of those who are."""
        alert = self.workspace.all(Alert).get(row.registry_alert or "")
        if alert is None or alert.response != "page" or alert.escalation is None:
            return
        meant, paged = (
            _first(self.pager.chain(alert.escalation, _place(row.alert.where))),
            _first(chain),
        )
        if not meant or not meant.isdisjoint(paged):
            return
        names = dict.fromkeys(meaning.id for _, meaning in filter(_pages, meanings) if meaning)
        what = "nobody" if not names else quoted(names, " and ")
        yield f"the registry has it page `{alert.escalation}`, and what is deployed pages {what}"


def _one(owners: list[Owner | None]) -> Owner | None:
    """Return the owner whom all answers name; None where they name several, or one names none."""
    people = {one.person.id if one else None for one in owners}
    return owners[0] if len(people) == 1 else None


def _linked(row: Row) -> Steps | None:
    """Return the runbook that a rule names, which is kept elsewhere; None where it names none."""
    said = row.runbook
    if said is None or not row.has_runbook:
        return None
    place = _place(said.where)
    return Steps(row.alert.name, None, said.value, (), (), None, (), (), (), place)


def _first(chain: tuple[Hop, ...]) -> frozenset[str]:
    """Name whom the first pages reach."""
    return frozenset(
        person for hop in chain if not (hop.run or hop.after or hop.held) for person in hop.reached
    )


def _pages(stop: tuple[Reached, Meaning | None]) -> bool:
    one, meaning = stop
    return one.receiver is not None and meaning is not None and meaning.section in _PAGED


def _place(where: Where) -> Place:
    return Place(where.file, where.at.start.line)
