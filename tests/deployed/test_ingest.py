"""From paths to what is deployed: which files are read, by whom, and what is said of the rest."""

import os
from pathlib import Path

import pytest

from registry.deployed.ingest import NamedFiles, chosen, default, ingest, ingesters
from registry.deployed.model import Skipped
from registry.errors import CannotRunError

RULES = "groups:\n- name: g\n  rules: [{alert: A, expr: up}]\n"
ROUTES = "route: {receiver: a}\nreceivers: [{name: a}]\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "deployed" / "deep").mkdir(parents=True)
    (tmp_path / "deployed" / "rules.yml").write_text(RULES)
    (tmp_path / "deployed" / "deep" / "am.yaml").write_text(ROUTES)
    return tmp_path


def reasons(root: Path, *asked: NamedFiles) -> list[tuple[str, str]]:
    found = ingest(asked, str(root)).deployed.not_read
    return [(str(one.where), one.reason) for one in found]


def test_the_folder_of_a_registry(root: Path) -> None:
    found = ingest(default(str(root)), str(root))
    assert [one.where.file for one in found.deployed.alerts] == ["deployed/rules.yml"]
    assert [one.where.file for one in found.deployed.routers] == ["deployed/deep/am.yaml"]
    assert (found.read, list(found.texts)) == (2, ["deployed/deep/am.yaml", "deployed/rules.yml"])
    with pytest.raises(CannotRunError, match="no folder `deployed/`"):
        default(str(root / "deployed"))


def test_globs_and_options(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    found = ingest([NamedFiles("rules", "deployed/**/*.y*ml")], "elsewhere")
    assert [one.name for one in found.deployed.alerts] == ["A"]
    assert [(str(one.where), one.reason) for one in found.deployed.not_read] == [
        ("deployed/deep/am.yaml:1", "it holds no reader's document, nothing for --rules")
    ]
    both = ingest(
        [NamedFiles("", "deployed"), NamedFiles("rules", "deployed/rules.yml")], "elsewhere"
    )
    assert (len(both.deployed.alerts), len(both.deployed.routers)) == (1, 1)


def test_only_some_readers(root: Path) -> None:
    found = ingest(chosen("alertmanager", [str(root / "deployed")]), str(root))
    assert (found.deployed.alerts, len(found.deployed.routers)) == ((), 1)
    assert found.deployed.skipped == (
        Skipped("deployed/rules.yml", "documents that no reader knows", 1),
    )
    assert chosen("all, ", ["x"]) == (NamedFiles("", "x"),)
    with pytest.raises(CannotRunError, match="there is no reader `prometeus`"):
        chosen("prometeus", ["x"])


@pytest.mark.parametrize("pattern", ["nothing.yml", "no*thing.yml", "empty"])
def test_a_path_that_names_nothing(root: Path, pattern: str) -> None:
    (root / "empty").mkdir()
    with pytest.raises(CannotRunError, match="names no file: nothing would be read"):
        ingest([NamedFiles("", str(root / pattern))], str(root))


def test_a_template_is_not_read(root: Path) -> None:
    path = root / "deployed" / "rules.yml"
    path.write_text("groups:\n{{- range .Values.x }}\n")
    ((where, reason),) = reasons(root, NamedFiles("", str(path)))
    assert where == "deployed/rules.yml:3"
    assert reason.endswith("; it looks like a template: render it first")
    path.write_text("a: [\n")
    ((_, reason),) = reasons(root, NamedFiles("rules", str(path)))
    assert "template" not in reason


def test_documents_before_a_bad_one_count(root: Path) -> None:
    path = root / "deployed" / "rules.yml"
    path.write_text(RULES + "---\na: [\n")
    found = ingest([NamedFiles("", str(path))], str(root))
    assert (len(found.deployed.alerts), len(found.deployed.not_read)) == (1, 1)


def test_other_documents(root: Path) -> None:
    path = root / "deployed" / "rules.yml"
    path.write_text("kind: Service\n---\n" + RULES)
    found = ingest([NamedFiles("", str(path))], str(root)).deployed
    assert (len(found.alerts), found.not_read) == (1, ())
    assert found.skipped[-1].number == 1
    assert reasons(root, NamedFiles("rules", str(path))) == [
        ("deployed/rules.yml:1", "it holds a `Service`, nothing for --rules")
    ]


@pytest.mark.parametrize("data", [b"", b"# none\n"])
def test_files_with_nothing_in_them(root: Path, data: bytes) -> None:
    path = root / "deployed" / "rules.yml"
    path.write_bytes(data)
    found = ingest([NamedFiles("rules", str(path))], str(root)).deployed
    assert (found.not_read, found.skipped[0].what) == ((), "files without content")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfea\x00", "the file is UTF-16; a registry file is UTF-8 text"),
        (b"# \x08\n", "a control character: U+0008"),
    ],
)
def test_what_no_server_reads(root: Path, data: bytes, reason: str) -> None:
    path = root / "deployed" / "rules.yml"
    path.write_bytes(data)
    assert reasons(root, NamedFiles("rules", str(path))) == [("deployed/rules.yml:1", reason)]


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u202e", "\ufeff", "\u2028", "\u0085"])
def test_what_cannot_be_seen_in_a_comment_keeps_no_file_away(root: Path, sign: str) -> None:
    path = root / "deployed" / "rules.yml"
    path.write_text(f"# ab{sign}\n{RULES}", "utf-8")
    found = ingest([NamedFiles("rules", str(path))], str(root)).deployed
    assert ([one.name for one in found.alerts], found.not_read) == (["A"], ())


