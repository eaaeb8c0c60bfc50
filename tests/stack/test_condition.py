"""Each kind of condition as PromQL, and what it means: promtool evaluates it."""

import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registry.model.metrics import Alert, Metric, When
from registry.model.quantity import Quantity
from registry.model.unit import is_percent
from registry.model.unit import level as in_unit
from registry.stack.condition import Unsaid, summary, written
from registry.traces.playing import PlayedCondition, condition_of
from tests.stack.programs import promtool

RATIO = "sum(rate(a[5m])) / sum(b)"


def condition(**said: Any) -> When:
    return When.model_validate(said)


@pytest.mark.parametrize(
    ("said", "query", "unit", "expr"),
    [
        ({"above": 8}, "avg(x)", None, "avg(x) > 8"),
        ({"below": 0.95}, RATIO, "ratio", f"{RATIO} < 0.95"),
        ({"above": "2%"}, "x", "ratio", "x > 0.02"),
        ({"above": "2%"}, "x", None, "x > 0.02"),
        ({"above": "2.50%"}, "x", "percent", "x > 2.5"),
        ({"above": 2}, "x", "percent", "x > 2"),
        ({"above": 1e-7}, "x", None, "x > 0.0000001"),
        ({"above": -3}, "a or b", None, "(a or b) > -3"),
        ({"above": 0, "over": "10m"}, "sum(increase(x[10m]))", None, "sum(increase(x[10m])) > 0"),
        ({"above": 0, "over": "0s"}, "x", None, "x > 0"),
        ({"above": 5, "over": "10m"}, "x", None, "avg_over_time((x)[10m:1m]) > 5"),
        ({"below": 5, "over": "1d"}, "rate(x[5m])", None, "avg_over_time((rate(x[5m]))[1d:24m]) < 5"),
        ({"drops_by": "10%", "over": "1h", "for": "10m"}, "avg(x)", None,
         "(avg(x) - avg(x offset 1h)) / abs(avg(x offset 1h)) <= -0.1"),
        ({"rises_by": "100%", "over": "1d"}, "a / b", None,
         "((a / b) - (a offset 1d / b offset 1d)) / abs(a offset 1d / b offset 1d) >= 1"),
        ({"drops_by": 5, "over": "1h"}, "avg(x)", None, "avg(x offset 1h) - avg(x) >= 5"),
        ({"rises_by": 0.5, "over": "1h"}, "avg(x)", None, "avg(x) - avg(x offset 1h) >= 0.5"),
        ({"expr": "up == 0  # down"}, "", None, "up == 0"),
    ],
)  # fmt: skip
def test_is_written(said: dict[str, Any], query: str, unit: str | None, expr: str) -> None:
    assert written(condition(**said), query, unit) == expr


@pytest.mark.parametrize(
    ("level", "unit", "number"),
    [("90%", "percent", 90), ("90%", "ratio", 0.9), ("90%", None, 0.9), (90, "percent", 90),
     (0.9, "percent", 0.9), ("0.7 %", "% of requests", 0.7), ("0.7%", "USD", 0.007)],
)  # fmt: skip
def test_a_level_is_one_number_in_rules_and_in_scores(
    level: object, unit: str | None, number: float
) -> None:
    """`traces quality` plays a condition with the limit that its rule has."""
    assert in_unit(Quantity.read(level), unit) == Decimal(str(number))
    played = condition_of(condition(above=level), unit is not None and is_percent(unit))
    assert isinstance(played, PlayedCondition)
    assert played.limit == pytest.approx(number, rel=1e-15)


def test_a_drop_needs_what_it_is_compared_with() -> None:
    for over in ({}, {"over": "0s"}):
        found = written(condition(drops_by="10%", **over), "x", None)
        assert found == Unsaid(
            ("when", "over"), "`drops_by` needs `over`: against when it is compared"
        )


@pytest.mark.parametrize(
    ("said", "query", "field"),
    [
        ({"drops_by": "10%", "over": "1h"}, "avg(x @ end())", "drops_by"),
        ({"rises_by": 5, "over": "1h"}, "x - rate(x[5m] @ start())", "rises_by"),
        ({"above": 5, "over": "1h"}, "avg(x @ end ( ))", "over"),
        ({"below": 5, "over": "1h"}, "max_over_time(x[5m:1m] @ END())", "over"),
    ],
)
def test_what_is_now_at_any_time_has_no_past(said: dict[str, Any], query: str, field: str) -> None:
    found = written(condition(**said), query, None)
    told = "its query has `@ end()` or `@ start()`: that is now, whatever time `over` looks at"
    assert found == Unsaid(("when", field), told)


def test_what_is_of_one_time_never_changes() -> None:
    found = written(condition(drops_by=5, over="1h"), "a @ 5 / b @ 7", None)
    told = "its query is `@` one time: it is compared with itself"
    assert found == Unsaid(("when", "drops_by"), told)


