"""The list of tests that run without coverage names tests, and costs no branch that is asked for."""

import ast
from collections import Counter

from tests.covering import ROOT, is_gated, spared, uncovered

RULES = "registry/checks/rules/om001_syntax_error.py"
REPORT = "registry/output/finding.py"


def test_what_is_listed_exists() -> None:
    listed = uncovered()
    files = {name.partition("::")[0] for name in listed}
    there = {
        f"{file}::{node.name}"
        for file in files
        for node in ast.parse((ROOT / file).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert listed - there == set()


def test_branches_that_are_asked_for_are_covered() -> None:
    assert is_gated(RULES)
    assert not is_gated(REPORT)


def test_a_function_is_spared_where_others_reach_what_it_does() -> None:
    both, alone = (RULES, 1, 2), (RULES, 2, 3)
    arcs = {"": {both}, "dear": {both}, "only": {both, alone}, "cheap": {both}}
    assert spared(arcs, Counter({"dear": 9.0, "only": 9.0, "cheap": 0.1})) == ["dear"]


def test_of_two_that_reach_the_same_one_stays() -> None:
    same = (RULES, 1, 2)
    arcs = {"first": {same}, "second": {same}}
    assert spared(arcs, Counter({"first": 2.0, "second": 1.0})) == ["first"]


def test_where_most_is_asked_for_a_few_branches_are_given_up() -> None:
    few = {(REPORT, line, line + 1) for line in range(3)}
    many = {(REPORT, line, line + 1) for line in range(10, 14)}
    assert spared({"few": few, "many": many}, Counter(few=1.0, many=1.0)) == ["few"]


def test_what_reaches_nothing_is_spared() -> None:
    assert spared({}, Counter({"elsewhere": 9.0})) == ["elsewhere"]
