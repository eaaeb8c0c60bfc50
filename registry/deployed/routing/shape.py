"""What Alertmanager refuses of a configuration's form: unknown fields, and values of a wrong kind.

The fields are those of its `config/config.go` and `timeinterval/timeinterval.go` up to 0.34. A
field of `global` or of an integration that has no check here may be one of a version to come: each
adds some, and none of them changes a route.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from registry.source.foreign import Value
from registry.span import Span

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_DURATION = re.compile(
    r"(?=.)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?|0", re.ASCII
)
_NO_HOST = r"@/?#%{}|\\^`\s\x00-\x20\x7f"
_ADDRESS = re.compile(
    r"https?://(?:[\w.~:!$&'()*+,;=%@-]*@)?(?=[^/?#])"
    rf"(?:\[[^]{_NO_HOST}]*](?::\d*)?|(?!\[)(?:[^{_NO_HOST}]*:\d*|[^{_NO_HOST}:]*))"
    r"(?:/(?:[^%?#\x00-\x1f\x7f]|%[\da-f]{2})*)?(?:\?[^#\x00-\x1f\x7f]*)?"
    r"(?:#(?:[^%\x00-\x1f\x7f]|%[\da-f]{2})*)?",
    re.IGNORECASE | re.ASCII,
)
"""What Go's `net/url` takes for an address with a host."""
_ALL = "..."
_RESPONDERS = frozenset({"team", "teams", "user", "escalation", "schedule"})


class Flaw(NamedTuple):
    """What is wrong, and where."""

    reason: str
    at: Span


Check = Callable[[str, Value], Iterator[Flaw]]
"""Looks at the value of a named field."""


def flaws(configuration: Value) -> Iterator[Flaw]:
    """Yield what Alertmanager would refuse of a whole configuration's form, in order."""
    yield from _CONFIGURATION("alertmanager.yml", configuration)


def pace(route: Value, spelled: Callable[[str], str] = str) -> Iterator[Flaw]:
    """Yield what is wrong in how a route groups and waits, in what its operators or Grafana write.

    `spelled` gives the name under which they write a field; an empty text is none for them.
    """
    for field, check in _PACE.items():
        found = route.get(spelled(field))
        if found is not None and found.text != "":
            yield from check(spelled(field), found)


def is_address(text: str) -> bool:
    """Whether Alertmanager takes a text for an address of the web."""
    return _ADDRESS.fullmatch(text) is not None


def has_port(text: str) -> bool:
    """Whether a text is a host and a port."""
    host, colon, port = text.rpartition(":")
    return bool(colon and port) and (":" not in host or host.startswith("["))


def _text(name: str, value: Value) -> Iterator[Flaw]:
    if value.items is not None or value.fields is not None:
        yield Flaw(f"`{name}` is no text", value.at)


def _anything(_name: str, _value: Value) -> Iterator[Flaw]:
    return iter(())


def _flag(name: str, value: Value) -> Iterator[Flaw]:
    if not value.is_null and value.flag() is None:
        yield Flaw(f"`{name}` is neither true nor false", value.at)


def _duration(name: str, value: Value) -> Iterator[Flaw]:
    if not value.is_null and _DURATION.fullmatch(value.text or "") is None:
        yield Flaw(f"`{name}` is no duration; write it as `5m`", value.at)


def _some_time(name: str, value: Value) -> Iterator[Flaw]:
    yield from _duration(name, value)
    if value.text and not re.search("[1-9]", value.text):
        yield Flaw(f"`{name}` cannot be zero", value.at)


def _address(name: str, value: Value) -> Iterator[Flaw]:
    if not value.is_null and not is_address(value.text or "") and value.text != "<secret>":
        yield Flaw(f"`{name}` is no address of the web", value.at)


def _templated(name: str, value: Value) -> Iterator[Flaw]:
    """Check the address of a webhook, which may be a template from 0.30 on."""
    if "{{" not in (value.text or ""):
        yield from _address(name, value)


