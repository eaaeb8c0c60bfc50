"""Each alert's way, as the page draws it: metric, alert, people, runbook, switches."""

from collections.abc import Iterable
from typing import Any

from registry.clock.civil import instant
from registry.clock.words import delay
from registry.export.site.entities import PageEntities
from registry.export.site.epoch import milliseconds
from registry.export.site.headline import state
from registry.model.metrics import Alert
from registry.paging.instructions import Steps, Switch
from registry.paging.pager import Hop, Paged
from registry.paging.who import Answer, Notified, Owner

Shape = dict[str, Any]


class Chains:
    """Answers in the shape that the page's scripts read; entities are numbers, -1 for none."""

    def __init__(self, entities: PageEntities) -> None:
        self.entities = entities
        self.text = entities.plain.text
        self.name = entities.plain.name

    def shape(self, one: Answer) -> Shape:
        """Return one alert's answer."""
        alert = self.entities.workspace.all(Alert)[one.alert]
        return {
            "alert": self.entities.number("alerts", one.alert),
            "metric": [self.name(one.metric), self.entities.number("metrics", one.metric)],
            "severity": self.name(one.severity),
            "response": one.response,
            "when": self.text(alert.when.in_words()) if alert.when else "",
            "decision": self.text(one.decision or ""),
            "within": one.respond_within or "",
            "owner": self._owner(one.owner),
            "accountable": self._owner(one.answers_for_row),
            "steps": [self._hop(hop) for hop in one.chain if not hop.run],
            "repeats": max((hop.run for hop in one.chain), default=0),
            "told": list(map(self._notified, one.notified)),
            "runbook": self._book(one.runbook) if one.runbook else None,
            "is_told": state(self.entities.workspace, one).is_told,
            "no_runbook": self.text(one.no_runbook or ""),
            "switches": list(map(self._switch, one.kill_switches)),
            "breaks": list(map(self.text, one.breaks)),
        }

    def _hop(self, hop: Hop) -> Shape:
        return {
            "after": delay(hop.after),
            "held": milliseconds(instant(hop.held)) if hop.held is not None else 0,
            "left_out": "skipped" if hop.skipped else "never" if hop.never else "",
            "in_turn": hop.in_turn,
            "via": self._via(hop.via),
            "people": self._people(hop.people),
            "shadows": self._people(hop.shadows),
            "breaks": self.text(hop.breaks or ""),
            "place": f"{self.name(hop.place.path)}:{hop.place.line}",
        }

    def _via(self, id_: str) -> list[Any]:
        kind = self.entities.workspace.kind_of(id_)
        number = self.entities.number(kind, id_) if kind is not None else -1
        return [self.name(self.entities.edition.roster.called(id_)), number]

    def _people(self, people: Iterable[Paged]) -> list[list[Any]]:
        return list(map(self._person, people))

    def _person(self, one: Paged) -> list[Any]:
        """Return a person: name, number, why a page may fail, until when, contacts, for whom."""
        until = milliseconds(instant(one.until)) if one.until is not None else 0
        contact = one.contact if self.entities.edition.with_contacts else ()
        ways = [f"{way} {self.text(value)}" for way, value in contact]
        number = self.entities.number("people", one.id)
        stands_for = self.name(one.deputy_for[1]) if one.deputy_for is not None else ""
        return [self.name(one.name), number, self.text(one.but or ""), until, ways, stands_for]

    def _owner(self, one: Owner | None) -> list[Any] | None:
        return self._person(one.person) if one is not None else None

    def _notified(self, one: Notified) -> list[Any]:
        reader = self._person(one.reader) if one.reader else None
        number = self.entities.number("channels", one.id)
        return [self.name(one.id), number, reader, self.text(one.but or "")]

    def _book(self, book: Steps) -> Shape:
        return {
            "id": [self.name(book.title or book.id), self.entities.number("runbooks", book.id)],
            "url": self.text(book.url or ""),
            "first": list(map(self.text, book.first_checks)),
            "mitigations": list(map(self.text, book.mitigations)),
            "escalate_to": self._via(book.escalate_to) if book.escalate_to else None,
            "called_in": self._people(book.called_in),
            "rollback": list(map(self.text, book.rollback)),
            "resolved": list(map(self.text, book.resolved_when)),
        }

    def _switch(self, one: Switch) -> Shape:
        return {
            "id": [self.name(one.id), self.entities.number("kill_switches", one.id)],
            "action": self.text(one.action or ""),
            "operators": self._people(one.operators),
            "within": one.takes_effect_within or "",
            "but": self.text(one.but or ""),
        }
