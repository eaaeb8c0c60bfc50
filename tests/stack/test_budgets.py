"""Budgets as alerts: their shares and periods, and what keeps them from being watched."""

from pathlib import Path

import pytest

from tests.stack.registry import made, missing
from tests.stack.test_rules import rules

SPEND = """\
fields:
  intent: {group: slice}
metrics:
  spend: {bucket: cost, response: ticket, owner: ana, unit: USD per day, slices: [intent], query: 'QUERY'}
alerts:
  over: {metric: spend, owner: ana, severity: sev3, response: ticket, notify: [room], runbook: drop, when: {above: 40}, slice: {intent: faq}}
budgets:
  faq: {BUDGET}
"""
QUERY = "sum by (intent) (increase(cost_total[1d]))"
WHOLE = "scope: {intent: faq}, limit: 40, unit: USD, per: 1d, metric: spend, alert: over"


def text(budget: str, query: str = QUERY) -> str:
    return SPEND.replace("QUERY", query).replace("BUDGET", budget)


def exprs(folder: Path, said: str) -> dict[str, str]:
    found = rules(folder, said).items()
    return {name: one["expr"] for name, one in found if name.startswith("budget")}


OF = 'sum by (intent) (increase(cost_total{intent="faq"}[WINDOW]))'


@pytest.mark.parametrize(
    ("budget", "found"),
    [
        (f"{WHOLE}, warn_at: 80%", {"budget-faq-80": (">= 32", "1d")}),
        (f"{WHOLE}, warn_at: 0.125", {"budget-faq-12.5": (">= 5", "1d")}),
        (WHOLE, {}),
        (f"{WHOLE}, warn_at: 1".replace("40", "50"), {"budget-faq-100": (">= 50", "1d")}),
        (f"{WHOLE}, warn_at: 80%".replace("40", "1200").replace("1d", "1mo"),
         {"budget-faq-80": (">= 960", "30d"), "budget-faq-100": (">= 1200", "30d")}),
    ],
)  # fmt: skip
def test_fires_at_its_shares(
    tmp_path: Path, budget: str, found: dict[str, tuple[str, str]]
) -> None:
    """The whole of a limit has no rule where the budget's own alert fires at it."""
    said = (
        text(budget).replace("unit: USD per day", "unit: USD") if "mo" in budget else text(budget)
    )
    wanted = {
        name: f"{OF.replace('WINDOW', over)} {limit}" for name, (limit, over) in found.items()
    }
    assert exprs(tmp_path, said) == wanted
    assert missing(made(tmp_path, "prometheus", said)) == []


def test_is_sent_as_its_alert(tmp_path: Path) -> None:
    found = rules(tmp_path, text(f"{WHOLE}, warn_at: 80%"))
    assert found["budget-faq-80"]["labels"] == found["over"]["labels"]
    assert found["budget-faq-80"]["annotations"] == {
        "summary": "80% of the budget faq is spent, of 40 USD",
        "runbook_url": "https://wiki.small.example/drop",
        "opmodel_alert": "over",
        "opmodel_budget": "faq",
    }


def test_a_metric_may_be_of_the_period_by_its_unit(tmp_path: Path) -> None:
    said = text(f"{WHOLE}, warn_at: 80%", "spent_today or spent_before")
    assert exprs(tmp_path, said) == {
        "budget-faq-80": '(spent_today{intent="faq"} or spent_before{intent="faq"}) >= 32'
    }


LACKS = "budgets/faq"


@pytest.mark.parametrize(
    ("budget", "query", "line"),
    [
        (WHOLE.replace("limit: 40, ", ""), QUERY, "limit: missing: no warning before it is spent"),
        (WHOLE.replace("per: 1d, ", ""), QUERY, "per: missing: no warning before it is spent"),
        (WHOLE.replace("metric: spend, ", ""), QUERY, "metric: missing: no warning before it is spent"),
        (WHOLE.replace(", alert: over", ""), QUERY, "alert: missing: no warning before it is spent"),
        (WHOLE.replace("USD", "EUR"), QUERY,
         "unit: no warning: it is in `EUR`, and `spend` in `USD per day`"),
        (WHOLE.replace("1d", "1w"), "avg(spent)",
         "unit: no warning: it is in `USD`, and `spend` in `USD per day`"),
        (WHOLE.replace("1d", "1w").replace("unit: USD, ", ""), "avg(spent)",
         ("metric: no warning: `spend` is no sum over time, as `increase` is, and its unit does not "
         "say `per 1w`")),
        (WHOLE, "avg(", "metric: no warning: `query` of `spend` (opmodel.yaml:26): no PromQL: "),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(tmp_path: Path, budget: str, query: str, line: str) -> None:
    found = [
        one
        for one in missing(made(tmp_path, "prometheus", text(budget, query)))
        if "budgets" in one
    ]
    assert len(found) == 1
    assert found[0].startswith(f"{LACKS} {line}")
