"""`who` for scripts: the format `opmodel.who.v1`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from registry.clock.civil import instant, local
from registry.clock.words import delay
from registry.output.contacts import hide_contacts
from registry.output.json import dump, rows
from registry.paging.duties import Duty, Responsibility
from registry.paging.instructions import Steps, Switch
from registry.paging.pager import Hop, Paged, Place
from registry.paging.who import Answer, Owner, Who

FORMAT = "opmodel.who.v1"

Json = dict[str, Any]


def render(
    found: Who, at: datetime, zone: str | None = None, *, with_contacts: bool = False
) -> str:
    """Write the answers, one a line; the parameters are those of the form for people.

    `chain` is the escalation's first run, `repeats` the others. `contact` names the ways to reach
    a person; their values are in `addresses`, only `with_contacts`. The output is ASCII.
    """
    shape = _Shape(zone, with_contacts=with_contacts)
    head = dump(
        {
            "format": FORMAT,
            "at": at.isoformat(),
            "subject": {"section": found.section, "id": found.id},
            "owner": shape.owner(found.owner),
            "accountable": shape.owner(found.accountable),
            "responsible": list(found.responsible),
            "team": found.team,
            "breaks": [shape.text(one) for one in found.breaks],
        }
    )
    duties = f',\n "named": {rows(map(_named, found.named))}'
    if found.duties is not None:
        duties += f',\n "duties": {rows(map(_duty, found.duties))}'
        said = map(shape.responsibility, found.responsibilities)
        duties += f',\n "responsibilities": {rows(said)}'
    answers = rows(map(shape.answer, found.answers))
    return f'{head[:-1]}{duties},\n "answers": {answers}}}\n'


class _Shape:
    def __init__(self, zone: str | None, *, with_contacts: bool) -> None:
        self.zone = zone
        self.with_contacts = with_contacts
        self.text: Callable[[str], str] = str if with_contacts else hide_contacts

    def owner(self, one: Owner | None) -> Json | None:
        if one is None:
            return None
        return {"id": one.person.id, "name": self.text(one.person.name), **_place(one.place)}

    def responsibility(self, one: Responsibility) -> Json:
        at = {"path": one.path, "line": one.line}
        return {"role": one.role, "field": one.field, "text": self.text(one.text), **at}

    def answer(self, one: Answer) -> Json:
        owner, book = one.accountable, one.runbook
        return {
            "alert": {
                "id": one.alert,
                "metric": one.metric,
                "severity": one.severity,
                "response": one.response,
                **_place(one.place),
            },
            "accountable": {"id": owner.id, "name": self.text(owner.name)} if owner else None,
            "owner": self.owner(one.owner),
            "decision": self.text(one.decision) if one.decision else None,
            "chain": [self.hop(hop) for hop in one.chain if not hop.run],
            "repeats": [{"run": hop.run, **self.hop(hop)} for hop in one.chain if hop.run],
            "notified": [channel.id for channel in one.notified],
            "readers": {
                channel.id: channel.reader.id if channel.reader else None
                for channel in one.notified
            },
            "respond_within": one.respond_within,
            "runbook": self.steps(book) if book else None,
            "no_runbook": one.no_runbook,
            "kill_switches": [self.switch(switch) for switch in one.kill_switches],
            "breaks": [self.text(reason) for reason in one.breaks],
        }

    def hop(self, hop: Hop) -> Json:
        return {
            "after": delay(hop.after),
            "via": hop.via,
            "people": [self.person(one) for one in hop.people],
            "shadows": [self.person(one) for one in hop.shadows],
            **({"pick": "one"} if hop.in_turn else {}),
            **({"deputy_for": hop.deputy_for.id} if hop.deputy_for else {}),
            "breaks": hop.breaks,
            **self.waits(hop),
            **_place(hop.place),
        }

    def waits(self, hop: Hop) -> Json:
        """Tell until when a page is held, or that it is skipped; nothing where it is neither."""
        if hop.held is not None:
            return {"held_until": local(instant(hop.held), self.zone or hop.zone).isoformat()}
        return {"skipped": True} if hop.skipped else {}

    def person(self, one: Paged) -> Json:
        until = local(instant(one.until), self.zone or one.zone) if one.until is not None else None
        return {
            "id": one.id,
            "name": self.text(one.name),
            "contact": [way for way, _ in one.contact],
            "until": until.isoformat() if until else None,
            "but": one.but,
            **({"addresses": dict(one.contact)} if self.with_contacts else {}),
        }

    def steps(self, book: Steps) -> Json:
        return {
            "id": book.id,
            "title": self.text(book.title) if book.title else None,
            "url": book.url,
            "first_checks": self.texts(book.first_checks),
            "mitigations": self.texts(book.mitigations),
            "escalate_to": book.escalate_to,
            "called_in": list(map(self.called, book.called_in)),
            "rollback": self.texts(book.rollback),
            "resolved_when": self.texts(book.resolved_when),
            **_place(book.place),
        }

    def called(self, one: Paged) -> Json:
        stands_in = {"deputy_for": one.deputy_for[0]} if one.deputy_for else {}
        return {"id": one.id, "name": self.text(one.name), **stands_in}

    def switch(self, one: Switch) -> Json:
        deputies = {two.id: two.deputy_for[0] for two in one.operators if two.deputy_for}
        return {
            "id": one.id,
            "action": self.text(one.action) if one.action else None,
            "operators_on_call": [person.id for person in one.operators],
            **({"deputies_for": deputies} if deputies else {}),
            "takes_effect_within": one.takes_effect_within,
            "but": one.but,
            **_place(one.place),
        }

    def texts(self, values: Sequence[str]) -> list[str]:
        return [self.text(one) for one in values]


def _named(one: Duty) -> Json:
    at = {"path": one.path, "line": one.line}
    return {"id": one.to, "field": one.field, "meaning": one.meaning, **at}


def _duty(one: Duty) -> Json:
    return {
        "section": one.section,
        "id": one.id,
        "field": one.field,
        "meaning": one.meaning,
        "through": one.through,
        "path": one.path,
        "line": one.line,
    }


def _place(place: Place) -> Json:
    return {"path": place.path, "line": place.line}
