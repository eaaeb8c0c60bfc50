"""The answer first: how many alerts page a person who knows what to do."""

from collections.abc import Sequence
from typing import NamedTuple

from registry.export.site.entities import PageEntities
from registry.model.metrics import Metric
from registry.model.runbooks import Runbook
from registry.paging.who import Answer
from registry.wording import counted
from registry.workspace.workspace import Workspace


class AlertState(NamedTuple):
    """One alert that pages: whether it reaches somebody at every step, and whether they are told.

    `holds` is false where any step of its chain breaks at the instant; `is_told` where its runbook
    says nothing to check, to do or to roll back, and is no link either.
    """

    alert: str
    holds: bool
    is_told: bool
    has_switch: bool

    @property
    def is_answered(self) -> bool:
        """Whether it pages a person who knows what to do."""
        return self.holds and self.is_told


class Headline(NamedTuple):
    """The figures that the page begins with, of all alerts that page.

    `unread` are alerts that did not load: what they page is not known. `silent` are the metrics
    that should page and on which no alert does: each name with its number.
    """

    states: tuple[AlertState, ...]
    unread: int
    silent: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many alerts page."""
        return len(self.states)

    @property
    def answered(self) -> int:
        """How many of them page a person who knows what to do."""
        return sum(one.is_answered for one in self.states)

    @property
    def sentence(self) -> str:
        """Say the answer in one sentence."""
        if not self.total:
            return "No alert of this registry pages anybody"
        alerts = "alert that pages reaches" if self.total == 1 else "alerts that page reach"
        return f"{self.answered} of {self.total} {alerts} a person who knows what to do"

    @property
    def figures(self) -> tuple[tuple[str, int, str], ...]:
        """What the answer is made of: a short name, a number of all, and what it counts."""
        return (
            ("reach a person", sum(one.holds for one in self.states),
             "every step of the escalation reaches somebody, and can"),
            ("have instructions", sum(one.is_told for one in self.states),
             "a runbook says what to check, to do or to roll back, or where that is written"),
            ("both", self.answered, "the person who is paged knows what to do"),
            ("have a switch", sum(one.has_switch for one in self.states),
             "a kill switch contains it, and somebody may flip it now"),
        )  # fmt: skip

    @property
    def silence(self) -> str:
        """Say how many metrics should page and do not."""
        does = (
            "metric that should page has"
            if len(self.silent) == 1
            else "metrics that should page have"
        )
        return f"{len(self.silent)} {does} no alert that does"

    @property
    def doubt(self) -> str:
        """Say how many alerts are not in these figures; empty where all are."""
        if not self.unread:
            return ""
        return f"{counted(self.unread, 'alert')} did not load: whom they page is not known"


def headline(entities: PageEntities, answers: Sequence[Answer]) -> Headline:
    """Count the alerts that page, of all answers, and the metrics that should and do not.

    A metric on which an alert may have failed to load is not said to be silent.
    """
    workspace = entities.workspace
    paging = [one for one in answers if one.response == "page"]
    heard = {one.metric for one in paging}
    silent = tuple(
        (entities.called(("metrics", id_)), entities.number("metrics", id_))
        for id_, metric in workspace.all(Metric).items()
        if metric.response == "page" and id_ not in heard and not workspace.may_hide(id_)
    )
    return Headline(
        tuple(state(workspace, one) for one in paging),
        len(workspace.failed.get("alerts", {})),
        silent,
    )


def state(workspace: Workspace, one: Answer) -> AlertState:
    """Tell how one alert stands."""
    book = workspace.all(Runbook).get(one.runbook.id) if one.runbook else None
    says = (getattr(book, field) for field in _DOING)
    switch = any(switch.operators and not switch.but for switch in one.kill_switches)
    return AlertState(one.alert, not one.breaks, book is not None and any(says), switch)


_DOING = ("first_checks", "hypotheses", "mitigations", "rollback", "steps", "url")
"""The fields of a runbook of which any tells what to do, or where that is written."""
