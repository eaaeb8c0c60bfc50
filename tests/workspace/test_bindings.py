"""The section `bindings`: what is well-formed, what it leads to, and what stays uncertain."""

from pathlib import Path

import pytest

from registry.checks.engine import check, open_registry
from registry.checks.result import Result
from registry.model.bindings import Binding
from registry.workspace.bindings import Bindings, Meaning
from registry.workspace.options import Options
from tests.conftest import AT

REGISTRY = """\
opmodel: 1
name: fixture
stage: production
people:
  priya: {name: Priya Natarajan, email: priya@acme.example}
  tom: {name: Tom Reyes, contact: {email: tom@acme.example}}
  ines: {name: Ines Duarte, email: shared@acme.example}
  olu: {name: Olu Adeyemi, email: shared@acme.example}
teams:
  search: {name: Search, lead: priya, members: [priya]}
roles:
  search-lead: {title: Search lead, holder: priya}
channels:
  room: {kind: slack, owner: tom}
schedules:
  search-oncall: {team: search}
escalations:
  search-page: {steps: [{after: 0m, notify: [search-oncall, tom]}, {after: 5m, notify: [priya]}]}
  empty-page: {}
metrics:
  latency: {bucket: reliability, response: page}
alerts:
  latency-high: {metric: latency, severity: sev2, response: page}
bindings:
"""


def checked(root: Path, bindings: str) -> Result:
    (root / "opmodel.yaml").write_text(REGISTRY + bindings)
    return check(str(root), Options(AT, select="OM0"))


def bound(root: Path, bindings: str) -> Bindings:
    (root / "opmodel.yaml").write_text(REGISTRY + bindings)
    return Bindings(open_registry(str(root), Options(AT)).workspace)


def told(result: Result) -> list[tuple[str, str]]:
    return [(one.code, "/".join(map(str, one.field or ()))) for one in result.diagnostics]


@pytest.mark.parametrize(
    "binding",
    [
        "{receiver: pager, means: search-page}",
        "{service: PABC123, means: search-oncall}",
        "{label: team, value: finder, means: search}",
        "{label: team}",
        "{annotation: owner}",
        "{annotation: owner, value: us, means: search-lead}",
        "{label: alertname, value: Slow, alert: latency-high}",
        '{owner: "group:default/search", means: search}',
    ],
)
def test_is_well_formed(tmp_path: Path, binding: str) -> None:
    assert told(checked(tmp_path, f"  one: {binding}\n")) == []


@pytest.mark.parametrize(
    ("binding", "found"),
    [
        ("{}", [("OM006", "")]),
        ("{receiver: a, label: b, means: priya}", [("OM006", "label")]),
        ("{receiver: a, value: b, means: priya}", [("OM006", "value")]),
        ("{label: a, value: b, means: priya, alert: latency-high}", [("OM006", "alert")]),
        ("{owner: a, alert: latency-high}", [("OM006", "alert")]),
        ("{label: a, means: priya}", [("OM006", "means")]),
        ("{annotation: a, alert: latency-high}", [("OM006", "alert")]),
        ("{service: a}", [("OM006", "service")]),
        ("{label: a, value: b}", [("OM006", "label")]),
        ("{receiver: a, means: serach-page}", [("OM007", "means")]),
        ("{receiver: a, means: latency}", [("OM007", "means")]),
        ("{label: a, value: b, alert: room}", [("OM007", "alert")]),
        ("{receiver: a, mean: priya}", [("OM004", "mean")]),
    ],
)
def test_is_not_well_formed(tmp_path: Path, binding: str, found: list[tuple[str, str]]) -> None:
    result = checked(tmp_path, f"  one: {binding}\n")
    assert set(found) <= set(told(result))


def test_suggests_the_section(tmp_path: Path) -> None:
    (tmp_path / "opmodel.yaml").write_text(REGISTRY + "  a: {label: team}\nbindins: {}\n")
    (found,) = check(str(tmp_path), Options(AT, select="OM003")).diagnostics
    assert found.help == "did you mean `bindings`?"


def test_means(tmp_path: Path) -> None:
    found = bound(
        tmp_path,
        "  a: {receiver: pager, means: search-page}\n"
        "  b: {label: team, value: finder, means: search}\n"
        "  c: {label: squad}\n"
        "  d: {label: squad, value: x, means: tom}\n"
        "  e: {receiver: gone, means: nobody-known}\n"
        "  f: {annotation: about, value: slow, alert: latency-high}\n",
    )
    assert found.meaning("receiver", "pager") == Meaning("search-page", "escalations", "a")
    assert found.meaning("receiver", "other") is None
    assert found.meaning("receiver", "gone") is None
    assert found.is_named("receiver", "gone")
    assert not found.is_named("receiver", "other")
    assert found.meaning("label", "team", "finder") == Meaning("search", "teams", "b")
    assert found.meaning("label", "team", "search") is None
    assert found.meaning("label", "squad", "search") == Meaning("search", "teams", "c")
    assert found.meaning("label", "squad", "x") == Meaning("tom", "people", "d")
    assert found.alert("annotation", "about", "slow") == ("latency-high", "f")
    assert found.alert("annotation", "about", "fast") is None
    assert found.of("label") == ("squad", "team")


@pytest.mark.parametrize(
    ("written", "owner"),
    [
        ("group:default/search", "search"),
        ("@acme/search", "search"),
        ("user:default/priya", "priya"),
        ("@tom", "tom"),
        ("search-lead", "search-lead"),
        ("priya@acme.example", "priya"),
        ("tom@acme.example", "tom"),
        ("shared@acme.example", None),
        ("nobody@acme.example", None),
        ("@acme/finders", "search"),
        ("@acme/platform", None),
        ("room", None),
    ],
)
def test_knows_an_owner_as_others_write_it(tmp_path: Path, written: str, owner: str | None) -> None:
    found = bound(tmp_path, '  a: {owner: "@acme/finders", means: search}\n').owner(written)
    assert (found.id if found else None) == owner


@pytest.mark.parametrize(
    ("id_", "owners"),
    [
        ("room", ["tom"]),
        ("search-oncall", ["search"]),
        ("search-page", ["search", "tom"]),
        ("empty-page", []),
        ("search-lead", ["search-lead"]),
    ],
)
def test_who_answers_for_it(tmp_path: Path, id_: str, owners: list[str]) -> None:
    found = bound(tmp_path, "  a: {label: team}\n")
    known = found.known(id_)
    assert known is not None
    assert [one.id for one in found.owners(known)] == owners


def test_pages() -> None:
    sections = ("escalations", "schedules", "channels", "teams")
    assert [Meaning("x", one).pages for one in sections] == [True, True, False, None]


def test_of_two_the_first_counts_and_what_failed_is_uncertain(tmp_path: Path) -> None:
    found = bound(
        tmp_path,
        "  a: {receiver: pager, means: tom}\n  b: {receiver: pager, means: priya}\n"
        "  c: {receiver: desk, service: hall, means: priya}\n  d: [lost]\n",
    )
    assert found.meaning("receiver", "pager") == Meaning("tom", "people", "a")
    assert [(one.first, one.second, one.field) for one in found.contradictions()] == [
        ("a", "b", "means")
    ]
    assert found.is_named("receiver", "desk")
    assert found.meaning("receiver", "desk") is None


def test_named() -> None:
    assert Binding(label="a", value="b").named == ("label",)
    assert Binding().named == ()
