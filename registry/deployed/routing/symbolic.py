"""Where alerts go whose labels are known in part: to whom always, to whom perhaps, and why.

The tree is walked as `registry.deployed.routing.tree` walks it, on all labels at once that fit
what is known. What cannot happen may at times be taken for possible, never the other way about:
`always` is said only where no series can escape.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

from registry.deployed.model import Matcher, Receiver, Route, Router
from registry.deployed.routing.compiled import State, Tree
from registry.deployed.routing.diagram import Diagram
from registry.deployed.routing.fork import DiagramEdge, Ways
from registry.deployed.routing.labels import Known, Labels, domain
from registry.deployed.routing.outcome import Outcome
from registry.deployed.routing.spectrum import bits
from registry.deployed.routing.sweep import Sweep
from registry.deployed.routing.tree import entry
from registry.deployed.routing.ways import every, simplest

Verdict = Literal["always", "depends", "never"]

MAX_TOLD = 30
"""Ways that are told one by one of an alert that may go more than MAX_WAYS."""
MAX_WAYS = 100
"""Ways that are all told."""
MAX_SIBLINGS = 300
"""Routes below the root that may match before one sweep through the tree must do."""
MAX_STEPS = 1_000
"""Conditions that part the ways of one question before it must do, too."""

_T = TypeVar("_T")


class Chosen(Generic[_T]):
    """Some of a tree's routes or matchers, in order: those whose numbers' bits are set."""

    __slots__ = ("_all", "chosen")

    def __init__(self, all_: Sequence[_T], chosen: int) -> None:
        self._all = all_
        self.chosen = chosen

    def __iter__(self) -> Iterator[_T]:
        return map(self._all.__getitem__, bits(self.chosen))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chosen) and (self._all, self.chosen) == (other._all, other.chosen)

    def __hash__(self) -> int:
        return hash((id(self._all), self.chosen))


class Judgement(NamedTuple):
    """What can be said of where an alert goes.

    `certain` receivers are notified of every series, `possible` ones of some, as far as can be
    told; `heard` says that each series notifies somebody. `routes` are those that may be taken, and
    `deciding` the matchers on which it hangs. Each of the `outcomes` is complete, and there are
    `ways` at most, more than are told. If `rough`, each outcome is one route, taken alone or with
    others.
    """

    verdict: Verdict
    certain: tuple[str, ...]
    possible: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    heard: bool
    routes: Chosen[Route]
    deciding: Chosen[Matcher]
    ways: int
    rough: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether not all of its ways are told."""
        return self.rough or self.ways > len(self.outcomes)

    @property
    def taken(self) -> Iterator[Route]:
        """The routes that may be taken: as they are told, else in the tree's order."""
        return iter(self.routes) if self.is_cut else _routes(self.outcomes)


