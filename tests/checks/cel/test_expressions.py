"""What expressions give: values as they are written, CEL's operators, and what is not known."""

from pathlib import Path
from typing import Any

import pytest

from registry.checks.cel.facts import EntityView, UnreadEntity, plain
from registry.checks.cel.operators import index, member
from registry.checks.cel.values import UNKNOWN, FailedError, Length, Meter, Partial, holds, shown
from registry.model.people import Person
from tests.checks.cel.conftest import Ask
from tests.conftest import thirds


@pytest.mark.parametrize(
    "text",
    [
        # the entity as it is written
        "self.owner == 'ada'", "self.id == id", "id == 'late'", "self.decision == 'Whether: a van'",
        "self.definition == null", "self.slices == []",
        "has(self.owner)", "!has(self.definition)", "!has(self.slices)",
        "size(self.fields) == 0", "self.measured.window == '15m' && self.measured.by == null",
        # the sections
        "dashboards.exists(d, id in d.metrics)", "size(people) == 2", "people[0].id == 'ada'",
        "people.map(p, p.name) == ['Ada Lindqvist', 'Ben Ōta']",
        "people.map(p, p.id == 'ben', p.name) == ['Ben Ōta']",
        "people.filter(p, p.id != 'ada')[0].name == 'Ben Ōta'",
        "people.exists_one(p, p.id == self.owner)", "!people.exists_one(p, true)",
        "!people.exists_one(p, false)",
        "people.all(p, p.name.contains(' '))", "!people.all(p, p.id == 'ada')",
        "alerts[0] == alerts[0]", "people[0] != people[1]", "people.filter(p, true) == people",
        "[1].all(x, [2].all(x, x == 2) && x == 1)",
        "stores[0].retention == '30d'",
        # values of one's own
        "people[0]['x-desk'] == '4-117'", "people[0]['x-size'].eu == 40",
        "people[0]['x-size']['eu'] == 40", "'eu' in people[0]['x-size']",
        "!(1 in people[0]['x-size'])", "people[0]['x-absent'] == null",
        "people[0]['x-none'] == null", "people[0]['x-size'].all(key, key == 'eu')",
        # logic: one side that decides is enough, whatever is wrong with the other
        "true || self.owner < 1", "self.owner < 1 || true", "!(false && self.owner < 1)",
        "!(self.owner < 1 && false)", "true ? true : self.owner < 1", "false ? 1 < 'a' : true",
        "[1, 'a'].exists(x, x == 1 || x < 2)", "['a', 1].exists(x, x < 2)",
        "![2, 'a'].all(x, x < 2 && x > 0)",
        # numbers and texts
        "1 + 2 * 3 - 4 == 3", "7 / 2 == 3", "-7 / 2 == -3", "-7 % 2 == -1", "7.0 / 2 == 3.5",
        "1.5e1 == 15", "0x10 == 16", "5u == 5", "-0x10 == -16", "- (1) == -1", "-1.5 < 0",
        "'a' + 'b' == 'ab'", "[1] + [2] == [1, 2]", "'a' < 'b'", "2 >= 2 && 2 <= 2 && 2 > 1",
        "true != false", "1 != true", "!(1 == true)", "1 == 1.0", "null == null", "'1' != 1",
        "[1] != [true]", "1 in [1, 2]", "!(true in [1])", "'a' in ['a']", "!('b' in ['a'])",
        "size('Ōta') == 3", "'Ōta'.size() == 3", "'abc'.startsWith('a') && 'abc'.endsWith('c')",
        "'ABC'.lowerAscii() == 'abc'", "'abc'.matches('^a.c$')", "matches('abc', 'b')",
        "string(1) == '1'", "string(true) == 'true'", "string(false) == 'false'", "int('7') == 7",
        "int(7.9) == 7", "double('1.5') == 1.5", "double(1) == 1.0",
        "duration('15m') < duration('1h') && duration('60m') == duration('1h')",
        "duration('1h') + duration('1h') == duration('2h')",
        "duration('2h') - duration('1h') >= duration('1h')", "duration('1h') != 3600000",
        "duration(severities[0].respond_within) <= duration('15m')",
        # literals
        r"'\n\t\\\'' == '''\n\t\\\''''", r"r'\d' == '\\d'", r"'\x41\u0041\U00000041\101' == 'AAAA'",
        '"""a\nb""" == "a\\nb"', "true // and no more", "''.size() == 0", "'\\\"' == '\"'",
    ],
)  # fmt: skip
def test_true(ask: Ask, text: str) -> None:
    assert ask(text) is True


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("self.decision.unit == 1", "`.unit` asks for a mapping; this is a text"),
        ("people[0]['x-size'].us == 1", "the mapping has no key `us`"),
        ("people[0]['nam'] == 1", "there is no field `nam`: `name`?"),
        ("people[0]['zzzzzz'] == 1", "there is no field `zzzzzz`"),
        ("people[2].id == 'x'", "the list has no item 2: it has 2"),
        ("people[true].id == 'x'", "by its number, not by a true or false"),
        ("self[1] == 'x'", "a key is a text; this is a number"),
        ("self.owner < 1", "`<` does not go between a text and a number"),
        ("self.owner + 1 == 1", "`+` does not go between a text and a number"),
        ("self.owner - 1 == 1", "`-` does not go between a text and a number"),
        ("true * 2 == 2", "`*` does not go between a true or false and a number"),
        ("1 / 0 == 1", "`/` by nought"),
        ("1 % 0 == 1", "`%` by nought"),
        ("1.0 / 0 == 1.0", "`/` by nought"),
        ("9223372036854775807 + 1 > 0", "`+` leaves the whole numbers of 64 bits"),
        ("1.0e308 * 10 * 9223372036854775807 > 0", None),
        ("-self.owner == 1", "`-` asks for a number; this is a text"),
        ("!self.owner", "`!` asks for true or false; this is a text"),
        ("self.owner ? true : false", "`? :` asks for true or false; this is a text"),
        ("self.owner || false", "`||` asks for true or false; this is a text"),
        ("1 in self.owner", "`in` asks for a list on its right; this is a text"),
        ("self.owner.all(x, true)", "`all` asks for a list; this is a text"),
        ("people.exists(p, p.name)", "`exists` asks for true or false; this is a text"),
        ("people.filter(p, p.name) == []", "`filter` asks for true or false; this is a text"),
        ("people.exists_one(p, p.name < 1)", "`<` does not go between a text and a number"),
        ("self.definition.startsWith('a')", "`startsWith` does not take null"),
        ("int('x') == 1", "`x` is no whole number"),
        ("int(1e300) == 1", "the number leaves the whole numbers of 64 bits"),
        ("double('x') == 1.0", "`x` is no number"),
        ("duration('soon') == duration('1h')", "`soon` is no duration: expected a duration"),
        ("'a'.matches('(')", "`(` is no pattern of RE2"),
        ("people[0]['x-desk']", "it gives a text, not true or false"),
        ("people[0]['x-none']", "it gives null, not true or false"),
        ("people[0]['x-size']", "it gives a mapping, not true or false"),
    ],
)
def test_failure(ask: Ask, text: str, says: str | None) -> None:
    found = ask(text)
    assert found is True if says is None else says in str(found)


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        # `lost` has a placeholder for an owner, and a decision that did not load
        ("self.owner != null", "unknown"), ("self.decision != null", "unknown"),
        ("self.bucket == 'cost'", True), ("has(self.owner)", "unknown"),
        ("self.owner == 'ada' || true", True), ("self.owner == 'ada' && true", "unknown"),
        ("true && self.owner == 'ada'", "unknown"), ("self.owner == 'ada' && false", False),
        ("!(self.owner == 'ada')", "unknown"), ("self.owner == 'ada' ? true : false", "unknown"),
        ("-size(self.owner) < 0", "unknown"), ("self.owner.startsWith('a')", "unknown"),
        ("self.owner[0] == 1", "unknown"), ("[self.owner] == []", "unknown"),
        ("self.owner.x == 1", "unknown"), ("self.owner.all(x, true)", "unknown"),
        ("self.owner.map(x, x) == []", "unknown"), ("self.owner in people.map(p, p.id)", "unknown"),
        # `odd` did not load: it is one of the metrics, and what is in it is not known
        ("metrics.exists(m, m.bucket == 'cost')", True),
        ("metrics.exists(m, m.bucket == 'safety')", "unknown"),
        ("metrics.exists(m, m.id == 'odd')", True), ("metrics.all(m, m.id != 'odd')", False),
        ("metrics.all(m, m.bucket != 'safety')", "unknown"),
        ("metrics.exists_one(m, m.bucket == 'cost')", "unknown"),
        ("metrics.exists_one(m, m.bucket == 'quality')", False),
        ("size(metrics) == 4", True),
        ("size(metrics.filter(m, m.bucket == 'cost')) == 1", "unknown"),
        ("'cost' in metrics.map(m, m.bucket)", True),
        ("'safety' in metrics.map(m, m.bucket)", "unknown"),
        ("metrics.map(m, m.bucket)[0] == 'quality'", True),
        ("metrics.map(m, m.bucket)[3] == 'quality'", "unknown"),
        ("(metrics.map(m, m.bucket) + [])[3] == 'quality'", "unknown"),
        ("([] + metrics.map(m, m.bucket))[3] == 'quality'", "unknown"),
    ],
)  # fmt: skip
def test_what_is_not_known(ask: Ask, text: str, gives: Any) -> None:
    assert ask(text, "lost") == gives


