"""What an audit's rules find where the fixtures' few alerts do not reach: many, and the untold."""

import json
from pathlib import Path

import pytest

from registry.cli.main import main

HEAD = "opmodel: 1\nname: acme\nstage: production\n"
ROUTES = (
    'route: {receiver: desk}\nreceivers: [{name: desk, webhook_configs: [{url: "https://a.example"}]}]\n'
    'inhibit_rules: [{source_matchers: [severity="critical"], target_matchers: [severity="info"],'
    " equal: [cluster]}]\n"
)
ROTA = {
    "id": "PS",
    "name": "Search",
    "time_zone": "Mars/Olympus",
    "users": [],
    "schedule_layers": [],
}


def found(folder: Path, capsys: pytest.CaptureFixture[str], code: str) -> list[str]:
    main(
        ["audit", str(folder), "--at", "2026-11-20T09:00:00Z", "--select", code, "--format", "json"]
    )
    told = json.loads(capsys.readouterr().out)["diagnostics"]
    return [one["message"] for one in told if one["code"] == code]


def test_many_that_may_silence_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loud = "".join(
        f"  - {{alert: Loud{n}, expr: sum(up) == {n}, labels: {{severity: critical}}}}\n"
        for n in range(120)
    )
    quiet = "  - {alert: Quiet, expr: sum(up) < 1, labels: {severity: info}}\n"
    (tmp_path / "deployed").mkdir()
    (tmp_path / "opmodel.yaml").write_text(HEAD)
    (tmp_path / "deployed/alertmanager.yml").write_text(ROUTES)
    (tmp_path / "deployed/rules.yml").write_text(f"groups:\n- name: g\n  rules:\n{loud}{quiet}")
    assert found(tmp_path, capsys, "OM916") == [
        "while any of 120 alerts fires, the deployed alert `Quiet` may be silenced"
    ]


def test_a_rota_that_cannot_be_told_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deployed").mkdir()
    (tmp_path / "opmodel.yaml").write_text(
        f"{HEAD}bindings:\n  rota: {{service: PS, means: search}}\n"
        "people:\n  ana: {name: Ana}\nschedules:\n  search:\n    rotations:\n"
        "      - {name: main, participants: [ana], start: 2026-01-01T00:00:00Z, every: 1w}\n"
    )
    (tmp_path / "deployed/pager.json").write_text(json.dumps({"users": [], "schedules": [ROTA]}))
    (tmp_path / "deployed/rules.yml").write_text(
        "groups:\n- name: g\n  rules:\n  - {alert: Up, expr: sum(up) < 1}\n"
    )
    assert found(tmp_path, capsys, "OM917") == [
        "the pager's schedule `Search` cannot be told: `Mars/Olympus` is no time zone that is known"
    ]
