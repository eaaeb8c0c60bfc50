"""Concrete routing, against the amtool that Alertmanager's own release brings.

OPMODEL_AMTOOL_TREES is the number of random trees, of which each is asked for five label sets; 1000
is the whole of it.
"""

import os
from pathlib import Path
from random import Random

import pytest

from registry.deployed.routing.matcher import holds, of, parse
from registry.deployed.routing.refusal import Refusal
from registry.deployed.routing.tree import matched, receivers
from tests.deployed.routing import amtool
from tests.deployed.routing.trees import HERE, random_labels, random_tree, route

pytestmark = pytest.mark.no_cover

TREES = int(os.environ.get("OPMODEL_AMTOOL_TREES", "60"))
BATCH = 40


@pytest.mark.no_cover
@pytest.mark.parametrize("start", range(0, TREES, BATCH))
def test_random_trees(start: int, tmp_path: Path) -> None:
    random = Random(f"routing {start}")
    trees = [random_tree(random) for _ in range(min(BATCH, TREES - start))]
    cases = [(tree, random_labels(random)) for tree in trees for _ in range(5)]
    ours = [[one.receiver for one in matched(tree, labels)] for tree, labels in cases]
    assert ours == amtool.answers(cases, tmp_path)


def test_a_receiver_is_printed_as_often_as_it_is_reached(tmp_path: Path) -> None:
    root = route("a", routes=(route("b", goes_on=True), route("c", goes_on=True), route("b")))
    assert amtool.answers([(root, {})], tmp_path) == [["b", "c", "b"]]
    assert receivers(matched(root, {})) == ("b", "c")


def _judged(pattern: str, value: str | None) -> str | None:
    found = of("l", "=~", pattern, HERE)
    if isinstance(found, Refusal):
        return None
    return "hit" if holds(found, value or "") else "default"


def _asked(pattern: str, value: str | None, folder: Path) -> str | None:
    config = {
        "route": {
            "receiver": "default",
            "routes": [{"receiver": "hit", "match_re": {"l": pattern}}],
        },
        "receivers": [{"name": "default"}, {"name": "hit"}],
    }
    found = amtool.asked(config, {} if value is None else {"l": value}, folder)
    return found[0] if found else None


PROBES: list[tuple[str, str | None]] = [
    ("prod", "production"),
    ("prod|dev", "prod2"),
    ("^prod", "production"),
    ("prod", "prod\n"),
    ("prod.*", "prod\nx"),
    (".*", None),
    (".+", None),
    ("", None),
    ("|prod", None),
    ("\\d+", "١٢"),
    ("\\w+", "été"),
    ("(?=prod)prod", "prod"),
    ("(a)\\1", "aa"),
    ("a++", "aa"),
    ("a{1001}", "a" * 1001),
    ("[[:alpha:]]+", "abc"),
    ("\\pL+", "abc"),
    ("\\Qa.b\\E", "a.b"),
    ("prod(?i)X", "prodx"),
    ("prod\\z", "prod"),
    ("prod\\Z", "prod"),
    ("(?P<n>a)", "a"),
    ("(?<n>a)", "a"),
    ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
    ("PROD", "prod"),
    ("(?i)ſ", "s"),
    ("K", "\u212a"),
    ("(?i)k", "\u212a"),
    ("a b", "a b"),
    ("a|b|", ""),
    ("\\s", "\x0b"),
    ("\\cA", "\x01"),
    ("x*{2}", "xx"),
    ("a{,2}", "aa"),
    ("[a&&b]", "a"),
    ("[a--b]", "a"),
    ("(?#c)a", "a"),
    ("\\/", "/"),
    ("\\-", "-"),
    ("\\_", "_"),
    ("\\'", "'"),
    ("\\ ", " "),
]
"""Patterns and texts where RE2 and Python's `re` may differ; None is a label that is not there."""


def test_the_probes(tmp_path: Path) -> None:
    ours = [_judged(*probe) for probe in PROBES]
    assert ours == [_asked(*probe, tmp_path) for probe in PROBES]


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"\C", "a"), (r"a\C", "ab"), (r"\\C", r"\C"), (r"\Q\C\E", r"\C"), (r"[\\C]", "C"),
        (r"[\C]", "C"), (r"[(?<a]+", "(?<"), (r"\(?<a", "<a"), (r"(?<=a)b", "b"), (r"[[:^alpha:]]", "1"),
        ("(?m)^a$", "a\nb"), ("(?s).*", "a\nb"),
        ("(?:a{2}){500}", "a" * 1000), ("(?:a{2}){501}", "a" * 1002), ("a{1000}", "a" * 1000),
        ("a**", "a"), ("|*", "a"), ("()", ""), ("(?U)a+", "aa"), (r"\x{10FFFF}", "\U0010ffff"),
        (r"\x{110000}", "a"), (r"\p{Greek}+", "λόγος"), (r"\p{Klingon}", "a"),
        ("(?i)straße", "STRASSE"), ("(?i)σ", "ς"), (r"\bdb\b", "db"), ("[z-a]", "b"), ("(?P<1>a)", "a"),
        ("(?P<n>a)(?P<n>b)", "ab"), ("a{2,1}", "aa"), ("(", "("), (")", ")"), ("[", "["), ("\\", "\\"),
    ],
)  # fmt: skip
def test_more_probes(pattern: str, value: str, tmp_path: Path) -> None:
    assert _judged(pattern, value) == _asked(pattern, value, tmp_path)


@pytest.mark.parametrize("value", ["ax", "xb", "xbx"])
def test_a_pattern_that_closes_the_group_around_it(value: str, tmp_path: Path) -> None:
    root = route("default", routes=(route("hit", "l=~a)|(?:b"),))
    ours = [one.receiver for one in matched(root, {"l": value})]
    assert [ours] == amtool.answers([(root, {"l": value})], tmp_path)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        'team="db"', "team=db", ' team = "db" ', '{team="db"}', '{team="db",}', "{team=db, env!=x}",
        'team=~"a|db",env!~"p.*"', r'team="d\"b"', r'team="d\\b"', r'team="d\nb"', r'team=~"\d+"',
        r"team=~\d+", "team=", 'team=""', 'team="', 'team=d"b', 'team="d"b"', "team", "=db",
        "team==db", "team=~(", "te am=db", "{team=db", "team=db}", "", "{}", 'team="a,b"', "team=d b",
        'team="d\\\\"', r'team="d\"', r"team=d\b", "team=db,,env=p", "team!db", "te:am=db", "team=~",
    ],
)  # fmt: skip
def test_spellings(text: str, tmp_path: Path) -> None:
    config = {
        "route": {"receiver": "default", "routes": [{"receiver": "hit", "matchers": [text]}]},
        "receivers": [{"name": "default"}, {"name": "hit"}],
    }
    found = parse(text, HERE)
    for value in ("db", "", 'd"b', "d\\b", "d\nb", "1", "a,b", "d b", "=db", "d\\"):
        labels = {"team": value, "te:am": value, "env": value}
        theirs = amtool.asked(config, labels, tmp_path)
        if isinstance(found, Refusal):
            assert theirs is None
            return
        wanted = all(holds(one, labels.get(one.label, "")) for one in found)
        assert theirs == ["hit" if wanted else "default"]
