"""What Alertmanager refuses of a configuration's form: our verdict, and amtool's own."""

import subprocess
from pathlib import Path

import pytest

from registry.deployed.readers.alertmanager import READER
from registry.deployed.routing.shape import has_port, is_address
from registry.source.foreign import documents
from tests.deployed.routing import amtool

TWO = "receivers: [{name: a}, {name: b}]\n"


def branch(text: str) -> str:
    return f"route: {{receiver: a, routes: [{text}]}}\n{TWO}"


def beside(text: str) -> str:
    return f"route: {{receiver: a}}\n{TWO}{text}\n"


def clause(text: str) -> str:
    return beside(f"time_intervals: [{{name: x, time_intervals: [{text}]}}]")


def way(text: str, shared: str = "{}") -> str:
    return f"global: {shared}\nroute: {{receiver: a}}\nreceivers: [{{name: a, {text}}}]\n"


LOADED = [
    way("sns_configs: [{topic_arn: a, api_url: sns.example, sigv4: {}}]"),
    way("pushover_configs: [{user_key: a, token: b, url: plain}]"),
    way("opsgenie_configs: [{api_key: a, responders: [{name: x, type: Team}, {id: y, type: user}]}]"),
    way("opsgenie_configs: [{api_key: '', api_key_file: b, http_config: }]"),
    way("slack_configs: [{api_url: 'http://h.example', fields: [{title: a, value: 1}], actions: [{type: a, text: b, url: c}]}]"),
    way("email_configs: [{to: a, from: b, smarthost: 'm:25', auth_password: c, auth_password_file: d, headers: {x: 1}}]"),
    beside(""),
    beside("templates:"),
    beside("global:"),
    beside("inhibit_rules: [{}]"),
    beside("mute_time_intervals: [{name: x, time_intervals: [{weekdays: [monday]}]}]"),
    beside("time_intervals: [{name: x, time_intervals: null}]"),
    "route: {receiver: a, continue: false, matchers: [], match: {}}\n" + TWO,
    "route: {receiver: 1}\nreceivers: [{name: 1}]\n",
    "route: {receiver: a, routes: [&x {receiver: b}, {<<: *x, continue: true}]}\n" + TWO,
    branch("{matchers: }"),
    branch("{matchers: [null, '', 'a=b, c=d', '{e=\"f\"}']}"),
    branch("{receiver: , continue: yes, match: {a: null, b: true}, match_re: {c: ''}}"),
    branch("{group_by: ['...'], group_wait: 0, group_interval: 1d12h, repeat_interval: 5m}"),
    clause("{}"),
    clause("{times: [{start_time: 11:05, end_time: 24:00}]}"),
    clause("{weekdays: [Monday], days_of_month: [1, '5:-1'], months: [1, 'may:july'], years: [2026]}"),
    clause("{location: Local}"),
    way("webhook_configs: [{url: 'HTTP://h.example:8080/x', send_resolved: on}]"),
    way("webhook_configs: "),
    way("slack_configs: [{channel: x}]", "{slack_api_url: 'http://h.example/'}"),
    way("email_configs: [{to: a, from: b, smarthost: 'm.example:25'}]", "{smtp_require_tls: no}"),
    way("victorops_configs: [{api_key: a, routing_key: b}]"),
    way("pushover_configs: [{user_key: a, token: b}]"),
    way("telegram_configs: [{bot_token: a, chat_id: 1, api_url: 'http://h.example'}]"),
    way("webex_configs: [{room_id: a, http_config: {authorization: {credentials: b}}}]"),
    way("wechat_configs: [{api_secret: a, corp_id: b}]"),
    way("pagerduty_configs: [{service_key: a, routing_key: b}]"),
]  # fmt: skip