def test_of_a_file_that_was_not_read_anything_may_be_missing(ask: Ask, tmp_path: Path) -> None:
    asked = ["size(people) == 2", "people.exists(p, p.id == 'cyd')", "'ada' in people.map(p, p.id)"]
    assert [ask(text) for text in asked] == [True, False, True]
    (tmp_path / "people.yaml").write_text("people: {cyd: {name: Cyd", "utf-8")
    assert [ask(text) for text in asked] == ["unknown", "unknown", True]
    assert ask("people[2].id == 'cyd'") == "unknown"
    assert ask("people.all(p, p.id != 'ada')") is False


def test_a_failure_counts_before_what_is_not_known(ask: Ask) -> None:
    assert ask("metrics.exists(m, m.bucket < 1)", "lost").startswith("`<` does not go")


def test_views_are_equal_where_they_are_the_same_entity() -> None:
    one, other = Person(name="Ada"), Person(name="Ada")
    assert EntityView(one, ("people", "a")) != EntityView(other, ("people", "b"))
    assert EntityView(one, ("people", "a")) == EntityView(other, ("people", "a"))
    assert EntityView(one) == EntityView(other)
    assert len({EntityView(one, ("people", "a")), EntityView(one, ("people", "a"))}) == 1
    assert EntityView(one) != one
    assert UnreadEntity("people", "a").get("name") is UNKNOWN
    assert plain({"a": (one.name,)}) == {"a": ["Ada"]}


