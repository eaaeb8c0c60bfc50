"""Which labels a query's series may carry, and why not; that it holds is proven in `_sound`."""

from collections import Counter
from collections.abc import Iterator
from csv import DictReader
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.deployed.promql.labels import series_labels
from registry.deployed.promql.parse import MAX_DEPTH, MAX_PARTS
from registry.deployed.promql.series import SeriesLabels
from tests.effort import ends


def _known(query: str) -> SeriesLabels:
    found = series_labels(query)
    assert found is not None, query
    return found


@pytest.mark.parametrize(
    ("query", "fixed"),
    [
        ("up", {}),
        ('up{job="a", team=~"b", x!="c", y=~"d|e"}', {"job": "a", "team": "b"}),
        ('{__name__="up", job="a"}', {"job": "a"}),
        (r'up{job=~"a\\.b", team="\x41"}', {"team": "A"}),
        ('-(rate(up{job="a"}[5m] offset 1h @ end()))', {"job": "a"}),
        ('max_over_time(rate(x{job="a"}[5m])[1h:1m])', {"job": "a"}),
        ('quantile_over_time(0.9, x{job="a"}[5m])', {"job": "a"}),
        ('sum by (job) (x{job="a", team="b"})', {"job": "a"}),
        ('sum without (job) (x{job="a", team="b"})', {"team": "b"}),
        ('sum(x{job="a"})', {}),
        ('topk by (team) (3, x{job="a"})', {"job": "a"}),
        ('limitk(3, x{job="a"})', {"job": "a"}),
        ('count_values("job", x{job="a"}) by (team)', {}),
        ('count_values("v", x{job="a"}) by (job)', {"job": "a"}),
        ('histogram_quantile(0.9, sum by (le, job) (x{job="a", le="1"})) > 1', {"job": "a"}),
        ('x{job="a"} > 1', {"job": "a"}),
        ('1 - x{job="a"}', {"job": "a"}),
        ('time() - scalar(y{job="b"}) > bool x{job="a"}', {"job": "a"}),
        ('x{job="a"} / y{team="b"}', {"job": "a", "team": "b"}),
        ('x{job="a"} / on(job) y{team="b"}', {"job": "a"}),
        ('x{job="a"} == on(team) y{team="b"}', {"team": "b"}),
        ('x{job="a"} / ignoring(job) y{team="b", job="c"}', {"team": "b"}),
        ('x{job="a"} * on(team) group_left y{team="b", job="c"}', {"job": "a", "team": "b"}),
        ('x{job="a"} * on(team) group_left(job) y{team="b", job="c"}', {"job": "c", "team": "b"}),
        ('x{job="a"} * ignoring(job) group_left(job) y{job="c"}', {"job": "c"}),
        ('x{job="a"} * on(team) group_left(job) y', {}),
        ('y{job="c"} * on(team) group_right(env) x{job="a"}', {"job": "a"}),
        ('x{job="a"} and y{team="b"}', {"job": "a", "team": "b"}),
        ('x{job="a"} and on(env) y{team="b"}', {"job": "a"}),
        ('x{job="a"} and ignoring(team) y{team="b"}', {"job": "a"}),
        ('x{job="a"} unless on(job) y{team="b"}', {"job": "a"}),
        ('x{job="a", env="p"} or y{job="a", env="q"}', {"job": "a"}),
        ('absent(x{job="a", team=~"b", env!="c"})', {"job": "a"}),
        ('absent(x{job="a", job="b", env="c"})', {"env": "c"}),
        ('absent_over_time(x{job="a"}[1h])', {"job": "a"}),
        ('absent((x{job="a"}))', {}),
        ('absent(x{job="a"} @ 5)', {}),
        ('absent(sum(x{job="a"}))', {}),
        ('label_replace(vector(1), "job", "a", "", "")', {"job": "a"}),
        ('label_replace(x{env="p"}, "job", "a", "env", "p|q")', {"env": "p", "job": "a"}),
        ('label_replace(x{job="b", env="p"}, "job", "a", "env", "q")', {"env": "p", "job": "b"}),
        ('label_replace(x{job="b"}, "job", "a", "env", "q")', {}),
        ('label_replace(x{job="b"}, "job", "$1", "env", "(.*)")', {}),
        ('label_replace(x{job="b"}, ("job"), "", "", "")', {}),
        ('label_replace(x{job="b"}, "job", "a", "__name__", "y")', {}),
        ('label_join(x{a="p", b="q", c=""}, "job", "-", "a", "b", "c")', {"a": "p", "b": "q", "job": "p-q-"}),
        ('label_join(x{a="p"}, "a", "-", "b")', {}),
        ('label_replace(x{env="p\\n"}, "job", "a", "env", "p.*")', {"env": "p\n"}),
        ('label_join(x and sum by (a) (y), "job", "-", "__name__")', {}),
        ('label_replace(info(x{job="a"}), "job", "b", "", "")', {"job": "b"}),
        ('info(x{job="a"})', {}),
        ('x{job="a"} + fill(0) y{job="a"}', {}),
        ('{job="a" or team="b"}', {}),
    ],
)  # fmt: skip
def test_what_every_series_has(query: str, fixed: dict[str, str]) -> None:
    found = _known(query)
    assert dict(found.fixed) == fixed
    assert all(
        found.must_be(label) == value and found.may_carry(label) for label, value in fixed.items()
    )