REFUSED = {
    "route: [x]\nreceivers: []\n": "`route` is no mapping",
    beside("foo: 1"): "`alertmanager.yml` has no field `foo`",
    beside("templates: x"): "`templates` is no list",
    beside("global: x"): "`global` is no mapping",
    beside("global: {resolve_timeout: 5}"): "`resolve_timeout` is no duration; write it as `5m`",
    beside("global: {smtp_require_tls: perhaps}"): "`smtp_require_tls` is neither true nor false",
    beside("global: {smtp_smarthost: m}"):
        "`smtp_smarthost` is no host and port; write it as `mail.example:25`",
    beside("global: {opsgenie_api_url: x}"): "`opsgenie_api_url` is no address of the web",
    beside("inhibit_rules: x"): "`inhibit_rules` is no list",
    beside("inhibit_rules: {equal: [a]}"): "`inhibit_rules` is no list",
    beside("inhibit_rules: [{foo: 1}]"): "`inhibit_rules` has no field `foo`",
    beside("inhibit_rules: [{equal: a}]"): "`equal` is no list",
    beside("inhibit_rules: [{source_match: {a-b: c}}]"): "`a-b` is no label's name",
    beside("inhibit_rules: [{target_match_re: {a-b: c}}]"): "`a-b` is no label's name",
    beside("time_intervals: [{name: x, foo: 1}]"): "`time_intervals` has no field `foo`",
    branch("x"): "`routes` is no mapping",
    branch("null"): "`routes` has an empty item",
    branch("{routes: {receiver: b}}"): "`routes` is no list",
    branch("{routes: ''}"): "`routes` is no list",
    branch("{recevier: b}"): "`routes` has no field `recevier`",
    branch("{receiver: [a]}"): "`receiver` is no text",
    branch("{continue: perhaps}"): "`continue` is neither true nor false",
    branch("{continue: 1}"): "`continue` is neither true nor false",
    branch("{match: [a]}"): "`match` is no mapping",
    branch("{match: {a: {b: c}}}"): "`a` is no text",
    branch("{match: {a.b: c}}"): "`a.b` is no label's name",
    branch("{match_re: {a: [b]}}"): "`a` is no text",
    branch("{matchers: x=y}"): "`matchers` is no list",
    branch("{matchers: ''}"): "`matchers` is no list",
    branch("{matchers: [[x]]}"): "`matchers` is no text",
    branch("{group_by: [a, a]}"): "`group_by` has `a` twice",
    branch("{group_by: ['']}"): "`group_by` has a label without a name",
    branch("{group_by: [null]}"): "`group_by` has a label without a name",
    branch("{group_by: ['...', a]}"): "`group_by` has `...` and other labels at once",
    branch("{group_by: a}"): "`group_by` is no list",
    branch("{group_wait: 5}"): "`group_wait` is no duration; write it as `5m`",
    branch("{group_wait: ''}"): "`group_wait` is no duration; write it as `5m`",
    branch("{group_interval: 0s}"): "`group_interval` cannot be zero",
    branch("{repeat_interval: 12h1d}"): "`repeat_interval` is no duration; write it as `5m`",
    branch("{mute_time_intervals: x}"): "`mute_time_intervals` is no list",
    branch("{active_time_intervals: [null]}"): "no time interval is called ``",
    clause("{day: 1}"): "`time_intervals` has no field `day`",
    clause("{weekdays: monday}"): "`weekdays` is no list",
    clause("{times: {start_time: '09:00', end_time: '10:00'}}"): "`times` is no list",
    clause("{times: [{start_time: '09:00', end_time: '10:00', foo: 1}]}"): "`times` has no field `foo`",
    "route: {receiver: a}\nreceivers: {name: a}\n": "`receivers` is no list",
    "route: {receiver: a}\n": "no receiver is called `a`",
    "route: {receiver: a}\nreceivers: [{name: a, foo: 1}]\n": "`receivers` has no field `foo`",
    "route: {receiver: a}\nreceivers: [{name: [x]}]\n": "`name` is no text",
    way("webhook_configs: {url: 'http://h.example/'}"): "`webhook_configs` is no list",
    way("webhook_configs: [x]"): "`webhook_configs` is no mapping",
    way("webhook_configs: [{url: 'http://h.example', send_resolved: perhaps}]"):
        "`send_resolved` is neither true nor false",
    way("webhook_configs: [{url: 'http:///x'}]"): "`url` is no address of the web",
    way("slack_configs: [{api_url: 'ftp://h.example/'}]"): "`api_url` is no address of the web",
    way("email_configs: [{to: a, from: b, smarthost: m}]"):
        "`smarthost` is no host and port; write it as `mail.example:25`",
    way("victorops_configs: [{api_key: a}]"): "a victorops integration needs `routing_key`",
    way("pushover_configs: [{user_key: a}]"): "a pushover integration needs `token`",
    way("telegram_configs: [{bot_token: a}]"): "a telegram integration needs `chat_id`",
    way("webex_configs: [{}]"): "a webex integration needs `room_id`",
    way("wechat_configs: [{api_secret: a}]"):
        "a wechat integration needs `corp_id`, or `wechat_api_corp_id` in `global`",
    way("sns_configs: [{}]"):
        "a sns integration needs one of `topic_arn`, `target_arn`, `phone_number`",
    way("sns_configs: [{topic_arn: a, phone_number: b}]"):
        "a sns integration takes only one of `topic_arn` and `phone_number`",
    way("telegram_configs: [{bot_token: a, chat_id: 0}]"):
        "a telegram integration needs a `chat_id` that is not 0",
    way("telegram_configs: [{bot_token: a, chat_id: x}]"): "`chat_id` is no number",
    way("webex_configs: [{room_id: a}]"):
        "a webex integration needs `authorization` in its `http_config`",
    way("webhook_configs: [{url: 'http://h.example', http_config: x}]"): "`http_config` is no mapping",
    way("email_configs: [{to: a, from: b, smarthost: 'm:25', headers: x}]"): "`headers` is no mapping",
    way("slack_configs: [{api_url: 'http://h.example', fields: [{title: a}]}]"):
        "`fields` has an item without `value`",
    way("slack_configs: [{api_url: 'http://h.example', actions: [{type: a, text: b}]}]"):
        "`actions` has an item without `url` or `name`",
    way("opsgenie_configs: [{api_key: a, responders: [{type: team}]}]"):
        "`responders` has an item without `id`, `name` or `username`",
    way("opsgenie_configs: [{api_key: a, responders: [{name: x, type: crew}]}]"):
        "`responders` has an item of the unknown type `crew`",
    beside("inhibit_rules: [{equal: ['']}]"): "`equal` has a label without a name",
    way("labels: {name: b}"): "the label `name` of a receiver is its own name",
}  # fmt: skip

