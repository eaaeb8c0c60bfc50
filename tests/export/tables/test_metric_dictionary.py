"""The metric dictionary: what each metric means, and who is behind it."""

from registry.export import export as exports
from tests.export.conftest import Open

TEXT = """\
people: {priya: {name: Priya Natarajan}, tom: {name: Tom Reyes}}
roles:
  quality: {title: Quality lead, holder: priya}
  duty: {title: On duty, schedule: ic}
schedules: {ic: {rotations: [{name: a, participants: [tom], start: 2026-11-02T09:00, every: 1w}]}}
metrics:
  whole:
    definition: Share of answers that are right.
    owner: quality
    decision: Roll back.
    bucket: quality
    response: page
    unit: ratio
    better: higher
    layer: answers
    fields: [a, b]
    slices: [intent]
    query: avg(right)
  bare: {bucket: cost, response: analytics}
  torn: {bucket: cost}
  shared: {bucket: cost, response: analytics, owner: [priya, tom]}
  rotating: {bucket: cost, response: analytics, owner: duty}
  lost: {bucket: cost, response: analytics, owner: ghost}
alerts:
  one: {metric: whole, severity: sev1, response: page}
  two: {metric: whole, severity: sev2, response: ticket}
dashboards: {board: {metrics: [whole, bare, whole]}}
reviews: {weekly: {kind: behavioural, agenda: [{item: x, metrics: [whole]}]}}
"""


def test_rows(opened: Open) -> None:
    table = exports.table(opened(TEXT).workspace, "metric-dictionary")
    rows = {row[0]: dict(zip(table.headings, row, strict=True)) for row in table.rows}
    assert list(rows) == ["whole", "bare", "torn", "shared", "rotating", "lost"]
    assert rows["whole"] == {
        "metric": "whole",
        "definition": "Share of answers that are right.",
        "owner": "quality",
        "person": "Priya Natarajan",
        "decision": "Roll back.",
        "bucket": "quality",
        "response": "page",
        "unit": "ratio",
        "better": "higher",
        "layer": "answers",
        "fields": "a, b",
        "slices": "intent",
        "query": "avg(right)",
        "alerts": "one, two",
        "read_in": "dashboards/board, reviews/weekly",
    }
    bare = {heading: cell for heading, cell in rows["bare"].items() if cell}
    assert bare == {
        "metric": "bare",
        "bucket": "cost",
        "response": "analytics",
        "read_in": "dashboards/board",
    }
    torn = {heading: cell for heading, cell in rows["torn"].items() if cell}
    assert torn == {"metric": "torn", "definition": "(not read: `opmodel check` says why)"}


def test_person_is_empty_where_nobody_in_particular_owns_it(opened: Open) -> None:
    table = exports.table(opened(TEXT).workspace, "metric-dictionary")
    found = {row[0]: row[2:4] for row in table.rows}
    assert found["shared"] == ("priya, tom", "")
    assert found["rotating"] == ("duty", "")
    assert found["lost"] == ("ghost", "")