@pytest.mark.parametrize(
    ("name", "text", "is_read"),
    [
        ("rules.yml.tmpl", "groups: {{ x }}", False),
        ("am.template", "route: $X", False),
        ("rules.j2", RULES, False),
        ("alerts.libsonnet", "{}", False),
        ("slack.tmpl", '{{/* a */}}\n{{ define "x" }}{{ end }}', True),
        ("README.md", "{{", True),
        ("shot.png", "", True),
    ],
)
def test_templates_are_not_read_and_pictures_are_neither(
    root: Path, name: str, text: str, is_read: bool
) -> None:
    (root / "deployed" / name).write_text(text)
    found = reasons(root, NamedFiles("", str(root / "deployed")))
    assert found == (
        [] if is_read else [(f"deployed/{name}:1", "it is a template: render it first")]
    )


def test_what_a_folder_holds_besides(root: Path) -> None:
    deployed = root / "deployed"
    (deployed / "README.md").write_text("# text\n")
    (deployed / "opmodel.yaml").write_text("opmodel: 1\n")
    (deployed / "empty.yaml").write_text("")
    (deployed / ".hidden").mkdir()
    (deployed / ".hidden" / "x.yml").write_text(RULES)
    (deployed / ".x.yml").write_text(RULES)
    (deployed / "link.yml").symlink_to(deployed / "rules.yml")
    os.mkfifo(deployed / "pipe.yml")
    found = ingest(default(str(root)), str(root))
    assert len(found.deployed.alerts) == 1
    assert [one.file for one in found.deployed.skipped] == [
        "deployed/README.md", "deployed/empty.yaml", "deployed/opmodel.yaml",
    ]  # fmt: skip
    assert [(str(one.where), one.reason) for one in found.deployed.not_read] == [
        ("deployed/pipe.yml:1", "it is no regular file")
    ]


def test_a_link_that_is_named_is_followed(root: Path) -> None:
    (root / "link.yml").symlink_to(root / "deployed" / "rules.yml")
    assert len(ingest([NamedFiles("", str(root / "link.yml"))], str(root)).deployed.alerts) == 1


def test_files_beyond_bearing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.deployed.ingest.MAX_FILE", 10)
    ((_, reason),) = reasons(root, NamedFiles("", str(root / "deployed" / "rules.yml")))
    assert reason == "it is larger than 0 MB"


