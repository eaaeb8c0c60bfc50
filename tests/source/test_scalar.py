"""YAML 1.2's core schema (section 10.3.2), value by value."""

import math

import pytest

from registry.source.scalar import is_placeholder, plain

INF = math.inf


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRUE", "tRUE"),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("n", "n"),
        ("0", 0), ("-0", 0), ("+12", 12), ("017", 17), ("08", 8), ("1_000", "1_000"),
        ("0o17", 15), ("0o18", "0o18"), ("-0o17", "-0o17"), ("0x1F", 31), ("0xfg", "0xfg"),
        ("-0x1F", "-0x1F"), ("0b11", "0b11"),
        ("1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("5.", 5.0), ("1e3", 1000.0), ("12e03", 12000.0),
        ("1.e+3", 1000.0), ("1e", "1e"), (".", "."), ("+", "+"), ("-", "-"), ("e3", "e3"),
        (".inf", INF), ("+.INF", INF), ("-.Inf", -INF), (".iNF", ".iNF"), ("inf", "inf"),
        ("nan", "nan"), ("1e999", INF), ("-1e999", -INF),
        ("12:30", "12:30"), ("190:20:30", "190:20:30"), ("2026-11-24", "2026-11-24"),
        ("1.2.3", "1.2.3"), ("+44 20", "+44 20"), ("0.1 ", "0.1 "), ("=", "="), ("<<", "<<"),
        ("999999999999999999", 999999999999999999), ("1" * 19, float("1" * 19)),
        ("9" * 5000, INF), ("-" + "9" * 5000, -INF), ("+" + "9" * 5000, INF),
        ("0x" + "f" * 5000, INF), ("0o" + "7" * 5000, INF), ("0x" + "f" * 16, 2**64 - 1),
    ],
)  # fmt: skip
def test_plain(text: str, value: object) -> None:
    found = plain(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number() -> None:
    found = plain(".NaN")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    "text", ["TODO", "todo", "Tbd", "FIXME", "???", "n/a", "N/A", "-", "", "  "]
)
def test_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["TODO: ask", "TODO.", "????", "none", "--", "x", "fixmes", "      "]
)
def test_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)