def _number(name: str, value: Value) -> Iterator[Flaw]:
    if value.text and not re.fullmatch(r"[-+]?\d+", value.text):
        yield Flaw(f"`{name}` is no number", value.at)


def _host(name: str, value: Value) -> Iterator[Flaw]:
    if value.text and not has_port(value.text):
        yield Flaw(f"`{name}` is no host and port; write it as `mail.example:25`", value.at)


def _list(each: Check) -> Check:
    def check(name: str, value: Value) -> Iterator[Flaw]:
        if value.items is None and not value.is_null:
            yield Flaw(f"`{name}` is no list", value.at)
        for one in value.items or ():
            yield from each(name, one)

    return check


def _mapping(fields: Mapping[str, Check], others: Check | None = None) -> Check:
    """Make a check of a mapping; a field that is none of these is refused, or given to `others`."""

    def check(name: str, value: Value) -> Iterator[Flaw]:
        if value.fields is None and not value.is_null:
            yield Flaw(f"`{name}` is no mapping", value.at)
        for key, one in (value.fields or {}).items():
            found = fields.get(key, others)
            if found is not None:
                yield from found(key, one)
            else:
                yield Flaw(f"`{name}` has no field `{key}`", value.keys.get(key, one.at))

    return check


def _of_labels(name: str, value: Value) -> Iterator[Flaw]:
    """Check a mapping of labels to texts, in the old way of writing matchers."""
    yield from _mapping({}, _text)(name, value)
    for key in value.fields or ():
        if _LABEL.fullmatch(key) is None:
            yield Flaw(f"`{key}` is no label's name", value.keys.get(key, value.at))


def _labels(name: str, value: Value) -> Iterator[Flaw]:
    yield from _list(_text)(name, value)
    for one in value.items or ():
        if not one.text:
            yield Flaw(f"`{name}` has a label without a name", one.at)


def _group_by(name: str, value: Value) -> Iterator[Flaw]:
    yield from _labels(name, value)
    found = [one.text or "" for one in value.items or ()]
    if _ALL in found and set(found) != {_ALL}:
        yield Flaw(f"`{name}` has `...` and other labels at once", value.at)
    for at, one in enumerate(value.items or ()):
        if one.text in found[:at] and one.text != _ALL:
            yield Flaw(f"`{name}` has `{one.text}` twice", one.at)


def _route(name: str, value: Value) -> Iterator[Flaw]:
    if value.is_null:
        yield Flaw(f"`{name}` has an empty item", value.at)
    yield from _ROUTE(name, value)


def _needing(*fields: str) -> Check:
    """Make a check of a mapping that must have some texts, and may have anything else."""

    def check(name: str, value: Value) -> Iterator[Flaw]:
        yield from _mapping(dict.fromkeys(fields, _text), _anything)(name, value)
        missing = [one for one in fields if value.fields and not value.string(one)]
        if missing:
            yield Flaw(f"`{name}` has an item without `{missing[0]}`", value.at)

    return check


def _action(name: str, value: Value) -> Iterator[Flaw]:
    yield from _needing("type", "text")(name, value)
    if value.fields and not value.string("url") and not value.string("name"):
        yield Flaw(f"`{name}` has an item without `url` or `name`", value.at)


def _responder(name: str, value: Value) -> Iterator[Flaw]:
    yield from _needing("type")(name, value)
    if not any(map(value.string, ("id", "name", "username"))):
        yield Flaw(f"`{name}` has an item without `id`, `name` or `username`", value.at)
    kind = value.string("type") or "{{"
    if "{{" not in kind and kind.lower() not in _RESPONDERS:
        yield Flaw(f"`{name}` has an item of the unknown type `{kind}`", value.at)


def _way(fields: Mapping[str, Check]) -> Check:
    """Make a check of an integration."""
    both = {"send_resolved": _flag, "http_config": _mapping({}, _anything)}
    return _mapping({**both, **fields}, _anything)


