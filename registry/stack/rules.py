"""The rules of a registry: what records its metrics, and what fires for its alerts."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.audit.join import TIE
from registry.deployed.go_template import flaw
from registry.model.metrics import Alert, Metric
from registry.model.oncall import Schedule
from registry.model.ownership import Layer
from registry.model.people import Role
from registry.model.reference import names
from registry.model.runbooks import Runbook
from registry.span import KeyPath
from registry.stack.condition import Unsaid, summary, written
from registry.stack.generator import Missing, Order
from registry.stack.names import LABEL, escaped_template, series_name
from registry.stack.queries import Queries

_RESERVED = frozenset({"alertname", "__name__"})


class AlertRule(NamedTuple):
    """A rule that fires: its name, the registry's alert that it is of, and what it carries.

    The values of `annotations` are texts for people, and no templates.
    """

    name: str
    alert: str
    expr: str
    wait: str | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]

    def written(self) -> dict[str, object]:
        """Return the rule as a rule file has it."""
        wait = {"for": self.wait} if self.wait else {}
        texts = {key: escaped_template(text) for key, text in self.annotations.items()}
        return {"alert": self.name, "expr": self.expr, **wait, "labels": dict(self.labels),
                "annotations": texts}  # fmt: skip


class Recorded(NamedTuple):
    """A rule that records a metric under a name."""

    metric: str
    record: str
    expr: str


def recording(queries: Queries) -> Iterator[Recorded | Missing]:
    """Yield a rule for each metric, or what is missing for it."""
    taken: dict[str, str] = {}
    for id_, found in queries.each():
        record = series_name(id_)
        first = taken.setdefault(record, id_)
        if isinstance(found, Missing):
            yield (
                found
                if found.id == id_
                else queries.order.missing("metrics", id_, ("composed_of",), found.told)
            )
        elif first != id_:
            message = f"it would be recorded as `{record}`, as `{first}` is: give it another id"
            yield queries.order.missing("metrics", id_, (), message)
        else:
            yield Recorded(id_, record, found)


class AlertRules:
    """Makes the rules of alerts, and what is missing for them."""

    def __init__(self, order: Order, queries: Queries) -> None:
        self.order = order
        self.queries = queries
        self.workspace = order.workspace

    def of(self, id_: str) -> Iterator[AlertRule | Missing]:
        """Yield an alert's rule, and what is missing: for the rule, or of what it carries."""
        alert = self.workspace.all(Alert)[id_]
        if alert.when is None:
            yield self.order.missing("alerts", id_, ("when",), "missing: no rule")
            return
        query: str | Missing = ""
        if alert.when.expr is None:
            query = self.queries.of(alert.metric, alert.slice, ("alerts", id_))
        if isinstance(query, Missing):
            message = f"no rule: {query.told}"
            yield self.order.missing("alerts", id_, ("metric",), message)
            return
        metric = self.workspace.all(Metric)[alert.metric]
        expr = written(alert.when, query, metric.unit)
        if isinstance(expr, Unsaid):
            yield self.order.missing("alerts", id_, expr.field, f"no rule: {expr.message}")
        elif self.order.is_secret(expr):
            message = "no rule: it holds what looks like a secret"
            yield self.order.missing("alerts", id_, ("when",), message)
        else:
            wait = alert.when.holds_for
            about = self.order.text(summary(id_, alert, metric))
            yield self.rule(id_, id_, expr, str(wait) if wait else None, about)
            yield from self._lacks(id_)

    def rule(self, name: str, id_: str, expr: str, wait: str | None, about: str) -> AlertRule:
        """Make a rule that is an alert of the registry, under a name of its own."""
        return AlertRule(name, id_, expr, wait, self.labels(id_), self.annotations(id_, about))

    # -- labels ----------------------------------------------------------------------------------

    def labels(self, id_: str) -> dict[str, str]:
        """Return an alert's labels: severity, owner and team, and what it is given itself."""
        alert = self.workspace.all(Alert)[id_]
        found = {"severity": alert.severity, "owner": self.owner(id_), "team": self.team(id_)}
        own = {key: text for key, text in alert.labels.items() if not self._odd(key, text)}
        return {key: text for key, text in {**found, **own}.items() if text}

    def owner(self, id_: str) -> str | None:
        """Name the one who owns an alert, else its metric; None where that is not one."""
        alert = self.workspace.all(Alert)[id_]
        metric = self.workspace.all(Metric)[alert.metric]
        written = names(alert.owner or metric.owner)
        return written[0] if len(written) == 1 else None

    def team(self, id_: str) -> str | None:
        """Name the team of an alert: its layer's, else its owner's, of which the owner is."""
        alert = self.workspace.all(Alert)[id_]
        layer = self.workspace.all(Metric)[alert.metric].layer
        row = self.workspace.all(Layer).get(layer or "")
        own = self._teams(self.owner(id_) or "")
        wanted = names(row.team) if row is not None else ()
        both = [one for one in wanted if one in own]
        return both[0] if len(both) == 1 else own[0] if own else None

    def _teams(self, owner: str) -> tuple[str, ...]:
        """List the teams that an owner is of: the own ones, then those above."""
        role = self.workspace.all(Role).get(owner)
        if role is not None and role.schedule is not None:
            schedule = self.workspace.all(Schedule)[role.schedule]
            people: tuple[str, ...] = schedule.people
        else:
            person = self.order.indexes.person(owner)
            people = (person,) if person is not None else ()
        each = [self._line(one) for one in people]
        return tuple(one for one in (each[0] if each else ()) if all(one in of for of in each))

    def _line(self, person: str) -> list[str]:
        own = self.order.indexes.own_teams_of.get(person, ())
        above = self.order.indexes.teams_of.get(person, frozenset())
        return list(dict.fromkeys((*own, *sorted(above))))

    # -- annotations -----------------------------------------------------------------------------

    def annotations(self, id_: str, about: str) -> dict[str, str]:
        """Return what a notification says: what happened, what it means, what to do."""
        alert = self.workspace.all(Alert)[id_]
        metric = self.workspace.all(Metric)[alert.metric]
        found = {"summary": about, "description": self.order.text(metric.definition or "")}
        runbook = self.workspace.all(Runbook).get(alert.runbook or "")
        key = next(iter(self.order.policy.settings.runbook_annotations), "runbook_url")
        if runbook is not None:
            found[key] = str(runbook.url or alert.runbook)
        return {key: text for key, text in {**found, TIE: id_}.items() if text}

    def _lacks(self, id_: str) -> Iterator[Missing]:
        """Yield what a rule does not carry that it should."""
        alert = self.workspace.all(Alert)[id_]
        if self.owner(id_) is None:
            yield self._lack(id_, ("owner",), "missing, or no one: no label `owner`")
        if "team" not in alert.labels and self.team(id_) is None:
            message = "no `team`: its owner is of none"
            yield self._lack(id_, ("labels",), message)
        if alert.runbook is None:
            yield self._lack(id_, ("runbook",), "missing: no annotation names one")
        elif self.workspace.all(Runbook)[alert.runbook].url is None:
            message = "missing: its alerts name its id in the place of an address"
            yield self.order.missing("runbooks", alert.runbook, ("url",), message)
        for key, text in alert.labels.items():
            reason = self._odd(key, text)
            if reason:
                yield self._lack(id_, ("labels", key), f"the label `{key}` is left out: {reason}")

    def _lack(self, id_: str, field: KeyPath, message: str) -> Missing:
        return self.order.missing("alerts", id_, field, message)

    def _odd(self, label: str, text: str) -> str:
        """Say why an alert cannot carry a label; empty where it can."""
        if not LABEL.fullmatch(label):
            return "no label of Prometheus has such a name"
        if label in _RESERVED:
            return "Prometheus sets it by itself"
        if self.order.is_secret(text):
            return "it holds what looks like a secret"
        wrong = flaw(text)
        return wrong[0] if wrong is not None else ""