@pytest.mark.parametrize(
    ("said", "query", "expr"),
    [
        ({"above": 5}, "avg(x @ end())", "avg(x @ end()) > 5"),
        ({"above": 5, "over": "5m"}, "rate(x[5m] @ end())", "rate(x[5m] @ end()) > 5"),
        ({"above": 5, "over": "1h"}, "x @ 5", "avg_over_time((x @ 5)[1h:1m]) > 5"),
        ({"above": 5, "over": "1h"}, 'x{a="@ end()"}', 'avg_over_time((x{a="@ end()"})[1h:1m]) > 5'),
        ({"rises_by": 5, "over": "1h"}, "x - x @ 5",
         "(x - x @ 5) - last_over_time((x - x @ 5)[1m:1m] offset 1h) >= 5"),
        ({"rises_by": 5, "over": "1h"}, "vector(1)",
         "vector(1) - last_over_time((vector(1))[1m:1m] offset 1h) >= 5"),
    ],
)  # fmt: skip
def test_a_time_that_is_not_moved_may_be_asked_for(
    said: dict[str, Any], query: str, expr: str
) -> None:
    assert written(condition(**said), query, None) == expr


def test_what_is_no_promql_is_told() -> None:
    for said, query in (({"expr": "up =="}, ""), ({"rises_by": "10%", "over": "1h"}, "scalar(x)")):
        found = written(condition(**said), query, None)
        assert isinstance(found, Unsaid)
        assert found.field == ("when", next(iter(said)))
        assert found.message.startswith("it is no PromQL: ")


def test_says_in_a_line_when_it_fires() -> None:
    metric = Metric.model_validate({"bucket": "cost", "response": "page", "unit": "USD"})
    alert = {"metric": "spend", "severity": "sev1", "response": "page"}
    for when, line in (
        ({"above": 5, "for": "10m"}, "spend above 5 for 10m (in USD)"),
        ({"expr": "up"}, "high, on spend"),
        (None, "high, on spend"),
    ):
        assert summary("high", Alert.model_validate({**alert, "when": when}), metric) == line


CASES: list[tuple[dict[str, Any], str, bool]] = [
    ({"above": 5}, "5x200", False),
    ({"above": 5}, "5.01x200", True),
    ({"below": 5}, "5x200", False),
    ({"below": 5}, "4.99x200", True),
    ({"drops_by": "10%", "over": "1h"}, "100x99 90x100", True),
    ({"drops_by": "10%", "over": "1h"}, "100x99 90.1x100", False),
    ({"drops_by": "10%", "over": "1h"}, "0x200", False),
    ({"drops_by": "10%", "over": "1h"}, "-10+0x200", False),
    ({"drops_by": "10%", "over": "1h"}, "-10+0x99 -11+0x100", True),
    ({"drops_by": "10%", "over": "1h"}, "100x99 110x100", False),
    ({"rises_by": "100%", "over": "1h"}, "1x99 2x100", True),
    ({"rises_by": "100%", "over": "1h"}, "1x99 1.99x100", False),
    ({"rises_by": "100%", "over": "1h"}, "0x99 0.001x100", True),
    ({"rises_by": "100%", "over": "1h"}, "0x200", False),
    ({"rises_by": "50%", "over": "1h"}, "-10+0x99 -5+0x100", True),
    ({"drops_by": 5, "over": "1h"}, "100x99 95x100", True),
    ({"drops_by": 5, "over": "1h"}, "100x99 95.1x100", False),
    ({"rises_by": 5, "over": "1h"}, "100x99 105x100", True),
    ({"above": 5, "over": "1h"}, "0x99 12x100", False),
    ({"above": 5, "over": "1h"}, "0x60 12x100", True),
]


def test_means_what_the_registry_says(tmp_path: Path) -> None:
    """At the 120th minute; what moves moved at the 100th, or at the 61st."""
    rules, groups = [], []
    for number, (said, values, fires) in enumerate(CASES):
        expr = written(condition(**said), f'sum by (n) (x{{n="{number}"}})', None)
        rules.append({"alert": f"a{number}", "expr": expr})
        expected = [{"exp_labels": {"n": str(number)}}] if fires else []
        groups.append(
            {
                "interval": "1m",
                "input_series": [{"series": f'x{{n="{number}"}}', "values": values}],
                "alert_rule_test": [
                    {"eval_time": "120m", "alertname": f"a{number}", "exp_alerts": expected}
                ],
            }
        )
    done = promtool(tmp_path, rules, groups)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_would_tell(tmp_path: Path) -> None:
    """The test above can fail: what does not fire is not expected to."""
    series = {"series": "x", "values": "1x200"}
    tested = {"eval_time": "120m", "alertname": "a", "exp_alerts": [{}]}
    group = {"interval": "1m", "input_series": [series], "alert_rule_test": [tested]}
    done: subprocess.CompletedProcess[str] = promtool(
        tmp_path, [{"alert": "a", "expr": "x > 5"}], [group]
    )
    assert done.returncode == 1