@pytest.mark.parametrize(
    ("query", "only"),
    [
        ("up", None),
        ("1", set()),
        ("-1 > bool 2", set()),
        ("time() + pi()", set()),
        ("vector(1)", set()),
        ("hour()", set()),
        ("hour(x)", None),
        ("sum(x)", set()),
        ("sum by (job, team) (x)", {"job", "team"}),
        ("sum by (job) (sum by (team) (x))", set()),
        ("sum without (job) (x)", None),
        ('count_values("v", x)', {"v"}),
        ('count_values without (v) ("v", sum by (v, job) (x))', {"job"}),
        ("topk(1, sum by (job) (x))", {"job"}),
        ("sum by (job) (x) / sum by (job, team) (x)", {"job"}),
        ("x / on(job) y", {"job"}),
        ("x / on(job, team) sum by (job) (y)", {"job"}),
        ("x / ignoring(team) sum by (job) (y)", {"job"}),
        ("x * on(job) group_left(team) y", None),
        ("sum by (job) (x) * on(job) group_left(team) y", {"job", "team"}),
        ("sum by (job) (x) * on(job) group_left(team) sum by (job) (y)", {"job"}),
        ("x and sum by (job) (y)", {"job"}),
        ("sum by (job) (x) or sum by (team) (y)", {"job", "team"}),
        ("sum by (job) (x) or y", None),
        ("sum by (job) (x) or on() vector(0)", {"job"}),
        ('absent(x{job="a", job=~"b", env=~"c"})', {"job"}),
        ("absent_over_time(x[1h:1m])", set()),
        ('label_replace(vector(1), "job", "$1", "a", "(.*)")', {"job"}),
        ('label_join(vector(1), "job", "-", "a")', set()),
    ],
)
def test_labels_that_may_be_there(query: str, only: set[str] | None) -> None:
    found = _known(query)
    assert found.only == only
    assert found.must_be("nothing of that name") == (None if only is None else "")
    assert not found.may_carry("__name__")


@pytest.mark.parametrize(
    ("query", "label", "why"),
    [
        ("sum by (job) (x) > 1", "team", "`sum by (job)` keeps only job"),
        ("avg(x)", "team", "`avg` keeps no label"),
        ("sum by (a) (sum by (a, b) (x))", "c", "`sum by (a, b)` keeps only a, b"),
        ("sum by (a) (sum by (a, b) (x))", "b", "`sum by (a)` keeps only a"),
        ("max without (team, pod) (x)", "team", "`max without (team, pod)` drops team, pod"),
        ('x{team=""}', "team", 'the selector has `team=""`'),
        ("x / on(job) y", "team", "`/ on (job)` keeps only job"),
        ("x / on() y", "team", "`/ on ()` keeps no label"),
        ("x / ignoring(team) y", "team", "`/ ignoring (team)` drops team"),
        ("x AND sum by (job) (y)", "team", "the other side of `and` lacks it: `sum by (job)` keeps only job"),
        ("x and on(team) (y * on(team) z{team=''})", "team",
         "the other side of `*` lacks it: the selector has `team=\"\"`"),
        ("x and on(team) sum(y)", "team", "the other side of `and` lacks it: `sum` keeps no label"),
        ("x * on(job) group_left(team) sum by (job) (y)", "team", "`sum by (job)` keeps only job"),
        ("sum(x) or vector(0)", "team", "`sum` keeps no label and `vector()` has no labels"),
        ("sum(x) or max(x) or min(x) or avg(x)", "team", "`sum` keeps no label and `max` keeps no label and `min` keeps no label and others"),
        ("sum without (team) (x) or max without (team) (y)", "team",
         "`sum without (team)` drops team and `max without (team)` drops team"),
        ("absent(x{a='b'})", "team", "`absent` has only the labels that its selector sets"),
        ("absent(sum(x))", "team", "`absent` of more than a selector has no labels"),
        ('label_replace(x, "team", "", "", "")', "team", "`label_replace` empties it"),
        ('label_join(x, "team", ",")', "team", "`label_join` empties it"),
        ("42", "team", "a number has no labels"),
        ("up", "__name__", "an alert does not carry its query's metric name"),
        ("up", "team", None),
        ('up{team="a"}', "team", None),
    ],
)  # fmt: skip
def test_why_a_label_is_lost(query: str, label: str, why: str | None) -> None:
    assert _known(query).why_absent(label) == why


