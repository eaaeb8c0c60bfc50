"""Policy packs: what one may change, where it stands, and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.checks.catalogue import rules
from registry.checks.engine import check
from registry.diagnostic import Severity
from registry.errors import CannotRunError
from registry.model.format import STAGES
from registry.model.settings import Settings
from registry.span import Location
from registry.workspace.options import Options
from registry.workspace.policy import FIXED, LoadedPolicy, builtin, load_policy
from tests.conftest import AT

Packs = dict[str, str | bytes]


def load(
    packs: Packs, name: str = "own.yaml", stage: str = "pilot", *, inside: bool = True
) -> LoadedPolicy:
    def read(path: str) -> bytes | None:
        text = packs.get(path)
        return text.encode() if isinstance(text, str) else text

    return load_policy(name, read, stage, inside=inside)


def faults(loaded: LoadedPolicy) -> list[tuple[str, str, int]]:
    return [
        (
            one.code,
            one.primary.location.file,
            (
                one.primary.span
                or loaded.sources[one.primary.location.file].composed.span(one.primary.location)
            ).start.line,
        )
        for one in loaded.problems
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_a_built_in_pack(stage: str) -> None:
    loaded = load({}, stage, stage)
    assert loaded.problems == ()
    assert loaded.policy == builtin(stage)
    assert loaded.policy.severities["OM005"] is Severity.ERROR
    assert set(loaded.policy.severities) >= FIXED
    assert loaded.policy.settings.required_layers


@pytest.mark.parametrize("stage", STAGES)
def test_a_profile_lies_over_the_pack_of_each_stage(stage: str) -> None:
    plain, over = builtin(stage), builtin(stage, "service")
    settings = over.settings
    layers = ("infrastructure", "data", "interfaces", "cost", "whole-system")
    assert settings.required_layers == layers
    assert settings.required_field_groups == ("correlation", "versioning", "performance")
    assert settings.required_runbooks == ("service-down", "data-loss", "cost-anomaly")
    assert settings.behavioural_topics == ()
    assert settings.horizon == plain.settings.horizon
    silent = {code for code, level in over.severities.items() if level is None}
    off = {code for code, level in plain.severities.items() if level is None}
    assert silent - off <= {"OM214", "OM221", "OM315", "OM705", "OM710"} <= silent
    assert load_policy(stage, lambda _: None, stage, inside=True, profile="service") == (
        over, (), {}, frozenset(),
    )  # fmt: skip


def test_a_pack_of_ones_own_lies_over_the_profile() -> None:
    text = b"extends: pilot\nrules: {OM214: {severity: warning}}\nsettings: {max_shift: 2w}\n"
    loaded = load_policy("own.yaml", lambda _: text, "pilot", inside=True, profile="service")
    assert loaded.problems == ()
    assert loaded.policy.severities["OM214"] is Severity.WARNING
    assert loaded.policy.severities["OM221"] is None
    assert loaded.policy.settings.required_runbooks[0] == "service-down"
    assert loaded.policy.profile == "service"


def test_no_such_built_in_pack() -> None:
    with pytest.raises(CannotRunError, match="strict"):
        builtin("strict")


def test_a_pack_that_is_absent() -> None:
    with pytest.raises(CannotRunError, match=r"own\.yaml is absent"):
        load({})


def test_severities() -> None:
    loaded = load(
        {
            "own.yaml": "rules:\n  OM101: {severity: 'off'}\n  OM102: {severity: info}\n"
            "  OM010: {severity: error}\n"
        }
    )
    assert loaded.problems == ()
    assert loaded.policy.severities["OM101"] is None
    assert loaded.policy.severities["OM102"] is Severity.INFO
    assert loaded.policy.severities["OM010"] is Severity.ERROR
    assert loaded.policy.severities["OM103"] == builtin("pilot").severities["OM103"]


def test_what_cannot_be_silenced() -> None:
    text = "".join(f"  {code}: {{severity: 'off'}}\n" for code in sorted(FIXED))
    loaded = load({"own.yaml": f"rules:\n{text}"})
    assert [code for code, _, _ in faults(loaded)] == ["OM006"] * len(FIXED)
    assert loaded.policy.severities == builtin("pilot").severities
    lowered = load({"own.yaml": "rules:\n  OM001: {severity: warning}\n"})
    assert faults(lowered) == [("OM006", "own.yaml", 2)]
    assert lowered.policy.severities["OM001"] is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rules:\n  OM999: {severity: info}\n", [("OM007", 2)]),
        ("rules:\n  OM101: {severity: loud}\n", [("OM006", 2)]),
        ("rules:\n  OM101: {severity: off}\n", []),
        ("rules:\n  OM101: loud\n", [("OM006", 2)]),
        ("rules:\n  OM101: info\n  no-owner-of-this: off\n", [("OM007", 3)]),
        ("rules: [OM101]\n", [("OM006", 1)]),
        ("rulse: {}\n", [("OM004", 1)]),
        ("settings: [a]\n", [("OM006", 1)]),
        ("settings:\n  horizn: 5d\n", [("OM004", 2)]),
        ("settings:\n  horizon: 0d\n", [("OM006", 2)]),
        ("settings:\n  retention: {trace: {min: 1d, max: 2d}}\n", [("OM004", 2)]),
        ("settings:\n  retention: {logs: {min: 2d, max: 1d}}\n", [("OM006", 2)]),
        ("settings:\n  required_reviews: {triag: 1d}\n", [("OM004", 2)]),
        ("settings:\n  severities: {sev5: {respond_within: 1m}}\n", [("OM004", 2)]),
        ("settings:\n  horizon: soon\n  max_paging_share: 2\n", [("OM006", 2), ("OM006", 3)]),
        (
            "settings:\n  max_paging_min: 1e999\n  min_participants: -1\n",
            [("OM006", 2), ("OM006", 3)],
        ),
        ("settings:\n  severities: {sev1: {respond_within: fast}}\n", [("OM006", 2)]),
        ("extends: [pilot]\n", [("OM006", 1)]),
        ("extends: absent.yaml\n", [("OM006", 1)]),
        ("extends: production\n", [("OM006", 1)]),
        ("extends: ../outside.yaml\n", [("OM006", 1)]),
        ("extends: /outside.yaml\n", [("OM006", 1)]),
        ("extends: own.yaml\n", [("OM006", 1)]),
        ("extensions: {metrics: 5}\n", []),
        ("a: [\n", [("OM001", 1)]),
        ("- a\n", [("OM006", 1)]),
        ("a: \x1b\n", [("OM014", 1)]),
        ("", []),
    ],
)
def test_faults(text: str, found: list[tuple[str, int]]) -> None:
    loaded = load({"own.yaml": text, "../outside.yaml": "rules: {}\n"})
    assert [(code, line) for code, _, line in faults(loaded)] == found
    assert loaded.policy.settings.horizon == builtin("pilot").settings.horizon
    assert loaded.policy.stage == "pilot"
    assert set(loaded.sources) == {"own.yaml"}


def test_bytes_that_are_no_text() -> None:
    loaded = load({"own.yaml": b"a: \xff\n"})
    assert [code for code, _, _ in faults(loaded)] == ["OM001"]
    assert set(loaded.sources) == {"own.yaml"}, "it is still no registry file"


def test_settings_are_laid_over_the_base() -> None:
    loaded = load(
        {
            "packs/own.yaml": "extends: base.yaml\nsettings:\n  horizon: 30d\n"
            "  retention: {logs: {min: 1d, max: 2d}}\n  outcome_words: [done, 404]\n"
            "  severities: {sev1: {respond_within: 1m}}\n",
            "packs/base.yaml": "extends: pilot\nsettings:\n  horizon: 60d\n  max_shift: 2w\n"
            "  retention: {traces: {min: 3d, max: 4d}}\n",
        },
        "packs/own.yaml",
    )
    assert loaded.problems == ()
    settings, base = loaded.policy.settings, builtin("pilot").settings
    assert settings.horizon == "30d"
    assert settings.max_shift == "2w"
    assert settings.outcome_words == ("done", "404")
    assert set(settings.retention) == {*base.retention, "logs"}
    assert settings.retention["traces"].min == "3d"
    assert settings.severities["sev1"].respond_within == "1m"
    assert settings.severities["sev2"] == base.severities["sev2"]
    assert loaded.policy.asks == {
        ("horizon",): Location("packs/own.yaml", ("settings", "horizon")),
        ("retention", "logs"): Location("packs/own.yaml", ("settings", "retention", "logs"), "key"),
        ("outcome_words", "done"): Location("packs/own.yaml", ("settings", "outcome_words", 0)),
        ("outcome_words", "404"): Location("packs/own.yaml", ("settings", "outcome_words", 1)),
        ("severities", "sev1"): Location(
            "packs/own.yaml", ("settings", "severities", "sev1"), "key"
        ),
        ("max_shift",): Location("packs/base.yaml", ("settings", "max_shift")),
        ("retention", "traces"): Location(
            "packs/base.yaml", ("settings", "retention", "traces"), "key"
        ),
    }


def test_a_list_that_is_replaced_asks_for_nothing_of_the_bases() -> None:
    loaded = load(
        {
            "own.yaml": "extends: base.yaml\nsettings:\n  required_layers: [cost]\n",
            "base.yaml": "extends: pilot\nsettings:\n  required_layers: [cost, retrieval]\n"
            "  required_reviews: {triage: 1d}\n",
        }
    )
    assert loaded.policy.settings.required_layers == ("cost",)
    assert loaded.policy.asks[("required_layers", "cost")] == Location(
        "own.yaml", ("settings", "required_layers", 0)
    )
    assert ("required_layers", "retrieval") not in loaded.policy.asks
    assert ("required_reviews", "triage") in loaded.policy.asks
    assert ("required_reviews", "behavioural") not in loaded.policy.asks, "the stage asks for it"


REQUIRED = [name for name in Settings.model_fields if name.startswith("required_")]


@pytest.mark.parametrize("setting", REQUIRED)
@pytest.mark.parametrize("empty", ["{}", "its own"])
def test_an_empty_requirement_takes_the_place_of_the_bases(setting: str, empty: str) -> None:
    is_mapping = Settings.model_fields[setting].default != ()
    given = "{}" if empty == "{}" or is_mapping else "[]"
    some = "{triage: 5d}" if is_mapping else f"[{_ANY.get(setting, 'cost')}]"
    loaded = load(
        {
            "own.yaml": f"extends: base.yaml\nsettings:\n  {setting}: {given}\n",
            "base.yaml": f"extends: pilot\nsettings:\n  {setting}: {some}\n",
        }
    )
    assert loaded.problems == ()
    assert not getattr(loaded.policy.settings, setting)
    assert not [asked for asked in loaded.policy.asks if asked[0] == setting]


_ANY = {"required_dashboards": "security"}


def test_who_asks_for_nothing_is_asked_for_nothing(tmp_path: Path) -> None:
    asking = {one.code for one in rules().values() if not set(REQUIRED).isdisjoint(one.settings)}
    stages = builtin("production").settings
    written = "".join(f"  {one}: {{}}\n" for one in REQUIRED if getattr(stages, one))
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.yaml").write_text(f"settings:\n{written}", "utf-8")
    manifest = "opmodel: 1\nname: none\nstage: production\n"
    (tmp_path / "opmodel.yaml").write_text(manifest, "utf-8")
    found = {one.code for one in check(str(tmp_path), Options(AT)).diagnostics}
    assert {"OM101", "OM215", "OM401", "OM501", "OM708", "OM715"} <= found & asking
    (tmp_path / "opmodel.yaml").write_text(f"{manifest}policy: policies/own.yaml\n", "utf-8")
    found = {one.code for one in check(str(tmp_path), Options(AT)).diagnostics}
    assert found.isdisjoint(asking)


def test_a_requirement_that_is_not_empty_is_laid_over_the_stages() -> None:
    loaded = load({"own.yaml": "settings:\n  required_reviews: {triage: 2d}\n"})
    assert set(loaded.policy.settings.required_reviews) == {"triage", "behavioural"}
    kept = load({"own.yaml": "settings:\n  retention: {}\n  severities: {}\n"}).policy.settings
    assert kept == builtin("pilot").settings


def test_of_a_setting_that_is_wrong_the_bases_value_stands() -> None:
    loaded = load(
        {"own.yaml": "settings:\n  horizon: 5\n  max_shift: TODO\n  min_participants: 7\n"}
    )
    assert [code for code, _, _ in faults(loaded)] == ["OM006"]
    assert loaded.policy.settings.horizon == builtin("pilot").settings.horizon
    assert loaded.policy.settings.max_shift == builtin("pilot").settings.max_shift
    assert loaded.policy.settings.min_participants == 7
    assert set(loaded.policy.asks) == {("min_participants",)}


def test_cycles_and_long_chains() -> None:
    loaded = load({"a.yaml": "extends: b.yaml\n", "b.yaml": "extends: ./a.yaml\n"}, "a.yaml")
    assert faults(loaded) == [("OM006", "b.yaml", 1)]
    assert "a.yaml -> b.yaml -> a.yaml" in loaded.problems[0].message
    chain: Packs = {f"p{n}.yaml": f"extends: p{n + 1}.yaml\n" for n in range(40)}
    assert [code for code, _, _ in faults(load(chain, "p0.yaml"))] == ["OM006"]


def test_a_pack_named_on_the_command_line_may_extend_one_beside_it() -> None:
    packs: Packs = {
        "../own.yaml": "extends: base.yaml\n",
        "../base.yaml": "settings: {horizon: 9d}\n",
    }
    loaded = load(packs, "../own.yaml", inside=False)
    assert loaded.problems == ()
    assert loaded.policy.settings.horizon == "9d"


WAIVER = "  - {rule: OM101, entity: ownership/cost, reason: In January, until: 2027-01-15}\n"


def test_waivers_keep_their_place() -> None:
    loaded = load(
        {
            "own.yaml": "extends: base.yaml\nwaivers:\n  - {rule: OM101}\n  - TODO\n" + WAIVER,
            "base.yaml": "waivers:\n" + WAIVER.replace("cost", "retrieval"),
        }
    )
    assert {code for code, _, _ in faults(loaded)} == {"OM005"}
    assert [(one.waiver.entity, one.location) for one in loaded.policy.waivers] == [
        ("ownership/retrieval", Location("base.yaml", ("waivers", 0))),
        ("ownership/cost", Location("own.yaml", ("waivers", 2))),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("OM101", "OM999", "OM007"),
        ("OM101", "'*'", "OM007"),
        ("OM101", "OM005", "OM006"),
        ("ownership/cost", "'**'", "OM006"),
        ("ownership/cost", "ownership/*", "OM006"),
        ("ownership/cost", "cost", "OM006"),
        ("In January", "TODO", "OM005"),
        ("2027-01-15", "never", "OM006"),
        ("2027-01-15", "2026-02-30", "OM006"),
        (", until: 2027-01-15", "", "OM005"),
    ],
)
def test_a_waiver_that_is_none(old: str, new: str, code: str) -> None:
    loaded = load({"own.yaml": "waivers:\n" + WAIVER.replace(old, new)})
    assert faults(loaded) == [(code, "own.yaml", 2)]
    assert loaded.policy.waivers == ()


def test_extensions() -> None:
    packs: Packs = {
        "packs/own.yaml": "extensions: {metrics: a.json, people: schemas/b.json}\n",
        "schemas/b.json": "{}",
    }
    loaded = load(packs, "packs/own.yaml")
    assert {name: path for name, (path, _) in loaded.policy.extensions.items()} == {
        "metrics": "packs/a.json", "people": "schemas/b.json",
    }  # fmt: skip


@pytest.fixture
def unread() -> Callable[[str], bytes | None]:
    return lambda _: pytest.fail("it was opened")


def test_a_built_in_pack_opens_nothing(unread: Callable[[str], bytes | None]) -> None:
    assert load_policy("poc", unread, "poc", inside=True).policy.name == "poc"
