"""An entity under another id: every place that names it, or none."""

from pathlib import Path

import pytest

from registry.checks.engine import check_opened
from registry.edit.refusals import sought
from registry.edit.rename import Renamed, rename
from registry.errors import CannotRunError
from registry.workspace.open import Opened, open_registry
from registry.workspace.options import Options
from tests.conftest import AT

HEAD = "opmodel: 1\nname: fixture\nstage: poc\n"


def opened(folder: Path, files: dict[str, str], head: str = HEAD) -> Opened:
    (folder / "opmodel.yaml").write_bytes(head.encode())
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return open_registry(str(folder), Options(AT))


def renamed(folder: Path, files: dict[str, str], subject: str, new: str) -> dict[str, str]:
    """Rename in a registry of some files; return those that change, by name."""
    found = opened(folder, files)
    done = rename(found, Options(AT), sought(found.workspace, subject), new)
    return {done.names[path]: data.decode() for path, data in done.after.items()}


PEOPLE = {"who.yaml": "people:\n  ana: {name: Ana}\n  ben: {name: Ben}\n"}
FORMS = [
    # one file before and after `people/ana` is called `anna`
    ("metrics:\n  m: {owner: ana}\n", "metrics:\n  m: {owner: anna}\n"),
    ("metrics:\n  m:\n    owner: 'ana' # ana\n", "metrics:\n  m:\n    owner: 'anna' # ana\n"),
    ('teams:\r\n  t: {name: ana, members: ["ana", ben], lead: ana}\r\n',
     'teams:\r\n  t: {name: ana, members: ["anna", ben], lead: anna}\r\n'),
    ("\ufeffteams:\n  t:\n    name: T\n    members:\n    - &a ana\n    - ben\n    lead: *a",
     "\ufeffteams:\n  t:\n    name: T\n    members:\n    - &a anna\n    - ben\n    lead: *a"),
    ("x-shared: &c {lead: ana}\nteams:\n  t: {name: T, lead: ben, x-ana: ana}\n", None),
    ("metrics:\n  m:\n    owner: >-\n      ana\n    decision: ask ana\n", "metrics:\n  m:\n    owner: anna\n    decision: ask ana\n"),
    ("ownership:\n  cost: {title: ana, accountable: ana, responsible: [ben, ana]}\n",
     "ownership:\n  cost: {title: ana, accountable: anna, responsible: [ben, anna]}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_references_in_every_form(tmp_path: Path, before: str, after: str | None) -> None:
    found = renamed(tmp_path, {**PEOPLE, "a.yaml": before}, "people/ana", "anna")
    assert found.pop("who.yaml") == PEOPLE["who.yaml"].replace("ana:", "anna:")
    assert found == ({"a.yaml": after} if after else {})


def test_what_did_not_load_whole_is_written_anew_too(tmp_path: Path) -> None:
    text = "roles:\n  r: {holder: ana}\nteams:\n  s: {name: S, members: [ana, 5]}\n  t: {name: T, lead: ana, parent: t}\n"
    found = renamed(tmp_path, {**PEOPLE, "a.yaml": text}, "people/ana", "anna")
    assert found["a.yaml"] == text.replace("ana", "anna")
    loop = "teams:\n  s: {name: S, parent: t}\n  t: {name: T, parent: s}\n"
    found = renamed(tmp_path, {**PEOPLE, "a.yaml": loop}, "teams/s", "sales")
    assert (
        found["a.yaml"] == "teams:\n  sales: {name: S, parent: t}\n  t: {name: T, parent: sales}\n"
    )


def test_an_id_that_needs_quotes_gets_them(tmp_path: Path) -> None:
    files = {**PEOPLE, "a.yaml": "metrics:\n  m: {owner: ana}\n"}
    found = renamed(tmp_path, files, "ana", "007")
    assert found["who.yaml"].splitlines()[1] == '  "007": {name: Ana}'
    assert found["a.yaml"] == 'metrics:\n  m: {owner: "007"}\n'


def test_keys_that_are_ids(tmp_path: Path) -> None:
    files = {
        "a.yaml": "fields:\n  intent: {group: request}\nbudgets:\n  b: {scope: {intent: intent}, limit: 1, unit: USD, per: 1mo}\n"
    }
    found = renamed(tmp_path, files, "fields/intent", "aim")
    assert found["a.yaml"] == files["a.yaml"].replace("  intent:", "  aim:").replace(
        "{intent:", "{aim:"
    )


POLICY = """\
extends: poc
settings:
  required_layers: [cost, "retrieval"]
  required_runbooks: [cost]
waivers:
  - {rule: OM104, entity: ownership/cost, reason: cost, until: 2026-12-31, approved_by: ben}
  - {rule: OM104, entity: ownership/retrieval, reason: r, until: 2026-12-31}
"""
SCENARIOS = """\
cost:
  title: cost
  at: 2026-11-24T03:00
  given: {layer: cost}
  expect: {reaches: nobody, accountable: ben, read_by: [ben], paged: [{person: ben}]}
"""


def test_policies_and_scenarios_name_it_too(tmp_path: Path) -> None:
    files = {
        **PEOPLE,
        "a.yaml": "ownership:\n  cost: {title: Cost, accountable: ben}\n",
        "policies/own.yaml": POLICY,
        "policies/other.yaml": "waivers: ben\nsettings: 1\n",
        "scenarios/a.yaml": SCENARIOS,
    }
    head = HEAD + "policy: policies/own.yaml\n"
    found = opened(tmp_path, files, head)
    done = rename(found, Options(AT), ("ownership", "cost"), "spend")
    after = {done.names[path]: data.decode() for path, data in done.after.items()}
    assert after == {
        "a.yaml": files["a.yaml"].replace("cost:", "spend:"),
        "policies/own.yaml": POLICY.replace("[cost, ", "[spend, ").replace("ownership/cost", "ownership/spend"),
        "scenarios/a.yaml": SCENARIOS.replace("layer: cost", "layer: spend"),
    }  # fmt: skip
    assert (done.places, done.more) == (4, ())
    done = rename(found, Options(AT), ("people", "ben"), "bea")
    after = {done.names[path]: data.decode() for path, data in done.after.items()}
    assert after["policies/own.yaml"] == POLICY.replace("by: ben", "by: bea")
    assert after["scenarios/a.yaml"] == SCENARIOS.replace("ben", "bea")


def test_what_is_accepted_stays_accepted(tmp_path: Path) -> None:
    files = {
        **PEOPLE,
        "a.yaml": "metrics:\n  m: {bucket: quality, response: analytics}\n  n: {bucket: quality, response: analytics}\n",
    }
    found = opened(tmp_path, files)
    marks = {
        one.entity[1]: one.fingerprint
        for one in check_opened(found, Options(AT)).shown
        if one.code == "OM201" and one.entity
    }
    entry = "  - {{fingerprint: {0}, code: OM201, severity: warning, entity: metrics/{1}, reason: m, owner: ana}}\n"
    text = "format: opmodel.baseline.v1\nentries:\n" + "".join(
        entry.format(marks[id_], id_) for id_ in "mn"
    )
    (tmp_path / "opmodel-baseline.yaml").write_text(text, "utf-8")
    before = check_opened(open_registry(str(tmp_path), Options(AT)), Options(AT))
    done = rename(open_registry(str(tmp_path), Options(AT)), Options(AT), ("metrics", "m"), "rate")
    _write(done)
    after = check_opened(open_registry(str(tmp_path), Options(AT)), Options(AT))
    assert [len(one.baselined) for one in (before, after)] == [2, 2]
    assert done.more == ()
    new = (tmp_path / "opmodel-baseline.yaml").read_text("utf-8").splitlines()
    assert "entity: metrics/rate, reason: m," in new[2]
    assert new[3] == text.splitlines()[3]
    done = rename(open_registry(str(tmp_path), Options(AT)), Options(AT), ("people", "ana"), "anna")
    assert done.after[str(tmp_path / "opmodel-baseline.yaml")].count(b"owner: anna") == 2


def _write(done: Renamed) -> None:
    for path, data in done.after.items():
        Path(path).write_bytes(data)


PAGES = [
    # the page of the runbook `drop` before and after it is called `fall`, and `off` is called `stop`
    ("# Drop\n\nSee `off`.\n", "---\nid: fall\n---\n\n# Drop\n\nSee `off`.\n", None),
    ("---\r\nowner: ana\r\n---\r\n# Drop\r\n", "---\r\nid: fall\r\nowner: ana\r\n---\r\n# Drop\r\n", None),
    ("---\nid: 'drop' # drop\n---\n# drop\n", "---\nid: 'fall' # drop\n---\n# drop\n", None),
    ("---\nid: drop\n---\n# drop\n\n## Mitigation\n\n1. `off`\n2. off\n3. `off`.\n",
     "---\nid: fall\n---\n# drop\n\n## Mitigation\n\n1. `off`\n2. off\n3. `off`.\n",
     "---\nid: drop\n---\n# drop\n\n## Mitigation\n\n1. `stop`\n2. off\n3. `stop`.\n"),
    ("---\nid: drop\nmitigations: [{switch: off}]\n---\n# drop\n", "---\nid: fall\nmitigations: [{switch: off}]\n---\n# drop\n",
     "---\nid: drop\nmitigations: [{switch: stop}]\n---\n# drop\n"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "runbook", "switch"), PAGES)
def test_pages_of_runbooks(tmp_path: Path, page: str, runbook: str, switch: str | None) -> None:
    files = {
        **PEOPLE,
        "a.yaml": "alerts:\n  a: {runbook: drop}\nkill_switches:\n  off: {owner: ana}\n",
        "runbooks/drop.md": page,
    }
    found = renamed(tmp_path, files, "runbooks/drop", "fall")
    assert found["a.yaml"] == files["a.yaml"].replace("drop", "fall")
    assert found["runbooks/drop.md"] == runbook
    found = renamed(tmp_path, files, "kill_switches/off", "stop")
    assert found.get("runbooks/drop.md") == switch


REFUSED: list[tuple[dict[str, str], str, str, str]] = [
    # files, what is renamed, the new id, and why not
    ({}, "people/ana", "ben", "`ben` is a person already, at who.yaml:3"),
    ({"a.yaml": "roles:\n  cto: {title: CTO}\n"}, "people/ana", "cto", "`cto` is a role already"),
    ({}, "people/ana", "ana", "called `ana` already"),
    ({}, "people/ana", "a b", "`a b` is no id"),
    ({}, "people/ana", "-a", "`-a` is no id"),
    ({}, "people/ana", "TBD", "stands for a missing value"),
    ({}, "people/joe", "x", "there is no person `joe`"),
    ({}, "persons/ana", "x", "there is no section `persons`"),
    ({"a.yaml": "metrics:\n  ana: {owner: ben}\n"}, "ana", "x", "`ana` stands in several sections"),
    ({"a.yaml": "severities:\n  sev1: {respond_within: 5m}\n"}, "severities/sev1", "x", "it is one of sev1, sev2"),
    ({"a.yaml": "telemetry: {correlation: [a]}\n"}, "telemetry/telemetry", "x", "it has no id"),
    # what could not be read, or is no field's value, may name it
    ({"a.yaml": "metrics:\n  m: {owner: ana\n"}, "people/ana", "x", "people/ana is not renamed: `a.yaml` could not be read"),
    ({"a.yaml": "metrics:\n  m: {owner: [\n"}, "people/ben", "x", "people/ben is not renamed: `a.yaml` could not be read"),
    ({"a.yaml": "metricks:\n  m: {owner: ana}\n"}, "people/ana", "x", "what could not be read may name `ana`"),
    ({"a.yaml": "metricks:\n  m: {owner: ana}\n"}, "people/ben", "owner", "`owner` may stand in what could not be read"),
    ({"a.yaml": "metrics:\n  m: {slices: {a: ana}}\n"}, "people/ana", "x", "`slices` of the metric `m` did not load, and names `ana`"),
    ({"a.yaml": "metrics:\n  m: {ponders: [{by: ana}]}\n"}, "people/ana", "x", "`ponders` of the metric `m` did not load, and names `ana`"),
    ({"a.yaml": "metrics:\n  m: {measured: {zzz: ana}}\n"}, "people/ana", "x", "names `ana`"),
    ({"a.yaml": "metrics:\n  m: [ana]\n"}, "people/ana", "x", "the metric `m`, which is none, names `ana`"),
    ({"a.yaml": "people:\n  ana: {name: Other}\n"}, "people/ana", "x", "`ana` is defined twice"),
    ({"a.yaml": "roles:\n  ana: {title: Other}\n"}, "people/ana", "x", "`ana` is defined twice"),
    ({"a.yaml": "metrics:\n  m: {}\n", "b.yaml": "metrics:\n  m: {owner: ana}\n"}, "people/ana", "x",
     "the metric `m` is defined twice, and names `ana`"),
    ({"scenarios/a.yaml": "a: [ana\n"}, "people/ana", "x", "scenarios/a.yaml has faults, and may name `ana`"),
    # another meaning
    ({"a.yaml": "metrics:\n  m: {measured: {by: ana}}\ncomponents:\n  eval: {kind: eval-set}\n"}, "people/ana", "eval",
     "`eval` is a component, and `by` at a.yaml:2 names `ana`: it would mean that"),
    ({"a.yaml": "stores:\n  s: {access: [ana]}\n"}, "people/ana", "everyone", "`everyone` has a meaning of its own"),
    ({"a.yaml": "metrics:\n  m: {measured: {by: eval}}\npeople:\n  eval: {name: E}\ncomponents:\n  set: {kind: eval-set}\n"},
     "components/set", "eval", "`by` at a.yaml:2 names `eval`, a person, and would mean this component"),
    # an alias that shares its text with something else
    ({"a.yaml": "metrics:\n  m: {decision: &a ana, owner: *a}\n"}, "people/ana", "x", "a.yaml cannot be changed: its text is shared"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "subject", "new", "why"), REFUSED)
def test_what_cannot_be_renamed_is_refused(
    tmp_path: Path, files: dict[str, str], subject: str, new: str, why: str
) -> None:
    with pytest.raises(CannotRunError) as caught:
        renamed(tmp_path, {**PEOPLE, **files}, subject, new)
    assert why in str(caught.value)
    assert caught.value.help


def test_what_names_the_new_id_already_joins(tmp_path: Path) -> None:
    metric = (
        "metrics:\n  m: {bucket: quality, response: analytics, slices: [aim, intent], owner: x}\n"
    )
    files = {**PEOPLE, "a.yaml": metric + "fields:\n  intent: {group: request, type: string}\n"}
    found = opened(tmp_path, files)
    done = rename(found, Options(AT), ("fields", "intent"), "aim")
    assert done.joined == ("a.yaml:2",)
    assert rename(found, Options(AT), ("people", "ana"), "x").joined == ("a.yaml:2",)


def test_a_policy_may_ask_for_the_old_id(tmp_path: Path) -> None:
    head = HEAD.replace("poc", "production")
    found = opened(tmp_path, {"a.yaml": "ownership:\n  cost: {title: Cost}\n"}, head)
    done = rename(found, Options(AT), ("ownership", "cost"), "spend")
    assert [one.code for one in done.more] == ["OM101"]