NEWER = [
    branch("{labels: {reason: '{{ x }}'}}"),
    beside("tracing: {endpoint: 'h.example:4317'}"),
    way("webhook_configs: [{url: '{{ x }}'}]"),
    way("future_configs: [{url: 'http://h.example'}]"),
    way("labels: {name: a, team: db}"),
    way("slack_configs: [{app_token: x}]"),
    way("slack_configs: [{channel: x}]", "{slack_app_token_file: x}"),
]
"""What Alertmanager takes only since a version after 0.28."""


def verdict(text: str) -> list[str] | None:
    """Why we refuse a configuration; None where we read it."""
    assert READER.read is not None
    found = READER.read("am.yml", list(documents(text.encode())))
    if found.routers:
        return None
    return [one.reason.removeprefix("Alertmanager would not load it: ") for one in found.not_read]


@pytest.mark.parametrize("text", [*LOADED, *NEWER])
def test_what_is_loaded(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_what_is_refused(text: str, reason: str) -> None:
    assert verdict(text) == [reason]


def test_amtool_says_the_same(tmp_path: Path) -> None:
    program = amtool.needed()
    for number, text in enumerate([*LOADED, *REFUSED]):
        file = tmp_path / f"{number}.yml"
        file.write_text(text)
        done = subprocess.run([program, "check-config", file], capture_output=True, check=False)
        assert (done.returncode == 0) is (text in LOADED), (text, done)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("http://h.example", True), ("https://u:p@h.example:1/x?y#z", True), ("http://[::1]:8/", True),
     ("http://", False), ("h.example", False), ("http://h:x/", False), ("http://h y/", False),
     ("http://[bad", False), ("{{ x }}", False), ("ftp://h.example", False), ("http://h:99999/", True),
     ("http://:80", True), ("https:h", False), ("http://u@/", False), ("http://h/%zz", False),
     ("http://h/%20 ä?%#%41", True), (" http://h/", False), ("http://h/\n", False), ("http://h#%", False)],
)  # fmt: skip
def test_addresses(text: str, wanted: bool) -> None:
    assert is_address(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("h:25", True), ("[::1]:25", True), (":25", True), ("h", False), ("h:", False), ("::1:25", False)],
)  # fmt: skip
def test_hosts_and_ports(text: str, wanted: bool) -> None:
    assert has_port(text) is wanted