@pytest.mark.parametrize(
    ("query", "constraints"),
    [
        ('x{a=~"p.*", b!="q", c!~"r", a=~"p.*"}', [("a", "=~", "p.*"), ("b", "!=", "q"), ("c", "!~", "r")]),
        ('sum by (a) (x{a=~"p.*", b!="q"})', [("a", "=~", "p.*")]),
        ('x{a=~"p.*"} or y{a=~"p.*", b!="q"}', [("a", "=~", "p.*")]),
        ('x{a="p"} or y{a="q.r"} or vector(0)', [("a", "=~", r"p|q\.r|")]),
        ('x{a="p"} or y{a=~"p|q"}', [("a", "=~", "p|q")]),
        ('x{a="p"} or y{a!="q"}', [("a", "!=", "q")]),
        ('x{a="p"} or y{a!~"q"}', [("a", "!~", "q")]),
        ('x{a="q"} or y{a!="q"}', []),
        ('x{a=~"(?i)p.*"} or y{a="Q"}', [("a", "=~", "(?:(?i)p.*)|Q")]),
        ('label_replace(x{a="p"}, "a", "q", "b", "r.*")', [("a", "=~", "p|q")]),
        ('x{a!="p"} * on(b) group_left(a) y{a!="q"}', [("a", "!=", "q")]),
        ('x and on(a) y{a!="q", b!="r"}', [("a", "!=", "q")]),
    ],
)  # fmt: skip
def test_what_else_holds(query: str, constraints: list[tuple[str, str, str]]) -> None:
    assert [tuple(one) for one in _known(query).constraints] == constraints


@pytest.mark.parametrize(
    "query",
    ["", "sum(x", '"text"', '("text")', "rate(x)", "${template}", 'x{a=~"("}', 'x{a=~"(?=b)"}',
     "newer_function(x)", "x default 0", "(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH, "(" * 5000],
)  # fmt: skip
def test_what_cannot_be_told(query: str) -> None:
    assert series_labels(query) is None


@pytest.mark.parametrize(
    "query",
    [
        "(" * (MAX_DEPTH - 1) + "x" + ")" * (MAX_DEPTH - 1),
        " or ".join(f'x{{a=~"p{number}.*"}}' for number in range(MAX_PARTS // 3)),
        " and ".join(f"sum by (a{number}) (x)" for number in range(MAX_DEPTH // 2)),
        " / ".join(["x"] * MAX_DEPTH),
    ],
)
def test_large_queries_end_soon(query: str) -> None:
    assert query.count("(") < MAX_PARTS
    with ends():
        assert series_labels(query) is not None


def _alerts(value: Any) -> Iterator[str]:
    """Yield the queries of a document's alerts, also of those in a text of a ConfigMap."""
    if isinstance(value, dict):
        if "alert" in value and "expr" in value:
            yield str(value["expr"])
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _alerts(item)
    elif isinstance(value, str) and "alert:" in value and "expr:" in value:
        yield from _alerts(yaml.load(value, yaml.CSafeLoader))


@pytest.mark.corpus
def test_real_alerts(corpus: Path) -> None:
    with (corpus / "ground_truth" / "alerts.csv").open(encoding="utf-8", newline="") as file:
        names = Counter(row["file"] for row in DictReader(file))
    with (corpus / "ground_truth" / "rule_files.csv").open(encoding="utf-8", newline="") as file:
        accepted = {row["file"] for row in DictReader(file) if row["promtool"] == "ok"}
    found: list[SeriesLabels | None] = []
    for name in names:
        documents = yaml.load_all((corpus / name).read_text("utf-8"), yaml.CSafeLoader)
        told = [series_labels(query) for one in documents for query in _alerts(one)]
        assert len(told) == names[name]
        assert name not in accepted or None not in told
        found += told
    known = [one for one in found if one is not None]
    assert (len(found), len(found) - len(known)) == (3904, 136)  # templates, and other languages
    assert sum(one.only is not None for one in known) == 1315
    assert sum(bool(one.fixed) for one in known) == 1060
