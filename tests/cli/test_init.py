"""`opmodel init`: what it writes is clean, says what is invented, and overwrites nothing."""

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from registry.model.fields import fields
from registry.model.format import MANIFEST, PROFILES, STAGES
from registry.model.manifest import Manifest
from registry.model.policy import PolicyFile
from registry.model.sections import SECTIONS
from registry.schemas import schemas
from registry.workspace.policy import builtin
from tests.cli.conftest import AT, Run
from tests.conftest import thirds


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.no_cover
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "days",
    thirds([
        (AT, AT),
        (AT, "2026-12-19T09:00:00Z"),
        ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"),  # a Monday, before its handoff
        ("2028-02-29T23:59:00Z", "2028-02-29T23:59:00Z"),
    ]),
    ids=" ".join,
)  # fmt: skip
def test_every_starter_checks_clean_for_a_month(
    run: Run, stage: str, profile: str, days: tuple[str, str]
) -> None:
    made, checked = days
    ran = run("init", "ours", "--stage", stage, "--profile", profile, "--at", made)
    assert ran.code == 0
    ran = run("check", "ours", "--at", checked, "--fail-on", "info")
    assert ran.out.startswith("0 errors, 0 warnings, 0 info, ")
    assert f", stage {stage}" in ran.out
    assert ran.code == 0


@pytest.mark.parametrize(
    ("stage", "profile", "later"),
    [
        ("poc", "ai", "2027-02-20T09:00:00Z"),
        ("pilot", "ai", "2026-12-22T09:00:00Z"),
        ("production", "ai", "2026-12-22T09:00:00Z"),
        ("poc", "service", "2026-12-22T09:00:00Z"),
        ("production", "service", "2026-12-22T09:00:00Z"),
    ],
)
def test_a_starter_that_nobody_filled_in_does_not_pass_for_ever(
    run: Run, stage: str, profile: str, later: str
) -> None:
    run("init", "ours", "--stage", stage, "--profile", profile, "--at", AT)
    ran = run("check", "ours", "--at", later, "--fail-on", "warning")
    assert ran.code == 1
    assert "OM110" in ran.out


def test_begins_here_with_a_proof_of_concept_today(run: Run) -> None:
    ran = run("init")
    assert ran.code == 0
    assert "`opmodel check` says what breaks while you fill it in." in ran.out
    assert run("check", "--fail-on", "info").code == 0
    assert "stage: poc" in Path(MANIFEST).read_text("utf-8")


def test_leaves_no_word_of_the_template(run: Run) -> None:
    for stage in STAGES:
        run("init", stage, "--stage", stage)
        run("init", f"{stage}/service", "--stage", stage, "--profile", "service")
        for text in _files(Path(stage)).values():
            assert "TODAY" not in text
            assert "MONDAY" not in text
            assert "STAGE" not in text
            assert "#>" not in text
            assert "#<" not in text


@pytest.mark.no_cover
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("stage", STAGES)
def test_every_field_that_is_written_has_a_comment_of_the_model(
    run: Run, stage: str, profile: str
) -> None:
    run("init", "ours", "--stage", stage, "--profile", profile, "--at", AT)
    told = {name: text for name, text in _files(Path("ours")).items() if name.endswith(".yaml")}
    for name, text in told.items():
        said = " ".join(line.strip().lstrip("# ") for line in text.splitlines())
        for section, content in (YAML(typ="safe").load(text) or {}).items():
            if section in SECTIONS:
                known = fields(SECTIONS[section].model)
                written = [content] if SECTIONS[section].single else content.values()
                for field in {field for one in written for field in one}:
                    assert f"{known[field].info.description}" in said, (name, section, field)
            else:
                known = fields(PolicyFile if name.startswith("policies/") else Manifest)
                assert f"{known[section].info.description}" in said, (name, section)


