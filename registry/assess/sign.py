"""What a sign is, and what it sees: a question about an organisation, asked of its registry.

Each sign is true, false, or cannot be told. What is not written down is never "false": a sign is
false only where something in the registry says so, and nothing that could say otherwise is
unread.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from registry.checks.rule import Context, Field
from registry.clock.civil import local_date
from registry.diagnostic import Label
from registry.model.entity import Entity
from registry.model.failures import Failure, Incident
from registry.model.metrics import BEHAVIOURAL_BUCKETS, Alert, Metric
from registry.model.ownership import MODEL_KINDS, SERVICE_KINDS, Component, Layer
from registry.model.scalars import Moment
from registry.model.sections import SECTION_OF
from registry.model.settings import Settings
from registry.plugins import docstring
from registry.workspace.indexes import Indexes
from registry.workspace.workspace import Workspace

QUALITY_LAYER = "behavioural-quality"
"""The layer that answers for what the system says; every built-in pack asks for it by this name."""

_BEHAVIOUR = MODEL_KINDS | {"eval-set"}


class Verdict(Enum):
    """What a registry says of a sign; some do not apply to a system that has no model in it."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "cannot-be-told"
    FOREIGN = "does-not-apply"


class SignAnswer(NamedTuple):
    """A verdict, the fact behind it in one line, where that stands, and the cheapest next step.

    `step` is empty where the sign is false.
    """

    verdict: Verdict
    because: str
    evidence: tuple[Label, ...] = ()
    step: str = ""


class Inquiry:
    """A registry, a policy and an instant, as a sign asks about them.

    `doubtful` says for each section why not all of it counts: something in it did not load, is
    there twice, or refers to what does not exist.
    """

    def __init__(self, context: Context, doubtful: Mapping[str, str]) -> None:
        self.context = context
        self.doubtful = doubtful

    @property
    def workspace(self) -> Workspace:
        """The registry."""
        return self.context.workspace

    @property
    def graph(self) -> Indexes:
        """The named questions about it."""
        return self.context.indexes

    @property
    def settings(self) -> Settings:
        """The policy's thresholds."""
        return self.context.settings

    def label(self, model: type[Entity], id_: str, field: Field = (), message: str = "") -> Label:
        """Point at a field of an entity, or at its key, as evidence."""
        return self.context.label(model, id_, field, message)

    def doubt(self, *models: type[Entity]) -> str | None:
        """Say why the absence of something in these sections proves nothing; None where it does."""
        sections = (SECTION_OF[model] for model in models)
        return next((self.doubtful[one] for one in sections if one in self.doubtful), None)

    def days_since(self, moment: Moment | None) -> timedelta | None:
        """Return the time from a moment's date to today's; None for none, or one to come."""
        if moment is None:
            return None
        age = local_date(self.context.at, self.context.zone_of()) - moment.date
        return age if age >= timedelta() else None

    # -- behaviour -----------------------------------------------------------------------------

    def quality_rows(self) -> dict[str, Layer]:
        """Return the rows of the matrix that cover the behaviour of the system."""
        rows = self.workspace.all(Layer)
        return {id_: row for id_, row in rows.items() if QUALITY_LAYER in {id_, *row.covers}}

    def behavioural_metrics(self) -> tuple[str, ...]:
        """List the metrics on quality, safety, cost and adoption, in the files' order."""
        metrics = self.workspace.all(Metric).items()
        return tuple(id_ for id_, metric in metrics if metric.bucket in BEHAVIOURAL_BUCKETS)

    def behavioural_alerts(self) -> dict[str, Alert]:
        """Return the alerts on these metrics."""
        metrics = frozenset(self.behavioural_metrics())
        alerts = self.workspace.all(Alert).items()
        return {id_: alert for id_, alert in alerts if alert.metric in metrics}

    def is_behavioural(self, incident: Incident) -> bool | None:
        """Whether an incident was one of behaviour; None where nothing in the registry tells.

        It was, if what caused it is a component of a model's behaviour or an eval set (where
        there is no model, any part of a service), or if a behavioural metric belongs to its late
        signals, to the alert that found it, or to an alert that detects its failure. It was not,
        if one of these is named and none is behavioural.
        """
        told = list(self._marks(incident))
        return any(told) if told else None

    def _marks(self, incident: Incident) -> Iterator[bool]:
        cause = incident.cause.component if incident.cause else None
        component = self.workspace.all(Component).get(cause or "")
        if component is not None:
            has_model = self.workspace.manifest.has_model
            yield component.kind in (_BEHAVIOUR if has_model else _BEHAVIOUR | SERVICE_KINDS)
        failure = self.workspace.all(Failure).get(incident.failure or "")
        alerts = self.workspace.all(Alert)
        named = (incident.detected_by or "", *(failure.detected_by if failure else ()))
        watched = [alerts[one].metric for one in named if one in alerts]
        for metric in (*incident.late_signals, *watched):
            found = self.workspace.all(Metric).get(metric)
            if found is not None:
                yield found.bucket in BEHAVIOURAL_BUCKETS


Ask = Callable[[Inquiry], SignAnswer]


class Sign(NamedTuple):
    """One sign: `title` states it, `definition` says how it is decided from a registry.

    `of_model` says that it is one of a system with a model in it alone.
    """

    id: str
    number: int
    title: str
    definition: str
    ask: Ask
    of_model: bool = False


def sign(module: str, doc: str | None, ask: Ask, *, of_model: bool = False) -> Sign:
    """Make a sign of its module: `s1_told_by_customers`, and its docstring.

    The first paragraph states the sign; those that begin `True:`, `False:` and `Cannot be told:`
    say how it is decided. Raises ValueError where one of them is missing.
    """
    stem = module.rpartition(".")[2]
    number, _, name = stem.partition("_")
    title, *paragraphs = (
        " ".join(part.split()) for part in (doc or docstring(module)).strip().split("\n\n")
    )
    for start in ("True:", "False:", "Cannot be told:"):
        if not any(one.startswith(start) for one in paragraphs):
            raise ValueError(f"{stem}: the docstring needs `{start}`")
    definition = " ".join(paragraphs)
    return Sign(name.replace("_", "-"), int(number[1:]), title, definition, ask, of_model)


def true(because: str, evidence: list[Label], step: str) -> SignAnswer:
    """Answer that the sign is true."""
    return SignAnswer(Verdict.TRUE, because, tuple(evidence), step)


def false(because: str, evidence: list[Label]) -> SignAnswer:
    """Answer that the sign is false."""
    return SignAnswer(Verdict.FALSE, because, tuple(evidence))


def unknown(because: str, step: str, evidence: list[Label] | None = None) -> SignAnswer:
    """Answer that the registry does not tell."""
    return SignAnswer(Verdict.UNKNOWN, because, tuple(evidence or ()), step)


def doubted(doubt: str) -> SignAnswer:
    """Answer that what could not be read might change the answer."""
    return unknown(doubt, "mend what `opmodel check` reports there, and ask again")
