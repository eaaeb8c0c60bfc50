"""Routes and receivers: who gets what, how often, and what has to be put in place."""

from pathlib import Path
from typing import Any

import pytest

from tests.stack.registry import made, missing, read

BASE = "metrics:\n  m: {bucket: cost, response: page}\n"


def config(folder: Path, text: str) -> Any:
    return read(made(folder, "alertmanager", BASE + text), "alertmanager.yml")


def alerts(**said: str) -> str:
    own = "metric: m, severity: sev2, response: page"
    return "alerts:\n" + "".join(f"  {name}: {{{own}, {more}}}\n" for name, more in said.items())


def test_each_alert_goes_to_all_whom_it_names(tmp_path: Path) -> None:
    text = alerts(
        one="escalation: page", two="escalation: page, notify: [room]", three="escalation: rota"
    )
    assert config(tmp_path, text) == {
        "global": {"slack_api_url_file": "/etc/alertmanager/opmodel/slack-url"},
        "route": {
            "receiver": "unrouted",
            "group_by": ["alertname"],
            "routes": [
                {"receiver": "escalations/page", "matchers": ['alertname=~"one|two"'], "continue": True},
                {"receiver": "schedules/rota", "matchers": ['alertname="three"'], "continue": True},
                {"receiver": "channels/room", "matchers": ['alertname="two"'], "continue": True},
            ],
        },
        "receivers": [
            {"name": "unrouted"},
            {"name": "escalations/page", "pagerduty_configs": [
                {"routing_key_file": "/etc/alertmanager/opmodel/escalations/page"}]},
            {"name": "schedules/rota", "pagerduty_configs": [
                {"routing_key_file": "/etc/alertmanager/opmodel/schedules/rota"}]},
            {"name": "channels/room", "slack_configs": [{"channel": "#room"}]},
        ],
    }  # fmt: skip


def test_a_name_is_matched_as_it_is(tmp_path: Path) -> None:
    text = "alerts:\n  a.b: {metric: m, severity: sev2, response: page, escalation: page}\n"
    text += "  c: {metric: m, severity: sev2, response: page, escalation: page}\n"
    (route,) = config(tmp_path, text)["route"]["routes"]
    assert route["matchers"] == ['alertname=~"a\\\\.b|c"']


def test_a_binding_names_a_receiver(tmp_path: Path) -> None:
    text = (
        alerts(one="escalation: page", two="notify: [room]")
        + """\
bindings:
  first: {receiver: pager, means: page}
  second: {receiver: other, means: page}
  third: {receiver: pager, means: room}
"""
    )
    found = config(tmp_path, text)
    assert [one["receiver"] for one in found["route"]["routes"]] == ["pager", "pager"]
    assert [one["name"] for one in found["receivers"]] == ["unrouted", "pager"]
    assert "pagerduty_configs" in found["receivers"][1]


def test_what_is_not_sent_again_for_a_time_has_a_route_of_its_own(tmp_path: Path) -> None:
    text = alerts(
        one="escalation: page",
        two="escalation: page, debounce: 30m",
        three="escalation: page, debounce: 0s",
    )
    first, second = config(tmp_path, text)["route"]["routes"]
    assert first["matchers"] == ['alertname=~"one|three"']
    assert "repeat_interval" not in first
    assert second == {
        "receiver": "escalations/page", "matchers": ['alertname="two"'], "continue": True,
        "group_interval": "30m", "repeat_interval": "30m",
    }  # fmt: skip


HOURS = """\
  day:
    steps: [{after: 0m, notify: [rota]}]
    hours: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}
"""