@pytest.mark.no_cover
@pytest.mark.parametrize("stage", thirds(STAGES))
def test_an_editor_finds_the_schema_that_a_file_names(run: Run, stage: str) -> None:
    run("init", "ours", "--stage", stage)
    for name, text in _files(Path("ours")).items():
        if name.endswith(".yaml"):
            way = text.partition("\n")[0].removeprefix("# yaml-language-server: $schema=")
            schema = (Path("ours", name).parent / way).resolve()
            assert schema.name in schemas()
            assert schema.read_text("utf-8") == schemas()[schema.name]
            checked = run("schema", "--check", f"ours/{name}")
            assert (checked.code, checked.out) == (0, "")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_pilot_has_what_its_pack_asks_for_and_no_more(run: Run, profile: str) -> None:
    run("init", "pilot", "--stage", "pilot", "--profile", profile, "--at", AT)
    ran = run("check", "pilot", "--at", AT, "--policy", "production", "--format", "concise")
    asked = {line.split()[1] for line in ran.out.splitlines()}
    assert {"OM304", "OM708"} <= asked
    assert ("OM101" in asked) == (profile == "ai")  # a service answers for its whole from the start
    pilot, production = builtin("pilot", profile), builtin("production", profile)
    assert pilot.settings.min_participants < production.settings.min_participants
    assert set(pilot.settings.required_reviews) < set(production.settings.required_reviews)
    assert "Production asks for more" in Path("pilot", MANIFEST).read_text("utf-8")


def test_schemas_that_are_there_stay(run: Run) -> None:
    run("schema", "manifest", "-o", "schemas")
    Path("schemas/manifest.schema.json").write_text("mine", "utf-8")
    ran = run("init")
    assert (ran.code, ran.out.splitlines()[0]) == (0, MANIFEST)
    assert "schemas/manifest" not in ran.out
    assert Path("schemas/manifest.schema.json").read_text("utf-8") == "mine"


@pytest.mark.parametrize("there", [MANIFEST, "people.yaml", "policies/ours.yaml"])
def test_never_overwrites(run: Run, there: str) -> None:
    path = Path("ours", there)
    path.parent.mkdir(parents=True)
    path.write_text("mine", "utf-8")
    ran = run("init", "ours", "--stage", "production")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"opmodel: ours/{there} is there already; nothing is overwritten")
    assert _files(Path("ours")) == {there: "mine"}


def test_a_dangling_link_is_there_already(run: Run) -> None:
    Path(MANIFEST).symlink_to("elsewhere")
    assert run("init").code == 2
    assert not Path("elsewhere").exists()


def test_other_files_are_left_alone(run: Run) -> None:
    Path("notes.txt").write_text("mine", "utf-8")
    assert run("init").code == 0
    assert set(_files(Path())) == {MANIFEST, "notes.txt", "schemas/manifest.schema.json"}


@pytest.mark.parametrize("fails", range(1, 11))
def test_all_files_or_none(run: Run, monkeypatch: pytest.MonkeyPatch, fails: int) -> None:
    calls = 0
    link = os.link

    def failing(source: str, target: str) -> None:
        nonlocal calls
        calls += 1
        if calls == fails:
            raise OSError(28, "No space left on device")
        link(source, target)

    monkeypatch.setattr("os.link", failing)
    ran = run("init", "new/ours", "--stage", "production")
    assert (ran.code, ran.out) == (2, "")
    assert "No space left on device" in ran.err
    assert list(Path().iterdir()) == []