class Symbolic:
    """Answers for one router; alike alerts are asked once.

    `steps` bounds the conditions that part the ways of one question before a sweep must do.
    """

    def __init__(self, router: Router, steps: int = MAX_STEPS) -> None:
        self._tree = tree = Tree(entry(router))
        self._routes = tuple(node.route for node in tree.nodes)
        self._names = tuple(dict.fromkeys(one.receiver for one in self._routes if one.receiver))
        self._numbers = {name: 1 << number for number, name in enumerate(self._names)}
        numbers = self._numbers
        self._receivers = tuple(numbers.get(one.receiver, 0) for one in self._routes)
        known = router.receivers
        self._hearing = sum(bit for name, bit in numbers.items() if notifies(name, known))
        self._diagram = Diagram(tree, self._receivers, self._hearing, steps)
        self._choices: dict[tuple[object, ...], int] = {}
        self._asked: list[tuple[str, dict[str | None, int]]] = [
            (label, {None: spectrum.anything})
            for label, spectrum in zip(tree.labels, tree.spectra, strict=True)
        ]
        self._states: dict[State, State] = {}
        self._alike: dict[tuple[bool, int, int, int, int], Judgement] = {}
        self._judgements: dict[tuple[bool, State], Judgement] = {}
        self._ways: dict[State, Ways] = {}

    def judge(self, labels: Labels, free: Iterable[str] = (), *, told: bool = True) -> Judgement:
        """Say where alerts go whose labels are these, as far as they are known.

        Those that are `free` may be anything, whatever is known. Without `told` no outcome is,
        which costs less.
        """
        return self.judge_alike(self.freed(self.choices(labels), free), told=told)

    def judge_alike(self, choices: State, *, told: bool = True) -> Judgement:
        """Say where alerts go of which the routes can tell so much; see `choices`."""
        return self._judged(self._state(choices), told=told)

    def choices(self, labels: Labels) -> State:
        """Reduce what is known to what the routes ask for: alike alerts have the same choices."""
        known, others = labels
        found = []
        for number, (label, seen) in enumerate(self._asked):
            one = known.get(label, others)
            value, holds = one
            if value is None and holds:
                found.append(self._choice(number, one))
                continue
            choice = seen.get(value)
            if choice is None:
                choice = seen[value] = self._tree.spectra[number].of_value(value or "")
            found.append(choice)
        return tuple(found)

    def freed(self, choices: State, free: Iterable[str]) -> State:
        """Forget what is known of some labels, each of which may be anything then."""
        left = list(choices)
        for label in free:
            number = self._tree.labels.get(label)
            if number is not None:
                left[number] = self._tree.spectra[number].anything
        return tuple(left)

    def added(self, choices: State) -> State:
        """Forget what is known of each label that some alerts may lack: a server may add it."""
        spectra = self._tree.spectra
        return tuple([
            spectrum.anything if spectrum.may_be_absent(choice) else choice
            for spectrum, choice in zip(spectra, choices, strict=True)
        ])  # fmt: skip

    def receivers_of(self, names: Iterable[str]) -> int:
        """Return some receivers as bits, those that are in the tree."""
        return sum({self._numbers.get(name, 0) for name in names})

    def reached(self, choices: State) -> int:
        """Return the receivers that alerts may reach, as bits: what `judge` calls possible."""
        return self._of(self._state(choices)).some

    def is_changed(self, choices: State, other: State) -> bool:
        """Whether alerts of other choices may go elsewhere, or are sure to go elsewhere."""
        old, new = self._state(choices), self._state(other)
        if old == new:
            return False
        known = self._of(old)
        if self._leads_beyond(new, known.some):
            return True
        found = self._of(new)
        return (known.some, known.every) != (found.some, found.every)

    def reaches_others(
        self, labels: Labels, receivers: Collection[str], free: Iterable[str] = ()
    ) -> bool | None:
        """Whether alerts may reach other receivers than these, if a glance tells; None if not."""
        state = self._state(self.freed(self.choices(labels), free))
        return True if self._leads_beyond(state, self.receivers_of(receivers)) else None

    def _leads_beyond(self, state: State, receivers: int) -> bool:
        """Whether a glance tells that others are reached; there is none where all is known."""
        return state not in self._ways and self._diagram.leads_beyond(state, receivers)

    def _judged(self, state: State, *, told: bool) -> Judgement:
        found = self._judgements.get((told, state))
        if found is None:
            found = self._judge(state, self._start(state), told=told)
            self._judgements[told, state] = found
        return found

    def _of(self, state: State) -> Ways:
        """Say what holds of all ways that what is known leaves open."""
        found = self._ways.get(state)
        if found is None:
            start = self._start(state)
            if start is None:  # there is no less to do than to judge
                self._judgements[False, state] = self._judge(state, start, told=False)
                return self._ways[state]
            found = self._ways[state] = self._diagram.behind(start)
        return found

    def _state(self, choices: State) -> State:
        """Reduce choices to what the routes that may take the alert can tell."""
        found = self._states.get(choices)
        if found is None:
            found = self._states[choices] = self._tree.told_apart(choices)
        return found

    def _choice(self, number: int, known: Known) -> int:
        kind = (number, *[(one.operator, one.value) for one in known.holds])
        found = self._choices.get(kind)
        if found is None:
            found = self._choices[kind] = self._tree.spectra[number].choice(domain(known))
        return found

    def _start(self, state: State) -> DiagramEdge | None:
        """Return the beginning of all ways; None where they are too many to be weighed."""
        siblings = self._tree.nodes[0].level.candidates(state)
        return self._diagram.start(state) if len(siblings) <= MAX_SIBLINGS else None

    def _judge(self, state: State, start: DiagramEdge | None, *, told: bool) -> Judgement:
        if start is None:
            sweep = Sweep(self._tree, state)
            self._ways[state] = ways = self._swept(sweep)
            outcomes = sweep.outcomes(MAX_TOLD) if told else []
            found = self._judgement(ways, outcomes, Chosen(self._routes, ways.routes))
            return found._replace(rough=not sweep.is_exact)
        self._ways[state] = self._diagram.behind(start)
        kind = (told, start.routes, start.receivers, id(start.fork), self._diagram.epoch)
        alike = self._alike.get(kind)
        if alike is None:
            alike = self._alike[kind] = self._beginning(start, told=told)
        return alike

    def _beginning(self, start: DiagramEdge, *, told: bool) -> Judgement:
        """Say what follows from the beginning of all ways; questions that begin alike are one."""
        ways = self._diagram.behind(start)
        if told and ways.number <= MAX_WAYS:
            outcomes = every(start, self._tree)
            ways = ways._replace(number=len(outcomes))
            return self._judgement(ways, outcomes, _routes(outcomes))
        outcomes = simplest(start, self._tree, MAX_TOLD) if told else []
        return self._judgement(ways, outcomes, Chosen(self._routes, ways.routes))

    def _swept(self, sweep: Sweep) -> Ways:
        taken = [node.number for node, _ in sweep.taken]
        names = [self._receivers[number] for number in taken]
        if sweep.is_exact:
            names = [_united(self._receivers[n.number] for n in way) for way, _ in sweep.complete]
        some = _united(names)
        sure = _united(self._receivers[node.number] for node in sweep.certain)
        if sweep.is_exact or some.bit_count() == 1:
            sure = some  # some route is always taken, though not always the same
            for one in names:
                sure &= one
        return Ways(
            len(names), _united(1 << number for number in taken), some, sure,
            all(one & self._hearing for one in names), sweep.deciding, 0, 0,
        )  # fmt: skip

    def _judgement(
        self, ways: Ways, outcomes: Sequence[Outcome], routes: Iterable[Route]
    ) -> Judgement:
        possible = tuple(dict.fromkeys([one.receiver for one in routes if one.receiver]))
        sure = {self._names[number] for number in bits(ways.every)}
        verdict: Verdict = "always" if ways.every == ways.some else "depends"
        if not ways.some & self._hearing:
            verdict = "never"
        return Judgement(
            verdict,
            tuple([name for name in possible if name in sure]),
            possible,
            tuple(outcomes),
            ways.heard,
            Chosen(self._routes, ways.routes),
            Chosen(self._tree.matchers, ways.deciding),
            ways.number,
        )


def notifies(name: str, known: Mapping[str, Receiver]) -> bool:
    """Whether a receiver notifies anybody; of one that is defined elsewhere it is supposed."""
    return bool(name) and (name not in known or bool(known[name].integrations))


def _routes(outcomes: Iterable[Outcome]) -> Iterator[Route]:
    return (route for one in outcomes for route in one.routes)


def _united(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
