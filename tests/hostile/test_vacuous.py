"""Nothing passes because nothing was looked at: the exit or the counts show it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.cage import Cage
from tests.hostile.conftest import AT, MANIFEST, Checked

BARE = b"opmodel: 1\nname: vacuous\nstage: production\n"
TEAM = b"teams:\n  a: {name: A}\n"


@pytest.mark.parametrize(
    ("manifest", "files", "expected"),
    [
        pytest.param(BARE, {}, [("OM016", "opmodel.yaml")], id="no entity"),
        pytest.param(
            BARE, {"a.yaml": b""}, [("OM016", "a.yaml"), ("OM016", "opmodel.yaml")], id="empty file"
        ),
        pytest.param(
            BARE,
            {"a.yaml": b"# teams:\n#   a: {name: A}\n"},
            [("OM016", "a.yaml"), ("OM016", "opmodel.yaml")],
            id="comments",
        ),
        pytest.param(
            BARE,
            {"a.yaml": b"---\n...\n"},
            [("OM016", "a.yaml"), ("OM016", "opmodel.yaml")],
            id="an empty document",
        ),
        pytest.param(
            BARE,
            {"a.yaml": b"teams:\n"},
            [("OM016", "a.yaml"), ("OM016", "opmodel.yaml")],
            id="an empty section",
        ),
        pytest.param(
            BARE,
            {"a.yaml": b"teams: {}\npeople: TODO\n"},
            [("OM006", "a.yaml")],
            id="a placeholder for a section",
        ),
        pytest.param(
            BARE, {"a.yaml": b"team:\n  a: {name: A}\n"}, [("OM003", "a.yaml")], id="misspelt"
        ),
        pytest.param(
            BARE, {"a.yaml": b"Teams:\n  a: {name: A}\n"}, [("OM003", "a.yaml")], id="in capitals"
        ),
        pytest.param(BARE, {"a.yaml": b"teams: [{id: a}]\n"}, [("OM006", "a.yaml")], id="a list"),
        pytest.param(BARE, {"a.yaml": b"teams: [\n"}, [("OM001", "a.yaml")], id="a syntax error"),
        pytest.param(
            BARE,
            {"a.yaml": b"x-teams:\n  a: {name: A}\n"},
            [("OM016", "a.yaml"), ("OM016", "opmodel.yaml")],
            id="only the user's own keys",
        ),
        pytest.param(
            BARE,
            {"runbooks/a.md": b"Nothing to see.\n"},
            [("OM016", "opmodel.yaml"), ("OM016", "runbooks/a.md")],
            id="a page without a heading",
        ),
        pytest.param(
            BARE + b"include: ['teams/*.yaml']\n",
            {"team/a.yaml": TEAM},
            [("OM016", "opmodel.yaml"), ("OM016", "opmodel.yaml")],
            id="include matches nothing",
        ),
        pytest.param(
            BARE + b"include: []\n", {"a.yaml": TEAM}, [], id="an empty include is the default"
        ),
        pytest.param(
            BARE + b"exclude: ['**']\n",
            {"a.yaml": TEAM},
            [("OM016", "opmodel.yaml")],
            id="all excluded",
        ),
        pytest.param(
            BARE + b"exclude: ['**/*.yaml']\n",
            {"a.yaml": TEAM},
            [("OM016", "opmodel.yaml")],
            id="the manifest excluded too",
        ),
        pytest.param(
            BARE,
            {"policies/a.yaml": TEAM, ".hidden/a.yaml": TEAM, "evals/a.yml": TEAM},
            [("OM016", "opmodel.yaml")],
            id="only places that are not read",
        ),
        pytest.param(
            BARE,
            {"nested/opmodel.yaml": BARE, "nested/a.yaml": TEAM},
            [("OM016", "opmodel.yaml")],
            id="another registry",
        ),
        pytest.param(b"opmodel: 1\n", {"a.yaml": TEAM}, [("OM005", "opmodel.yaml")] * 2, id="half"),
        pytest.param(
            b"", {"a.yaml": TEAM}, [("OM005", "opmodel.yaml")] * 3, id="an empty manifest"
        ),
        pytest.param(
            b"opmodel: 2\nname: a\nstage: prod\n",
            {"a.yaml": TEAM},
            [("OM006", "opmodel.yaml")],
            id="another version and no such stage",
        ),
        pytest.param(
            b"- opmodel: 1\n",
            {"a.yaml": TEAM},
            [("OM006", "opmodel.yaml")],
            id="the manifest a list",
        ),
    ],
)
def test_input(
    manifest: bytes,
    files: dict[str, bytes],
    expected: list[tuple[str, str]],
    registry: Callable[..., Path],
    check: Callable[..., Checked],
) -> None:
    found = check(registry(files, manifest))
    assert sorted((code, path) for code, path, _ in found.places) == sorted(expected)
    assert found.outcome.exit == (1 if expected else 0)


def test_what_is_left_out_is_counted(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    files = {
        "policies/a.yaml": TEAM,
        ".hidden/a.yaml": TEAM,
        "evals/a.yml": TEAM,
        "nested/opmodel.yaml": BARE,
        "nested/a.yaml": TEAM,
        "charts/a.yaml": TEAM,
        "notes/README.md": b"# Nothing\n",
    }
    root = registry(files, MANIFEST + b"exclude: ['charts/**']\n")
    (root / "linked").symlink_to(root / "charts")
    found = check(root)
    assert found.places == [("OM013", "linked/", 1)]
    assert found.report["summary"]["skipped"] == 6
    assert found.report["summary"]["files"] == 1
    assert "(6 skipped)" in found.outcome.output


def test_the_counts_say_what_ran(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    root = registry({})
    every, some = check(root, ""), check(root, "OM201")
    summary = every.report["summary"]
    assert summary["rules_run"] > 60
    assert some.report["summary"]["rules_run"] < 20
    total = summary["rules_run"] + summary["rules_off"]
    assert total == some.report["summary"]["rules_run"] + some.report["summary"]["rules_off"]
    assert {"tzdata", "entities", "files"} < set(summary)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["check", "nowhere"], "nowhere"),
        (["check", ".", "--select", "OM9999"], "OM9999"),
        (["check", ".", "--ignore", "OM001"], "OM001"),
        (["check", ".", "--ignore", "OM0"], "OM001"),
        (["check", ".", "--policy", "strict"], "strict"),
        (["check", ".", "--policy", "absent.yaml"], "absent.yaml"),
        (["check", ".", "--horizon", "soon"], "soon"),
    ],
)
def test_what_cannot_run(
    arguments: list[str], why: str, registry: Callable[..., Path], cage: Cage
) -> None:
    outcome = cage.run(registry({}), *arguments, *AT)
    assert outcome.exit == 2
    assert why in outcome.errors
    assert outcome.output == ""
    assert outcome.errors.count("\n") == 1


def test_no_registry(tmp_path: Path, cage: Cage) -> None:
    outcome = cage.run(tmp_path, "check", ".", *AT)
    assert outcome.exit == 2
    assert "opmodel.yaml" in outcome.errors


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_manifest_that_cannot_be_opened(kind: str, tmp_path: Path, cage: Cage) -> None:
    manifest = tmp_path / "opmodel.yaml"
    if kind == "link":
        manifest.symlink_to("/etc/passwd")
    else:
        manifest.mkdir()
    outcome = cage.run(tmp_path, "check", ".", *AT)
    assert outcome.exit == 2
    assert "root:" not in outcome.errors
    assert outcome.errors.count("\n") == 1
