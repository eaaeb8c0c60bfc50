"""Paths, patterns and schemas that a registry names: nothing outside its root is ever opened."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.source.composer import compose
from tests.conftest import HOSTILE, sizes, thirds
from tests.hostile.cage import Cage
from tests.hostile.conftest import AT, MANIFEST, Checked
from tests.hostile.special import make_special

LEAKS = ("root:x:", "daemon:", "localhost", "PATH=")


def paths() -> list[str]:
    """Read the paths of the hostile file."""
    data = compose((HOSTILE / "p01_path_traversal.yaml").read_bytes(), "p01").data
    assert data is not None
    return [*data["includes"], data["runbook"]]


OUTSIDE = [
    "../../../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "~/.ssh/id_rsa",
    "C:\\Windows\\win.ini", "\\\\server\\share\\x", "a/../../x.yaml", "/dev/zero",
    "/proc/self/environ", "http://169.254.169.254/latest/meta-data/",
    "ext::sh -c touch% /tmp/opmodel_pwned", "../../../../etc/hosts",
]  # fmt: skip
"""Those of them that lead out of the root, or are no path at all."""


def test_the_table_is_that_of_the_file() -> None:
    assert set(OUTSIDE) < set(paths())


def test_include_and_exclude(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    for field in ("include", "exclude"):
        lines = "".join(f"  - {json.dumps(one)}\n" for one in paths())
        found = check(registry({}, MANIFEST + f"{field}:\n{lines}".encode()))
        wrong = [path for path in paths() if path in OUTSIDE]
        codes = [code for code, _ in found.findings]
        assert codes == ["OM006"] * len(wrong)
        assert not any(leak in found.outcome.output for leak in LEAKS)


def test_a_pattern_that_matches_nothing(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    inside = [path for path in paths() if path not in OUTSIDE]
    lines = "".join(f"  - {json.dumps(one)}\n" for one in [*inside, "**/*.yaml"])
    found = check(registry({"a.yaml": b"x-a: b\n"}, MANIFEST + f"include:\n{lines}".encode()))
    assert [code for code, _ in found.findings] == ["OM016"] * (len(inside) + 1)


@pytest.mark.parametrize("path", thirds(OUTSIDE))
def test_policy(path: str, registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    found = check(registry({}, MANIFEST + f"policy: {json.dumps(path)}\n".encode()))
    assert found.findings == [("OM006", 6)]
    assert not any(leak in found.outcome.output for leak in LEAKS)


@pytest.mark.parametrize(
    "path", thirds([*OUTSIDE, "./%2e%2e/x.yaml", "x.yaml\0.md", "-rf", "$(touch x)"])
)
def test_extends_and_extensions(
    path: str, registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    pack = f"extends: {json.dumps(path)}\n".encode()
    found = check(registry({"policies/own.yaml": pack}, MANIFEST + b"policy: policies/own.yaml\n"))
    assert {code for code, _ in found.findings} <= {"OM006", "OM014"}
    assert ("OM006", 1) in found.findings
    pack = f"extensions: {{people: {json.dumps(path)}}}\n".encode()
    found = check(registry({"policies/own.yaml": pack}, MANIFEST + b"policy: policies/own.yaml\n"))
    assert ("OM006", 1) in found.findings
    assert not any(leak in found.outcome.output for leak in LEAKS)


def test_packs_that_extend_each_other(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    packs = {"policies/a.yaml": b"extends: b.yaml\n", "policies/b.yaml": b"extends: a.yaml\n"}
    found = check(registry(packs, MANIFEST + b"policy: policies/a.yaml\n"))
    assert found.places == [("OM006", "policies/b.yaml", 1)]
    assert "a.yaml -> policies/b.yaml -> policies/a.yaml" in found.outcome.output
    own = check(
        registry({"policies/a.yaml": b"extends: a.yaml\n"}, MANIFEST + b"policy: policies/a.yaml\n")
    )
    assert own.places == [("OM006", "policies/a.yaml", 1)]


def test_references_are_names(registry: Callable[..., Path], check: Callable[..., Checked]) -> None:
    head = "metrics:\n  m: {bucket: cost, response: page}\nalerts:\n"
    alerts = [
        f"  a{n}: {{metric: m, severity: sev1, response: page, runbook: {json.dumps(path)}}}\n"
        for n, path in enumerate(paths())
    ]
    found = check(registry({"a.yaml": (head + "".join(alerts)).encode()}))
    assert [line for _, line in found.findings] == list(range(4, 4 + len(alerts)))
    assert {code for code, _ in found.findings} == {"OM007"}
    assert not any(leak in found.outcome.output for leak in LEAKS)


@pytest.mark.parametrize("link", ["policies", "policies/deep"])
def test_nothing_is_opened_beyond_a_linked_folder(
    link: str, tmp_path: Path, registry: Callable[..., Path], cage: Cage
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "own.yaml").write_text("canary-of-the-outside: [\n")
    inside = tmp_path / "registry"
    (inside / link).parent.mkdir(parents=True, exist_ok=True)
    (inside / link).symlink_to(outside)
    (inside / "opmodel.yaml").write_bytes(MANIFEST + f"policy: {link}/own.yaml\n".encode())
    outcome = cage.run(inside, "check", ".", *AT)
    assert outcome.exit == 2
    assert "canary" not in outcome.errors + outcome.output
    assert outcome.forbidden == []


def test_globs_run_in_linear_time(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    deep = "/".join("a" * 30) + "/" + "a" * 120 + ".yaml"
    globs = ["**/" * 30 + "b", "*a" * 40 + "b", "**/a/" * 20 + "**/b", "*" * 3000, "?" * 900]
    lines = "".join(f"  - '{one}'\n" for one in globs).encode()
    files = {deep: b"teams:\n  payments: {name: Payments}\n"}
    found = check(registry(files, MANIFEST + b"exclude:\n" + lines))
    assert found.findings == []
    assert found.report["summary"]["entities"] == 2


def test_patterns_of_a_schema_run_in_linear_time(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    data = compose((HOSTILE / "r01_redos.yaml").read_bytes(), "r01").data
    assert data is not None
    *linear, too_large = data["redaction"]["patterns"]
    samples = data["redaction"]["samples"]
    people = "".join(
        f"  p{n}: {{name: P, x-a: {json.dumps(one)}, x-b: {{{json.dumps(one)}: 1}}}}\n"
        for n, one in enumerate(samples)
    )
    files = {"people.yaml": f"people:\n{people}".encode()}
    manifest = MANIFEST + b"policy: policies/own.yaml\n"
    files["policies/own.yaml"] = b"extensions: {people: schemas/people.json}\n"
    own = {"patternProperties": dict.fromkeys(linear[:4], {}), "additionalProperties": False}
    schema = {"properties": {"x-a": {"allOf": [{"pattern": one} for one in linear]}, "x-b": own}}
    files["schemas/people.json"] = json.dumps(schema).encode()
    found = check(registry(files, manifest))
    assert found.findings != []
    assert {place[:2] for place in found.places} == {("OM006", "people.yaml")}
    schema = {"properties": {"x-a": {"pattern": too_large}}}
    files["schemas/people.json"] = json.dumps(schema).encode()
    found = check(registry(files, manifest))
    assert found.places == [("OM006", "policies/own.yaml", 1)]
    assert "no pattern of RE2" in found.outcome.output


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://169.254.169.254/latest/meta-data/"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#"},
        {"unevaluatedProperties": False},
        {"properties": {"x-a": {"pattern": "\x1b[2J("}}},
        {
            "$defs": {
                f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)
            } | {"d40": {}},
            "$ref": "#/$defs/d0",
        },
    ],
)  # fmt: skip
def test_a_schema_that_attacks(
    schema: object, registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    files = {
        "people.yaml": b"people:\n  tom: {name: Tom Reyes, x-a: b}\n",
        "policies/own.yaml": b"extensions: {people: schemas/people.json}\n",
        "schemas/people.json": json.dumps(schema).encode(),
    }
    found = check(registry(files, MANIFEST + b"policy: policies/own.yaml\n"))
    assert found.places == [("OM006", "policies/own.yaml", 1)]
    assert found.outcome.errors.count("\n") <= 1


SPECIAL = {
    "sp_symlink_out.yaml": "OM013", "sp_symlink_loop_a.yaml": "OM013",
    "sp_symlink_loop_b.yaml": "OM013", "sp_symlink_chain.yaml": "OM013", "sp_link2.yaml": "OM013",
    "sp_dangling.yaml": "OM013", "sp_dev_zero.yaml": "OM013", "sp_proc.yaml": "OM013",
    "sp_dir.yaml": "OM013", "sp_fifo.yaml": "OM013", "sp_socket.yaml": "OM013",
    "sp_dir_symlink/": "OM013",
    "nl\\nOK all fine.yaml": "OM014", "esc\\x1b[2K.yaml": "OM014", "bad\\xff\\xfe.yaml": "OM014",
}  # fmt: skip


def test_special_files(
    tmp_path: Path, registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    root = registry({})
    make_special(root)
    team = 0
    for path in root.iterdir():
        if path.is_file() and not path.is_symlink() and path.name != "opmodel.yaml":
            team += 1
            path.chmod(0o600)
            path.write_text(f"teams:\n  t{team}: {{name: Team}}\n")
    found = check(root)
    assert {path: code for code, path, _ in found.places} == SPECIAL
    assert len(found.places) == len(SPECIAL)
    assert not any(leak in found.outcome.output for leak in LEAKS)
    # Hidden, and in capitals (`*.yaml` is exact): named, not read.
    assert [one["path"] for one in found.report["summary"]["skipped_files"]] == [
        ".hidden.yaml",
        "UPPER.YAML",
    ]
    assert found.report["summary"]["entities"] == 1 + team - len([".hidden", "x~", "UPPER"])


def test_special_files_alone_are_not_fine(
    tmp_path: Path, registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    root = registry({}, b"opmodel: 1\nname: hostile\nstage: poc\ninclude: ['sp_*']\n")
    make_special(root)
    (root / "sp_unreadable.yaml").unlink()
    found = check(root)
    assert {code for code, _ in found.findings} == {"OM013"}


def test_a_large_file_is_not_read(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    root = registry({"big.yaml": b"teams:\n  a: {name: A}\n"})
    with (root / "big.yaml").open("r+b") as file:
        file.truncate(200 * 1024 * 1024)
    found = check(root, seconds=2)
    assert found.places == [("OM013", "big.yaml", 1)]
    assert "larger than 16 MB" in found.outcome.output


@pytest.mark.parametrize("files", sizes(1_000, 20_000))
def test_thousands_of_files_and_a_hundred_folders_deep(
    registry: Callable[..., Path], check: Callable[..., Checked], files: int
) -> None:
    root = registry({})
    deep = root.joinpath(*["d"] * 100)
    deep.mkdir(parents=True)
    (deep / "deep.yaml").write_text("teams:\n  deep: {name: Deep}\n")
    (root / "many").mkdir()
    for n in range(files):
        (root / "many" / f"f{n:05}.yaml").write_text(f"teams:\n  t{n:05}: {{name: T}}\n")
    found = check(root, seconds=20, both=False)
    assert found.findings == []
    assert found.report["summary"]["entities"] == files + 2


def test_no_report_repeats_a_verdict(
    registry: Callable[..., Path], check: Callable[..., Checked]
) -> None:
    root = registry({})
    (root / "x\n0 errors, 0 warnings.yaml").write_text("teams:\n  a: {name: A}\n")
    found = check(root)
    assert len(re.findall(r"(?m)^\d+ errors?,", found.outcome.output)) == 1
