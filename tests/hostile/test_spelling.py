"""What YAML 1.1 and 1.2 read differently: a text keeps its spelling, all else is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.model.people import Person
from registry.workspace.load import load
from tests.conftest import HOSTILE
from tests.hostile.conftest import Checked

EMPTY = {"~", "Null", ""}


def traps() -> Iterator[tuple[str, str]]:
    """Yield each value of the file of traps as it is written, with its key."""
    lines = (HOSTILE / "y19_yaml11_traps.yaml").read_text("utf-8").splitlines()
    for line in lines:
        key, _, value = line.partition(":")
        yield key, value.strip()


def test_a_text_keeps_its_spelling(registry: Callable[..., Path]) -> None:
    wanted = dict(traps())
    people = [f"  {key}: {{name: X, contact: {{phone: {text}}}}}" for key, text in wanted.items()]
    lines = "people:\n" + "\n".join(people) + "\n"
    loaded = load(str(registry({"people.yaml": lines.encode()})))
    assert loaded.problems == ()
    found = loaded.workspace.all(Person)
    for key, text in wanted.items():
        contact = found[key].contact
        assert contact is not None
        assert contact.phone == (None if text in EMPTY else text), key
    missing = {id_ for (_, id_), places in loaded.workspace.placeholders.items() if places}
    assert missing == {key for key, text in wanted.items() if text in EMPTY}


def wrong_lines(
    lines: dict[str, str],
    section: str,
    registry: Callable[..., Path],
    check: Callable[..., Checked],
) -> set[str]:
    """Check one section of an entity a line; name the lines with an OM006."""
    text = "".join(f"  {line}\n" for line in lines.values())
    found = check(registry({"a.yaml": f"{section}:\n{text}".encode()}), both=False)
    assert {code for code, _ in found.findings} <= {"OM006"}
    return {list(lines)[line - 2] for _, line in found.findings}


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("until: {}", {"day"}, {"bad_day", "stamp", "big", "enabled"}),
        ("timezone: {}", set(), {"country", "mode", "true_", "version"}),
        ("away: [{{from: 2026-01-01, to: {}}}]", {"stamp", "day"}, {"bad_day", "handoff"}),
    ],
)
def test_a_typed_field_refuses(
    field: str,
    right: set[str],
    wrong: set[str],
    registry: Callable[..., Path],
    check: Callable[..., Checked],
) -> None:
    values = dict(traps())
    lines = {key: f"{key}: {{name: X, {field.format(values[key])}}}" for key in right | wrong}
    assert wrong_lines(lines, "people", registry, check) == wrong


def test_no_word_is_a_boolean(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    values = {**dict(traps()), "quoted": "'false'", "plain": "false"}
    keys = ("enabled", "paging", "kill_switch", "answer", "country", "quoted", "plain", "true_")
    lines = {key: f"{key}: {{kind: tool, writes: {values[key]}}}" for key in keys}
    wrong = wrong_lines(lines, "components", registry, check)
    assert wrong == set(keys) - {"plain", "true_"}


def test_a_number_out_of_range_is_refused(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    values = dict(traps())
    values |= {"huge": "1e999", "digits": "9" * 5000, "minus": "-.inf", "hex": "0x" + "f" * 5000}
    right = {"mode", "exp", "dot", "id", "mode12"}
    wrong = {"inf", "big", "handoff", "huge", "digits", "minus", "hex", "bad_day"}
    lines = {key: f"{key}: {{limit: {values[key]}}}" for key in sorted(right | wrong)}
    assert wrong_lines(lines, "budgets", registry, check) == wrong


def test_a_key_or_reference_must_be_text(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    values = dict(traps())
    typed = "mode", "mode12", "id", "exp", "git", "version", "dot", "inf", "nothing", "true_"
    lines = {key: f"{key}: {{name: A, members: [{values[key]}]}}" for key in typed}
    assert wrong_lines(lines, "teams", registry, check) == set(typed)
    lines = {
        key: f"{key}: {{metric: m, severity: sev1, response: page, labels: {{{values[key]}: x}}}}"
        for key in typed
    }
    lines["m"] = "m: {metric: m, severity: sev1, response: page}"
    found = check(
        registry(
            {
                "a.yaml": ("alerts:\n" + "".join(f"  {one}\n" for one in lines.values())).encode(),
                "m.yaml": b"metrics:\n  m: {bucket: cost, response: page}\n",
            }
        )
    )
    assert found.findings == [("OM006", line) for line in range(2, 2 + len(typed))]
    ids = ("country", "enabled", "answer", "big", "bad_octal", "bad_day", "git")
    lines = {key: f"{values[key]}: {{name: A}}" for key in ids}
    # 08 and 12e03 are numbers in the core schema; the others are text in it.
    assert wrong_lines(lines, "people", registry, check) == {"bad_octal", "git"}