def test_values_in_messages() -> None:
    given = [None, [], True, False, ["a", 1], list("abcdefghijkl"), 1.5, Length(1)]
    assert [shown(one) for one in given] == [
        "nothing", "nothing", "true", "false", "a, 1",
        "a, b, c, d, e, f, g, h, i, j … (12 items)", "1.5", "a duration",
    ]  # fmt: skip
    assert len({Length(1), Length(1)}) == 1


def test_a_part_of_a_list_that_was_not_read() -> None:
    meter = Meter()
    meter.begin(0)
    assert holds("a", Partial(["a"]), meter) is True
    assert holds("b", Partial(["a"]), meter) is UNKNOWN
    assert index(Partial(["a"]), 1) is UNKNOWN
    with pytest.raises(FailedError, match="asks for a mapping; this is a list"):
        member([], "a")


@pytest.mark.parametrize(
    "row",
    thirds([
        ("&&".join(["true"] * 600), True),
        ("&&".join(["true"] * 600) + "&& false", False),
        ("||".join(["false"] * 500), False),
        ("||".join(["false"] * 500) + "|| true", True),
        ("+".join("1" * 1_900) + " == 1900", True),
        ("1900" + "-1" * 1_900 + " == 0", True),
        ("+".join(["'a'"] * 700) + f" == '{'a' * 700}'" , True),
        ("*".join("1" * 1_900) + " == 1", True),
        ("(" * 50 + "1" + "+1)" * 50 + " == 51", True),
        ("false ? false : " * 240 + "true", True),
        ("size([" + ",".join("1" * 1_900) + "]) == 1900", True),
    ]),
    ids=lambda row: row[0][:8],
)  # fmt: skip
def test_a_row_however_long_is_no_nesting(ask: Ask, row: tuple[str, bool]) -> None:
    text, wanted = row
    assert ask(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # as two and two, from the left: one that decides is enough, wherever it stands
        ("self.owner < 1 || false || true", True), ("false || self.owner < 1 || true", True),
        ("true || self.owner < 1 || false", True), ("true && self.owner < 1 && false", False),
        ("self.owner < 1 && true && false", False),
        # what fails is told where none decides, what is not known otherwise
        ("false || self.owner < 1 || false", "`<` does not go between a text and a number"),
        ("self.owner < 1 || false || self.unit == 's'", "`<` does not go between a text and a number"),
        ("1 || self.owner < 1 || false", "`<` does not go between a text and a number"),
        ("self.owner < 1 || 1 || false", "`||` asks for true or false; this is a number"),
        ("true && 1 && true", "`&&` asks for true or false; this is a number"),
        # a row of operators goes from the left, signs of one rank mixed
        ("10 - 4 - 3 == 3", True), ("2 + 3 - 4 + 5 == 6", True), ("100 / 5 * 2 % 7 == 5", True),
        ("10 - (4 - 3) == 9", True), ("1 + 2 * 3 == 7", True),
        ("'a' + 'b' + 1 == 'ab1'", "`+` does not go between a text and a number"),
        # conditions
        ("false ? 1 : true ? self.owner == 'ada' : 3", True),
        ("true ? false : self.owner < 1 ? true : true", False),
        ("(false ? true : false) ? false : true", True),
        ("1 ? true : true", "`? :` asks for true or false; this is a number"),
    ],
)  # fmt: skip
def test_a_row_is_as_its_pairs_are(ask: Ask, text: str, wanted: object) -> None:
    assert ask(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("self.decision == 'ada' || false || true", True), ("false || self.decision == 'ada' || false", "unknown"),
        ("true && self.decision == 'ada' && true", "unknown"), ("true && self.decision == 'ada' && false", False),
        ("self.decision + 'a' + 'b' == 'b'", "unknown"),
        ("false ? true : self.decision == 'ada' ? true : false", "unknown"),
    ],
)  # fmt: skip
def test_a_row_with_what_is_not_known(ask: Ask, text: str, wanted: object) -> None:
    assert ask(text, "lost") == wanted
