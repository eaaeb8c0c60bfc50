"""Unit tests of rules, for promtool: a scenario in which alerts fire, or do not, is one.

Time begins at 0 there, and whom a scenario pages is played by `opmodel test`. Each alert of a
scenario is tested by itself, on series of its own.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.deployed.promql.rewrite import selected, windows
from registry.deployed.promql.tokens import quoted
from registry.model.metrics import Alert, Metric, When
from registry.model.scenario import Scenario
from registry.scenarios.files import Read, read_scenarios
from registry.scenarios.firing import firing, silent
from registry.source.sources import Sources
from registry.span import KeyPath, Location
from registry.stack.generator import Missing, Order
from registry.stack.queries import Queries
from registry.stack.rules import AlertRule
from registry.stack.series import Series, UnsolvedError, WantedValues, giving, spelt
from registry.stack.wanted import while_firing, while_moving

STEPS = (60, 10)
"""Minutes between two evaluations: the first that will do, for every one costs time."""
_LONGEST = 14 * 24 * 60
"""Minutes that a test may last."""
_MINUTE = 60_000
_APART = 5
"""Minutes between two samples where a test is long: as far as Prometheus looks for the last."""
_LOOSELY = 30 * _MINUTE
"""The shortest window that has samples enough then."""


class UnitTests(NamedTuple):
    """Test groups as promtool reads them, what is missing, and how many scenarios are tested.

    They stand by the minutes between two evaluations, which are a file's.
    """

    groups: Mapping[int, list[Mapping[str, object]]]
    missing: tuple[Missing, ...]
    played: int
    scenarios: int


class _Span(NamedTuple):
    """When a metric moves, and when it is looked at whether an alert fires, in minutes.

    Until then rules are evaluated every `step` minutes, and `every` so many there is a sample.
    """

    step: int
    moves: int
    looked_at: int
    every: int = 1


def unit_tests(order: Order, queries: Queries, rules: list[AlertRule]) -> UnitTests:
    """Make the tests of every scenario, in the files' order; what is no scenario is missing."""
    read = read_scenarios(order.workspace)
    tester = _Tester(order, queries, {one.name: one for one in rules})
    groups: dict[int, list[Mapping[str, object]]] = {step: [] for step in STEPS}
    missing = [
        Missing(one.primary.location.file, one.primary.at.start.line,
                *(one.entity or ("scenarios", "")), one.field or (), one.message)
        for one in read.problems
    ]  # fmt: skip
    played = 0
    for file, id_, scenario in read.scenarios:
        before = sum(map(len, groups.values()))
        for alert, fires in tester.told(scenario):
            try:
                name = f"{file} {id_}: {alert}"
                step, group = tester.group(name, scenario, alert, fires=fires)
                groups[step].append(group)
            except UnsolvedError as error:
                message = f"no test of `{alert}`: {error}"
                missing.append(_lack(read, file, id_, ("given",), message))
        played += sum(map(len, groups.values())) > before
    return UnitTests(groups, tuple(missing), played, len(read.scenarios))


def _lack(read: Read, file: str, id_: str, field: KeyPath, message: str) -> Missing:
    at = Sources(read.sources).span(Location(file, (id_, *field))).start.line
    return Missing(file, at, "scenarios", id_, field, message)


