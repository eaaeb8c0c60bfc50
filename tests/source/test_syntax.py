"""What is said of a text that is not YAML: where the slip is, what it is, and what to write."""

import pytest

from registry.source.composer import compose
from registry.source.syntax import Stumble, explained
from registry.span import Position

SLIPS = [
    ("a:\n\tb: c\n", (2, 1), "a tab in the indentation, where only spaces may stand"),
    ("a:\n-\tb\n", (2, 2), "a tab, where only spaces may stand"),
    ("a: 1\n<<<<<<< HEAD\nb: 2\n", (2, 1), "a merge conflict is not resolved"),
    ("{% if x %}\n", (1, 2), "a line of a template"),
    ("a: @ana\n", (1, 4), "a text that begins with `@` needs quotes"),
    ("a: `x`\n", (1, 4), "a text that begins with a backtick needs quotes"),
    ("a: *.yaml\n", (1, 4), "a text that begins with `*` needs quotes"),
    ("a: > 5\n", (1, 4), "a text that begins with `>` needs quotes"),
    ("a:\n  b:Shop\n  c: d\n", (2, 3), "`b:` has no space after its colon"),
    ("a:\n  b: 1\n    c: 2\n", (3, 6), "this line is indented below one that has its value"),
    ("a:\n  foo\n  bar: 1\n", (2, 3), "`foo` is no `key: value`"),
    ("a: 1\nfoo\nb: 1\n", (2, 1), "`foo` is no `key: value`"),
    ('a: "b\nc: d\n', (1, 4), "a quote that opens here is not closed"),
    ('a: "C:\\dir"\n', (1, 7), "a backslash in double quotes begins an escape"),
    ("a: 'it's'\n", (1, 8), "the text goes on after its closing `'`"),
    ('a: "b" c\n', (1, 8), 'the text goes on after its closing `"`'),
    ("a: {b: c, d: e\nb: c\n", (1, 4), "the `{` that opens here is not closed"),
    ("a: [b, c\n", (1, 4), "the `[` that opens here is not closed"),
    # the text ends: the innermost that is open is named, where it opens
    ("a: [", (1, 4), "the `[` that opens here is not closed"),
    ("a: 1\nb: [\n", (2, 4), "the `[` that opens here is not closed"),
    ("a: {\n\n# done\n", (1, 4), "the `{` that opens here is not closed"),
    ("a: {b: [1, 2", (1, 8), "the `[` that opens here is not closed"),
    ("a: [[1], {b: c},", (1, 4), "the `[` that opens here is not closed"),
    ("a: [{\n", (1, 5), "the `{` that opens here is not closed"),
    ("a: [1, # ]\n", (1, 4), "the `[` that opens here is not closed"),
    ("a: ['[', \"{\", it's\n", (1, 4), "the `[` that opens here is not closed"),
    ("- é: {b:", (1, 6), "the `{` that opens here is not closed"),
    ("a: {b: [1, 2}", (1, 13), "a comma or a `]` is missing here"),
    ("a: ]\n", (1, 4), "a `]` that closes nothing"),
    # at the end, and something else than a bracket
    ("a: [&", (1, 6), "did not find expected alphabetic or numeric character"),
    ("%YAML 1.2\n", (2, 1), "did not find expected <document start>"),
    ("a: {b: c d: e}\n", (1, 11), "a comma or a `}` is missing here"),
    ("a: {b: c}}\n", (1, 10), "a `}` that closes nothing"),
    ("a:\n  - b\n  c: d\n", (3, 3), "a key among the items of a list"),
    ("a:\n  c: d\n  - b\n", (3, 3), "an item of a list among the keys of a mapping"),
    ("a:\n   b: 1\n  c: 2\n", (3, 3), "the indentation of this line fits none"),
    ("a: b: c\n", (1, 5), "a text with `: ` in it needs quotes"),
    ("a: *b\n", (1, 4), "the alias `*b` has no anchor"),
]


@pytest.mark.parametrize(("text", "at", "message"), SLIPS)
def test_a_slip_is_named_where_it_is(text: str, at: tuple[int, int], message: str) -> None:
    (found,) = compose(text.encode(), "a.yaml").problems
    assert found.primary.at.start == at
    assert message in found.message


HELPS = [
    ("a:\n  definition: Share: of answers\n", '`definition: "Share: of answers"`'),
    ("a:\n  b:Shop\n  c: d\n", "write `b: Shop`"),
    ("a: @ana\n", '"@ana"'),
    ('a: @b"c"\n', "'@b\"c'"),
    ("a: {{ team }}\n", "a template is not filled in here"),
    ("a: {[b]: c}\n", "write a name as the key"),
]


@pytest.mark.parametrize(("text", "help_"), HELPS)
def test_what_to_write_is_shown(text: str, help_: str) -> None:
    assert help_ in compose(text.encode(), "a.yaml").problems[0].help


def test_what_nobody_explains_is_told_in_the_parsers_words() -> None:
    slip = explained(Stumble("something else", Position(1, 1), None, ["a: b"]))
    assert slip.message == "something else"
    lonely = Stumble("mapping values are not allowed here", Position(1, 1), None, [": x"])
    assert explained(lonely).message == "mapping values are not allowed here"