def test_where_a_file_system_has_no_links_it_renames(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", refuse)
    assert run("init", "ours").code == 0
    assert set(_files(Path("ours"))) == {MANIFEST, "schemas/manifest.schema.json"}


def test_a_file_in_the_way_of_a_folder(run: Run) -> None:
    Path("ours").touch()
    ran = run("init", "ours")
    assert ran.code == 2
    assert ran.err.startswith("opmodel: ours/")


DEPLOYED = {
    "rules.yml": "groups:\n- name: g\n  rules: [{alert: HighLoad, expr: up, labels: {team: db, severity: teal}}]\n",
    "am.yml": "route: {receiver: room}\nreceivers: [{name: room, slack_configs: "
    "[{channel: '#db', api_url_file: /s}]}]\n",
    "chart.yaml": "groups: {{ .Values.x }}\n",
}


def test_a_draft_of_what_is_deployed(run: Run, tmp_path: Path) -> None:
    for name, text in DEPLOYED.items():
        (tmp_path / name).write_text(text, "utf-8")
    names = [str(tmp_path / name) for name in DEPLOYED]
    sources = ("--from", "prometheus,alertmanager", *names)
    ran = run("init", "ours", *sources, "--severity", "teal=sev2")
    assert ran.code == 0
    assert "\n`opmodel check ours` says what is missing.\n" in ran.out
    assert "opmodel: not read: " in ran.err
    assert "guesses are marked `# confirm`: each is for a person to settle\n" in ran.err
    files = _files(Path("ours"))
    assert sorted(files) == [
        "alerts.yaml", "bindings.yaml", "channels.yaml", "opmodel.yaml", "people.yaml",
        "schemas/manifest.schema.json", "schemas/registry.schema.json",
    ]  # fmt: skip
    assert "high-load:" in files["alerts.yaml"]
    assert 'address: "#db"' in files["channels.yaml"]
    assert run("check", "ours", "--select", "OM00", "--at", AT).code == 0
    audited = run("audit", "ours", "--at", AT, "--deployed", *names[:2], "--format", "csv")
    assert ",always,room," in audited.out.replace('"', "")
    assert run("init", "ours", "--from", "all", *names).code == 2


def test_a_draft_of_which_all_is_left_out(run: Run, tmp_path: Path) -> None:
    rules = "groups:\n- {name: g, rules: [{alert: A, expr: up, labels: {severity: teal}}]}\n"
    (tmp_path / "rules.yml").write_text(rules, "utf-8")
    ran = run("init", "ours", "--from", "prometheus", str(tmp_path / "rules.yml"))
    assert ran.code == 2
    assert "opmodel: left out: " in ran.err
    assert "`teal` says nothing of how grave it is\n" in ran.err
    assert "all of it is left out" in ran.err
    assert not Path("ours").exists()


def test_a_draft_of_nothing(run: Run) -> None:
    assert run("init", "ours", "--from", "all").code == 2
    assert run("init", "ours", "--from", "all", "nothing").code == 2
    Path("other.yaml").write_text("a: b\n", "utf-8")
    ran = run("init", "ours", "--from", "all", "other.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing that a reader knows is in other.yaml" in ran.err
    assert not Path("ours").exists()


@pytest.mark.parametrize(
    ("rule", "shown", "names"),
    [
        ('{alert: "A\\u202eB", expr: up == 0, labels: {severity: page}}', r"A\u202eB", "U+202E"),
        ('{alert: A, expr: up == 0, labels: {severity: page, team: "c\\x9b\\u200b"}}',
         r"c\x9b\u200b", "U+009B, U+200B"),
    ],
)  # fmt: skip
def test_a_draft_whose_texts_hide_something_is_refused(
    run: Run, tmp_path: Path, rule: str, shown: str, names: str
) -> None:
    """The check would tell it, and an editor would not show it."""
    rules = tmp_path / "rules.yml"
    rules.write_text(f"groups:\n  - name: g\n    rules:\n      - {rule}\n", "utf-8")
    ran = run("init", str(tmp_path / "ours"), "--from", "prometheus", str(rules))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        f"opmodel: `{shown}` hides what a reader cannot see: {names}; "
        "remove it from what is deployed; nothing is written\n"
    )
    assert not (tmp_path / "ours").exists()


def test_the_command_that_is_told_can_be_typed(run: Run) -> None:
    said = run("init", "a b", "--at", AT).out
    assert "\n`opmodel check 'a b'` says what breaks while you fill it in.\n" in said


def test_a_draft_of_files_that_are_not_there(run: Run) -> None:
    ran = run("init", "d2", "--from", "all", "nothere/", "--at", AT)
    says = "opmodel: `nothere/` names no file: nothing would be read; correct the path, or leave it out\n"
    assert (ran.code, ran.err) == (2, says)
