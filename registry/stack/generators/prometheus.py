"""Prometheus rules: metrics are recorded, alerts and budgets fire; and promtool tests them."""

from collections.abc import Iterator
from os.path import splitext

from registry.model.cadence import Budget
from registry.model.metrics import Alert, Metric
from registry.output.yaml_document import document
from registry.stack.budgets import BudgetRules
from registry.stack.generator import Generated, Generator, Missing, Order
from registry.stack.header import header
from registry.stack.queries import Queries
from registry.stack.rules import AlertRule, AlertRules, Recorded, recording
from registry.stack.unit_tests import UnitTests, unit_tests


def build(order: Order) -> Generated:
    """Write the rules, and their tests where a scenario can be one."""
    queries = Queries(order)
    alerts = AlertRules(order, queries)
    recorded = list(recording(queries))
    firing = [one for id_ in order.workspace.all(Alert) for one in alerts.of(id_)]
    burning = list(BudgetRules(order, queries, alerts).each())
    rules = [one for one in (*firing, *burning) if isinstance(one, AlertRule)]
    kept = [one for one in recorded if isinstance(one, Recorded)]
    groups = list(_groups(order, kept, rules))
    tests = unit_tests(order, queries, rules)
    text = document({"groups": groups}, header("prometheus", order)) if groups else ""
    files = {order.file: text.encode(), **dict(_tested(order, tests))}
    lacking = [one for one in (*recorded, *firing, *burning) if isinstance(one, Missing)]
    missing = tuple(dict.fromkeys((*lacking, *tests.missing)))
    made = _made(order, len(kept), rules, missing, tests)
    empty = tuple(name for name, data in files.items() if not data)
    return Generated({name: data for name, data in files.items() if data}, missing, made, (), empty)


def _tested(order: Order, tests: UnitTests) -> Iterator[tuple[str, bytes]]:
    """Yield the files of tests, one for each time between evaluations; empty where it has none."""
    stem, suffix = splitext(order.file)
    for step, groups in tests.groups.items():
        content = {
            "rule_files": [order.file],
            "evaluation_interval": f"{step}m",
            "tests": groups,
        }
        text = document(content, header("prometheus", order)) if groups else ""
        yield f"{stem}_{step}m_test{suffix}", text.encode()


def _groups(
    order: Order, recorded: list[Recorded], rules: list[AlertRule]
) -> Iterator[dict[str, object]]:
    """Yield the groups: what is recorded, then alerts by the bucket of their metric."""
    if recorded:
        labels = {"registry": order.workspace.manifest.name}
        written = [{"record": one.record, "expr": one.expr, "labels": labels} for one in recorded]
        yield {"name": "opmodel-metrics", "rules": written}
    metrics, alerts = order.workspace.all(Metric), order.workspace.all(Alert)
    buckets: dict[str, list[AlertRule]] = {}
    for one in rules:
        buckets.setdefault(metrics[alerts[one.alert].metric].bucket, []).append(one)
    for bucket, own in sorted(buckets.items()):
        yield {"name": f"opmodel-{bucket}", "rules": [one.written() for one in own]}


def _made(
    order: Order,
    recorded: int,
    rules: list[AlertRule],
    missing: tuple[Missing, ...],
    tests: UnitTests,
) -> dict[str, tuple[int, int]]:
    alerts, budgets = order.workspace.all(Alert), order.workspace.all(Budget)
    unseen = {one.id for one in missing if one.section == "budgets"}
    return {
        "metric": (recorded, len(order.workspace.all(Metric))),
        "alert": (sum(one.name in alerts for one in rules), len(alerts)),
        "budget": (len(budgets) - len(unseen), len(budgets)),
        "scenario": (tests.played, tests.scenarios),
    }


GENERATOR = Generator(
    "prometheus", "rules that record metrics and fire for alerts and budgets, with their tests",
    build, "rules.yml", (".yml", ".yaml"),
)  # fmt: skip
