"""Where alerts go whose labels are known in part: to whom always, to whom perhaps, and why.

The tree is walked as `registry.routing.tree` walks it, on all labels at once that fit what is
known. What cannot happen may at times be taken for possible, never the other way about: `always`
is said only where no series can escape.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from registry.deployed import Receiver, Router
from registry.routing.compiled import State, compiled
from registry.routing.estimate import estimated
from registry.routing.labels import Condition, Known, Labels, domain
from registry.routing.outcome import Outcome
from registry.routing.tree import entry, receivers
from registry.routing.ways import outcomes_of

Verdict = Literal["always", "depends", "never"]

MAX_STEPS = 10_000
_STEPS_A_ROUTE = 4
"""Conditions weighed and ways taken for one question before the rough answer must do."""


class Judgement(NamedTuple):
    """What can be said of where an alert goes.

    `certain` receivers are notified of every series, `possible` ones of some, as far as can be
    told. Of `outcomes` each is complete unless `rough`: then each is one route, taken alone or with
    others.
    """

    verdict: Verdict
    certain: tuple[str, ...]
    possible: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    rough: bool = False


class Symbolic:
    """Answers for one router; alike alerts are asked once.

    `steps` bounds the work for one question; left out, it is what suits the tree.
    """

    def __init__(self, router: Router, steps: int | None = None) -> None:
        self._nodes = compiled(entry(router))
        self._receivers = router.receivers
        self._steps = MAX_STEPS + _STEPS_A_ROUTE * len(self._nodes) if steps is None else steps
        self._judgements: dict[tuple[object, ...], Judgement] = {}
        self._kinds: dict[tuple[str, str], object] = {}
        self._asked: dict[str, list[Condition]] = {}
        for node in self._nodes:
            for asked in node.conditions:
                self._asked.setdefault(asked.label, []).append(asked)
        self._listed = {
            label: {value for one in all_ for value in one.values or ()}
            for label, all_ in self._asked.items()
        }
        self._patterns = {
            label: list(dict.fromkeys(one.pattern for one in all_ if one.pattern))
            for label, all_ in self._asked.items()
        }

    def judge(self, labels: Labels) -> Judgement:
        """Say where alerts go whose labels are these, as far as they are known."""
        known = {label: labels.of(label) for label in self._asked}
        kind = tuple(self._kind(label, one) for label, one in known.items())
        found = self._judgements.get(kind)
        if found is None:
            state = {label: domain(one) for label, one in known.items()}
            found = self._judgements[kind] = self._judge(state)
        return found

    def _kind(self, label: str, known: Known) -> object:
        """Return what tells this label from others in this tree: alike values are one kind."""
        value = known.value
        if value is None:
            return tuple((one.operator, one.value) for one in known.holds)
        if value in self._listed[label]:
            return value
        if (label, value) not in self._kinds:
            found = [one.matches(value) for one in self._patterns[label]]
            self._kinds[label, value] = sum(1 << n for n, holds in enumerate(found) if holds)
        return self._kinds[label, value]

    def _judge(self, state: State) -> Judgement:
        outcomes = outcomes_of(self._nodes[0], state, self._steps)
        if outcomes is not None:
            possible = _united(outcomes)
            certain = [name for name in possible if all(name in one.receivers for one in outcomes)]
            return self._judgement(certain, possible, outcomes, rough=False)
        routes, certain_routes = estimated(self._nodes[0], state)
        outcomes = [Outcome((node.route,), because) for node, because in routes]
        possible = _united(outcomes)
        certain = list(receivers(tuple(certain_routes)))
        if len(possible) == 1 and all(one.receivers for one in outcomes):
            certain = possible  # some route is always taken, though not always the same
        return self._judgement(certain, possible, outcomes, rough=True)

    def _judgement(
        self, certain: list[str], possible: list[str], outcomes: list[Outcome], *, rough: bool
    ) -> Judgement:
        verdict: Verdict = "always" if set(certain) == set(possible) else "depends"
        if not any(notifies(name, self._receivers) for name in possible):
            verdict = "never"
        return Judgement(verdict, tuple(certain), tuple(possible), tuple(outcomes), rough)


def notifies(name: str, known: Mapping[str, Receiver]) -> bool:
    """Whether a receiver notifies anybody; of one that is defined elsewhere it is supposed."""
    return bool(name) and (name not in known or bool(known[name].integrations))


def _united(outcomes: list[Outcome]) -> list[str]:
    return list(dict.fromkeys(name for one in outcomes for name in one.receivers))