def _receiver(name: str, value: Value) -> Iterator[Flaw]:
    """Check a receiver; any kind of integration may be one of a version to come."""
    integrations = {
        key: _list(_WAYS.get(key.removesuffix("_configs"), _OTHER_WAY))
        for key in value.fields or ()
        if key.endswith("_configs")
    }
    yield from _mapping({"name": _text, "labels": _mapping({}, _text), **integrations})(name, value)
    called = value.get("labels", "name")
    if called is not None and called.text != value.string("name"):
        yield Flaw("the label `name` of a receiver is its own name", called.at)


_WAYS = {
    "webhook": _way({"url": _templated}),
    "slack": _way({"api_url": _address, "fields": _list(_needing("title", "value")),
                   "actions": _list(_action)}),
    "opsgenie": _way({"api_url": _address, "responders": _list(_responder)}),
    "telegram": _way({"api_url": _address, "chat_id": _number}),
    "email": _way({"smarthost": _host, "headers": _mapping({}, _text)}),
    **dict.fromkeys(("pagerduty", "incidentio"), _way({"url": _address})),
    **dict.fromkeys(("wechat", "victorops", "webex", "jira", "rocketchat"),
                    _way({"api_url": _address})),
    **dict.fromkeys(("discord", "msteams", "msteamsv2", "mattermost"),
                    _way({"webhook_url": _address})),
}  # fmt: skip
_OTHER_WAY = _way({})
_PACE = {
    "group_by": _group_by, "group_wait": _duration, "group_interval": _some_time,
    "repeat_interval": _some_time,
}  # fmt: skip
_ROUTE = _mapping({
    "receiver": _text, "match": _of_labels, "match_re": _of_labels, "matchers": _list(_text),
    "mute_time_intervals": _list(_text), "active_time_intervals": _list(_text), "continue": _flag,
    "routes": _list(_route), "labels": _mapping({}, _text), **_PACE,
})  # fmt: skip
_SOURCE = _mapping({"matchers": _list(_text), "equal": _labels})
_INHIBITION = _mapping({
    "name": _text, "source_match": _of_labels, "source_match_re": _of_labels,
    "source_matchers": _list(_text), "sources": _list(_SOURCE), "target_match": _of_labels,
    "target_match_re": _of_labels, "target_matchers": _list(_text), "equal": _labels,
})  # fmt: skip
_CLAUSE = _mapping({
    "times": _list(_mapping({"start_time": _text, "end_time": _text})), "weekdays": _list(_text),
    "days_of_month": _list(_text), "months": _list(_text), "years": _list(_text), "location": _text,
})  # fmt: skip
_INTERVAL = _mapping({"name": _text, "time_intervals": _list(_CLAUSE)})
_GLOBAL = _mapping({
    "resolve_timeout": _duration, "smtp_require_tls": _flag, "smtp_smarthost": _host,
    "http_config": _mapping({}, _anything),
    **dict.fromkeys(
        ("slack_api_url", "pagerduty_url", "opsgenie_api_url", "wechat_api_url", "webex_api_url",
         "victorops_api_url", "telegram_api_url", "rocketchat_api_url", "jira_api_url",
         "mattermost_webhook_url"), _address),
}, _anything)  # fmt: skip
_CONFIGURATION = _mapping({
    "global": _GLOBAL, "route": _ROUTE, "receivers": _list(_receiver), "templates": _list(_text),
    "inhibit_rules": _list(_INHIBITION), "mute_time_intervals": _list(_INTERVAL),
    "time_intervals": _list(_INTERVAL), "tracing": _mapping({}, _anything),
    "event_recorder": _mapping(dict.fromkeys(
        ("outputs", "file_outputs", "webhook_outputs", "kafka_outputs", "stdout_outputs"),
        _list(_anything))),
})  # fmt: skip
