"""The explanation of a rule: settings as a policy writes them, and examples of any size."""

from collections.abc import Iterator

import pytest

from registry.checks import explain
from registry.checks.catalogue import rules
from registry.checks.rule import Context, Rule, rule
from registry.diagnostic import Diagnostic


def _check(context: Context) -> Iterator[Diagnostic]:
    yield from ()


MADE = rule(
    "zz900_made_up",
    "A rule of this test.\n\nWhy: to see.\n\nMend: nothing.",
    "· I W",
    _check,
    settings=("retention", "required_reviews", "max_paging_share", "required_layers"),
)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let `MADE` be found, with these files as its examples."""
    made: dict[str, str] = {}

    def find(name: str, among: object = None) -> Rule:
        assert name == MADE.code
        return MADE

    def listing(folder: str) -> list[str]:
        names = (path.removeprefix(f"{folder}/") for path in made if path.startswith(folder))
        return sorted(names)

    monkeypatch.setattr(explain, "find", find)
    monkeypatch.setattr(explain, "listing", listing)
    monkeypatch.setattr(explain, "shipped", lambda folder, name: made[f"{folder}/{name}"].encode())
    return made


def test_settings_are_as_a_policy_writes_them(files: dict[str, str]) -> None:
    text = explain.explain("ZZ900")
    assert "Severity: off in poc, info in pilot, warning in production." in text
    assert "  max_paging_share: 0.5\n" in text
    whole = " ".join(text.split())
    assert "required_reviews: {} in poc; {behavioural: 1w} in pilot; {triage: 1d," in whole
    assert "retention: {traces: {min: 14d, max: 30d}, metrics: {min: 180d," in whole
    assert "required_layers: [prompt-content, retrieval," in whole
    assert max(map(len, text.splitlines())) <= explain.WIDTH


def test_without_examples_it_ends_with_the_words(files: dict[str, str]) -> None:
    assert "An example" not in explain.explain("ZZ900")


def test_examples_of_any_size_and_content(files: dict[str, str]) -> None:
    bad, good = "tests/checks/rules/ZZ900/bad", "tests/checks/rules/ZZ900/good"
    files[f"{bad}/opmodel.yaml"] = "\n".join(f"line: {n}" for n in range(100))
    files[f"{bad}/odd\u202e.yaml"] = "a: \x1b[31m\u200b\n"
    files[f"{bad}/expected.txt"] = "error[ZZ900] made-up: " + "word " * 40 + "\n\nb\n"
    files[f"{good}/opmodel.yaml"] = "fine: true\n"
    text = explain.explain("ZZ900")
    assert "    # ---- opmodel.yaml\n    line: 0\n" in text
    assert "    # … and 20 more lines\n" in text
    assert "    # ---- odd\\u202e.yaml\n    a: \\x1b[31m\\u200b\n" in text
    assert "    (and one more like it)\n" in text
    assert text.endswith("And without it:\n\n    fine: true\n")
    assert max(map(len, text.splitlines())) <= explain.WIDTH


def test_every_rule_reads_settings_that_exist() -> None:
    for one in rules().values():
        assert set(explain.defaults(one)) == set(one.settings)