class _Tester:
    def __init__(self, order: Order, queries: Queries, rules: Mapping[str, AlertRule]) -> None:
        self.workspace = order.workspace
        self.queries = queries
        self.rules = rules

    def told(self, scenario: Scenario) -> Iterator[tuple[str, bool]]:
        """Yield each alert of which a scenario tells whether it fires."""
        for one in firing(self.workspace, scenario.given).alerts:
            yield one, True
        if scenario.given.metric is not None:
            alerts = self.workspace.all(Alert)
            for one in silent(self.workspace, scenario.given):
                if alerts[one].slice.items() <= scenario.given.slice.items():
                    yield one, False

    def group(
        self, name: str, scenario: Scenario, id_: str, *, fires: bool
    ) -> tuple[int, dict[str, object]]:
        """Write the test of one alert, and the minutes between two evaluations that it needs.

        Raises UnsolvedError where its series are not known.
        """
        rule, alert = self.rules.get(id_), self.workspace.all(Alert)[id_]
        when, unit = alert.when, self.workspace.all(Metric)[alert.metric].unit
        if rule is None or when is None:
            raise UnsolvedError("it has no rule")
        if any("{{" in text for text in rule.labels.values()):
            raise UnsolvedError("a label of it is a template")
        query = self._query(when, rule, alert, id_)
        if scenario.given.metric is not None:
            wanted = while_moving(scenario.given, when, unit, fires=fires)
        else:
            wanted = while_firing(when, unit)
        given = giving(query, wanted if _is_change(when) else WantedValues(wanted.now, wanted.now))
        span = _span(when, query, is_ours=scenario.given.metric is None)
        expected = {
            "exp_labels": {**given.labels, **rule.labels},
            "exp_annotations": dict(rule.annotations),
        }
        return span.step, {
            "name": name,
            "interval": f"{span.every}m",
            "input_series": [
                {"series": _named(one), "values": _values(one, span)} for one in given.series
            ],
            "alert_rule_test": [
                {
                    "eval_time": f"{span.looked_at}m",
                    "alertname": rule.name,
                    "exp_alerts": [expected] if fires else [],
                }
            ],
        }

    def _query(self, when: When, rule: AlertRule, alert: Alert, id_: str) -> str:
        """Return the query whose value a condition is about."""
        if when.expr is not None:
            return rule.expr
        found = self.queries.of(alert.metric, alert.slice, ("alerts", id_))
        if isinstance(found, Missing):  # pragma: no cover - then it has no rule
            raise UnsolvedError(found.message)
        return found


def _is_change(when: When) -> bool:
    return (when.drops_by or when.rises_by) is not None


def _span(when: When, query: str, *, is_ours: bool) -> _Span:
    """Tell when to look: once all that a query looks back over is as it is to be.

    A change that is ours goes well beyond the limit, so that nine tenths of it will do: where a
    query looks back as far as the condition compares, more of it is not seen for long enough.
    """
    asked = selected(query)
    if _is_change(when) and any(one.offset for one in asked):
        raise UnsolvedError("its query looks back by `offset`, and is compared with the past")
    back = max(((one.window or 0) + (one.offset or 0) for one in asked), default=0)
    wait = when.holds_for.milliseconds if when.holds_for is not None else 0
    over = when.over.milliseconds if when.over is not None else 0
    found = None
    for step in STEPS:
        moves = _later(0, over + back, step) if _is_change(when) else 0
        looked_at = _later(moves, back + wait + (0 if _is_change(when) else over), step)
        if not _is_change(when) or (looked_at - moves) * _MINUTE < over:
            found = _Span(step, moves, looked_at)
            break
        if (
            is_ours
            and over >= back
            and (over - wait) * 10 >= back * 9
            and over >= 2 * step * _MINUTE
        ):
            found = _Span(step, moves, moves + over // (step * _MINUTE) * step)
            break
    if found is None:
        raise UnsolvedError("before it has held for long enough it compares with itself")
    if found.looked_at > _LONGEST:
        raise UnsolvedError(f"the test would last longer than {_LONGEST // 1440} days")
    is_long = found.step == STEPS[0] and min(windows(query), default=_LOOSELY) >= _LOOSELY
    return found._replace(every=_APART if is_long else 1)


def _later(since: int, milliseconds: int, step: int) -> int:
    """Return the second evaluation (minutes) after so long from a minute on."""
    return since + (-(-milliseconds // (step * _MINUTE)) + 1) * step


def _named(one: Series) -> str:
    labels = ", ".join(f"{key}={quoted(text)}" for key, text in one.labels)
    return f"{one.name}{{{labels}}}" if labels else one.name


def _values(one: Series, span: _Span) -> str:
    """Write the values of every so many minutes, as promtool expands them."""
    before, now = one.wanted
    moves, rest = span.moves // span.every, (span.looked_at - span.moves) // span.every
    if not one.is_counter:
        first = f"{spelt(before)}x{moves - 1} " if moves else ""
        return f"{first}{spelt(now)}x{rest}"
    slow, fast = before * 60 * span.every, now * 60 * span.every
    if not moves:
        return f"0+{spelt(fast)}x{rest}"
    reached = slow * moves + fast
    return f"0+{spelt(slow)}x{moves} {spelt(reached)}+{spelt(fast)}x{rest - 1}"