def test_hours_are_time_intervals(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("escalations:\n" + HOURS)
    found = config(tmp_path, alerts(one="escalation: day"))
    (route,) = found["route"]["routes"]
    assert route["active_time_intervals"] == ["escalations/day"]
    assert "mute_time_intervals" not in route
    times = {"start_time": "09:00", "end_time": "17:00"}
    inside = {"times": [times], "weekdays": ["monday:friday"], "location": "Europe/Berlin"}
    assert found["time_intervals"] == [{"name": "escalations/day", "time_intervals": [inside]}]


def test_holidays_are_muted_until_the_end_of_the_next_year(tmp_path: Path) -> None:
    days = "2025-12-31, 2026-12-24, 2027-12-31, 2028-01-03"
    (tmp_path / "more.yaml").write_text(
        f"holidays:\n  days: {{dates: [{days}]}}\nescalations:\n{HOURS}    holidays: [days]\n    timezone: UTC\n"
    )
    found = config(tmp_path, alerts(one="escalation: day"))
    assert found["route"]["routes"][0]["mute_time_intervals"] == ["escalations/day closed"]
    closed = found["time_intervals"][1]["time_intervals"]
    assert [(one["years"], one["months"], one["days_of_month"]) for one in closed] == [
        (["2026"], ["12"], ["24"]), (["2027"], ["12"], ["31"]),
    ]  # fmt: skip


def test_what_alertmanager_cannot_skip_is_told(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(f"escalations:\n{HOURS}    outside: skip\n")
    assert missing(made(tmp_path, "alertmanager", BASE + alerts(one="escalation: day"))) == [
        (
            "escalations/day outside: Alertmanager skips nothing: what still fires when the hours open "
            "is sent then"
        )
    ]


def test_an_alert_that_goes_nowhere_is_told(tmp_path: Path) -> None:
    text = (
        BASE
        + alerts(one="runbook: drop").replace("page, run", "ticket, run")
        + ("  two: {metric: m, severity: sev2, response: page}\n")
    )
    found = made(tmp_path, "alertmanager", text)
    assert missing(found) == [
        "alerts/one notify: no route: nothing says whom it goes to",
        "alerts/two escalation: no route: nothing says whom it goes to",
    ]
    assert found.made == {"alert": (0, 2)}


NOWHERE = "http://fill-in.invalid/channels/x"


@pytest.mark.parametrize(
    ("channel", "receiver", "line"),
    [
        ("{kind: slack}", {"slack_configs": [{}]}, "no room, as `#alerts`: the webhook's own"),
        ("{kind: email, address: desk@small.example}",
         {"email_configs": [{"to": "desk@small.example"}]}, None),
        ("{kind: email, address: '{{desk}}@small.example'}",
         {"email_configs": [{"to": '{{ "{{" }}desk}}@small.example'}]}, None),
        ("{kind: slack, address: '#a{{b'}", {"slack_configs": [{"channel": '#a{{ "{{" }}b'}]}, None),
        ("{kind: webhook, address: 'https://hooks.small.example/{{x}}'}",
         {"webhook_configs": [{"url": "https://hooks.small.example/%7B%7Bx}}"}]}, None),
        ("{kind: email}", {}, "no e-mail address: nothing is sent there"),
        ("{kind: webhook, address: 'https://hooks.small.example/x'}",
         {"webhook_configs": [{"url": "https://hooks.small.example/x"}]}, None),
        ("{kind: teams, address: The desk}", {"webhook_configs": [{"url": NOWHERE}]},
         f"no address of the web: {NOWHERE} stands for it"),
        ("{kind: ticket, address: 'https://a:AKIAQX7RT2MN5VB6KD3W@b.example/'}",
         {"webhook_configs": [{"url": NOWHERE}]},
         f"no address of the web: {NOWHERE} stands for it"),
    ],
)  # fmt: skip
def test_a_channel_is_a_receiver(
    tmp_path: Path, channel: str, receiver: dict[str, object], line: str | None
) -> None:
    (tmp_path / "more.yaml").write_text(f"channels:\n  x: {channel}\n")
    text = BASE + alerts(one="notify: [x]")
    found = made(tmp_path, "alertmanager", text)
    assert read(found, "alertmanager.yml")["receivers"][1] == {"name": "channels/x", **receiver}
    assert missing(found) == ([f"channels/x address: {line}"] if line else [])


def test_says_what_has_to_be_put_in_place(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        "channels:\n  desk: {kind: email, address: d@small.example}\n"
        "  hook: {kind: webhook, address: 'https://h.small.example'}\n"
    )
    text = BASE + alerts(one="escalation: page, notify: [room, desk, hook]")
    found = made(tmp_path, "alertmanager", text)
    assert found.fill_in == (
        "/etc/alertmanager/opmodel/escalations/page: the key of the pager's service for `page`",
        "localhost:25: a mail server that takes what alertmanager@localhost sends",
        "https://h.small.example: what takes Alertmanager's webhook there",
        "/etc/alertmanager/opmodel/slack-url: the address of Slack's incoming webhook",
    )
    text = found.files["alertmanager.yml"].decode()
    assert all(f"# To be put in place: {one}\n" in text for one in found.fill_in)
    assert read(found, "alertmanager.yml")["global"]["smtp_smarthost"] == "localhost:25"


def test_a_budget_goes_where_its_alert_goes(tmp_path: Path) -> None:
    text = alerts(one="escalation: page, debounce: 1d") + (
        "budgets:\n  b: {limit: 5, per: 1d, metric: m, alert: one, warn_at: 80%}\n"
    )
    (route,) = config(tmp_path, text)["route"]["routes"]
    assert route["matchers"] == ['alertname=~"one|budget-b-80|budget-b-100"']