def test_a_file_that_cannot_be_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(CannotRunError, match=r"deployed/rules\.yml: Permission denied"):
        ingest([NamedFiles("", str(root / "deployed" / "rules.yml"))], str(root))


def test_every_reader_says_what_it_reads() -> None:
    for name, one in ingesters().items():
        assert one.name == name
        assert one.option
        assert one.summary
        assert (one.read is None) != (one.read_text is None)


POLICY = "policies:\n- {receiver: a, routes: [{receiver: b, mute_time_intervals: [n, m]}]}\n"
POINTS = "contactPoints:\n- {name: a}\n- {name: b, receivers: [{type: email}]}\n"
MUTES = "muteTimes:\n- {name: n, time_intervals: [{months: ['1']}]}\n"


def test_grafanas_parts_may_stand_in_files_of_their_own(root: Path) -> None:
    for name, text in (("p", POLICY), ("c", POINTS), ("m", MUTES)):
        (root / "deployed" / f"{name}.yml").write_text(text)
    found = ingest(default(str(root)), str(root)).deployed
    plain, router = found.routers
    assert (plain.system, list(plain.receivers), plain.intervals) == ("prometheus", ["a"], {})
    assert [one.kind for one in router.receivers["b"].integrations] == ["email"]
    assert router.intervals["n"][0].months == ((1, 1),)
    assert [(str(one.where), one.reason) for one in found.not_read] == [
        ("deployed/p.yml:2", "no file has a time interval `m`")
    ]


def test_what_stands_in_the_policies_own_file_counts_first(root: Path) -> None:
    (root / "deployed" / "c.yml").write_text(POINTS)
    (root / "deployed" / "p.yml").write_text(
        "contactPoints:\n- {name: b, receivers: [{type: slack}]}\n" + POLICY + MUTES
    )
    router = ingest(default(str(root)), str(root)).deployed.routers[1]
    assert [one.kind for one in router.receivers["b"].integrations] == ["slack"]
    assert list(router.receivers) == ["a", "b"]


def test_contact_points_that_no_policy_leads_to(root: Path) -> None:
    (root / "deployed" / "c.yml").write_text(POINTS)
    (root / "deployed" / "m.yml").write_text(MUTES)
    assert reasons(root, NamedFiles("", str(root / "deployed"))) == [
        ("deployed/c.yml:2", "contact points without the policies that lead to them")
    ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.tf", 'resource "grafana_rule_group" "x" {}\n', "Grafana's alerting in Terraform"),
        ("b.tf", '  resource "datadog_monitor" "x" {}\n', "Datadog's monitors in Terraform"),
        ("a.yml", "kind: GrafanaContactPoint\nspec: {}\n", "a `GrafanaContactPoint`"),
    ],
)
def test_what_no_reader_knows_and_decides_is_not_read(
    root: Path, name: str, text: str, reason: str
) -> None:
    (root / "deployed" / name).write_text(text)
    assert reasons(root, NamedFiles("", str(root / "deployed"))) == [(f"deployed/{name}:1", reason)]


def test_code_owners_in_their_hidden_folder(tmp_path: Path) -> None:
    """Nothing else of it is read, nor what a link leads to."""
    for folder in (".github", ".gitlab", ".other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rules.yml").write_text("groups: [{name: g, rules: [{}]}]\n")
    for folder in (".github", ".other"):
        (tmp_path / folder / "CODEOWNERS").write_text("* @acme/search\n")
    (tmp_path / ".gitlab" / "CODEOWNERS").symlink_to(tmp_path / ".github" / "CODEOWNERS")
    found = ingest([NamedFiles("", str(tmp_path))], str(tmp_path))
    assert [str(one.where) for one in found.deployed.code_owners] == [".github/CODEOWNERS:1"]
    assert list(found.texts) == [".github/CODEOWNERS"]
