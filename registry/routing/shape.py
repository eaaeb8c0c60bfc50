"""What Alertmanager refuses of a configuration's form: unknown fields, and values of a wrong kind.

The fields are those of its `config/config.go` and `timeinterval/timeinterval.go` up to 0.31. Those
of `global` and of integrations are not looked at by name: each version adds some, and none of them
changes a route.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from registry.source.foreign import Value
from registry.span import Span

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_DURATION = re.compile(
    r"(?=.)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?|0", re.ASCII
)
_ODD = re.compile(r"[\s<>\"{}|\\^`]")
_ALL = "..."


class Flaw(NamedTuple):
    """What is wrong, and where."""

    reason: str
    at: Span


Check = Callable[[str, Value], Iterator[Flaw]]
"""Looks at the value of a named field."""


def flaws(configuration: Value) -> Iterator[Flaw]:
    """Yield what Alertmanager would refuse of a whole configuration's form, in order."""
    yield from _CONFIGURATION("alertmanager.yml", configuration)


def is_address(text: str) -> bool:
    """Whether Alertmanager takes a text for an address of the web."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # a wrong port is told only when asked for
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not _ODD.search(parts.netloc)


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


def _group_by(name: str, value: Value) -> Iterator[Flaw]:
    yield from _list(_text)(name, value)
    found = [one.text or "" for one in value.items or ()]
    if _ALL in found and set(found) != {_ALL}:
        yield Flaw(f"`{name}` has `...` and other labels at once", value.at)
    for at, one in enumerate(value.items or ()):
        if not one.text:
            yield Flaw(f"`{name}` has a label without a name", one.at)
        elif one.text in found[:at] and one.text != _ALL:
            yield Flaw(f"`{name}` has `{one.text}` twice", one.at)


def _route(name: str, value: Value) -> Iterator[Flaw]:
    if value.is_null:
        yield Flaw(f"`{name}` has an empty item", value.at)
    yield from _ROUTE(name, value)


def _receiver(name: str, value: Value) -> Iterator[Flaw]:
    """Check a receiver; any kind of integration may be one of a version to come."""
    for key, one in (value.fields or {}).items():
        if key.endswith("_configs"):
            yield from _list(_INTEGRATION)(key, one)
    fields = [key for key in value.fields or () if key.endswith("_configs")]
    yield from _mapping({"name": _text, **dict.fromkeys(fields, _anything)})(name, value)


_ROUTE = _mapping({
    "receiver": _text, "group_by": _group_by, "match": _of_labels, "match_re": _of_labels,
    "matchers": _list(_text), "mute_time_intervals": _list(_text),
    "active_time_intervals": _list(_text), "continue": _flag, "routes": _list(_route),
    "group_wait": _duration, "group_interval": _some_time, "repeat_interval": _some_time,
    "labels": _mapping({}, _text),
})  # fmt: skip
_INTEGRATION = _mapping({
    "send_resolved": _flag, "smarthost": _host, "url": _templated, "webhook_url": _address,
    "api_url": _address,
}, _anything)  # fmt: skip
_SOURCE = _mapping({"matchers": _list(_text), "equal": _list(_text)})
_INHIBITION = _mapping({
    "name": _text, "source_match": _of_labels, "source_match_re": _of_labels,
    "source_matchers": _list(_text), "sources": _list(_SOURCE), "target_match": _of_labels,
    "target_match_re": _of_labels, "target_matchers": _list(_text), "equal": _list(_text),
})  # fmt: skip
_CLAUSE = _mapping({
    "times": _list(_mapping({"start_time": _text, "end_time": _text})), "weekdays": _list(_text),
    "days_of_month": _list(_text), "months": _list(_text), "years": _list(_text), "location": _text,
})  # fmt: skip
_INTERVAL = _mapping({"name": _text, "time_intervals": _list(_CLAUSE)})
_GLOBAL = _mapping({
    "resolve_timeout": _duration, "smtp_require_tls": _flag, "smtp_smarthost": _host,
    **dict.fromkeys(
        ("slack_api_url", "pagerduty_url", "opsgenie_api_url", "wechat_api_url", "webex_api_url",
         "victorops_api_url", "telegram_api_url", "rocketchat_api_url", "jira_api_url",
         "mattermost_webhook_url"), _address),
}, _anything)  # fmt: skip
_CONFIGURATION = _mapping({
    "global": _GLOBAL, "route": _ROUTE, "receivers": _list(_receiver), "templates": _list(_text),
    "inhibit_rules": _list(_INHIBITION), "mute_time_intervals": _list(_INTERVAL),
    "time_intervals": _list(_INTERVAL), "tracing": _mapping({}, _anything),
})  # fmt: skip
