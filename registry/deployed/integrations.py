"""Integrations of a receiver: where they send to, as far as it may be shown, and what they lack.

A key, a token or the path of an address is never shown; Alertmanager's own checks are those of its
`config/config.go` and `config/notifiers.go`, 0.28, and an operator's those of the Prometheus
operator's `pkg/alertmanager/validation`.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from registry.source.foreign import Value

_FIELDS = {
    "slack": ("channel", "channel_id"),
    "mattermost": ("channel",),
    "rocketchat": ("channel",),
    "email": ("to",),
    "sns": ("topic_arn", "target_arn"),
    "telegram": ("chat_id",),
    "webex": ("room_id",),
    "wechat": ("to_party", "to_user"),
    "jira": ("project",),
    "pagerduty": ("class", "component", "group"),
}
_FILES = ("routing_key_file", "service_key_file", "api_key_file", "url_file", "webhook_url_file")
_ADDRESSES = ("url", "webhook_url", "api_url")

_KEYS = {
    "slack": (("api_url", "slack_api_url"),),
    "opsgenie": (("api_key", "opsgenie_api_key"),),
    "victorops": (("api_key", "victorops_api_key"), ("routing_key", None)),
    "wechat": (("api_secret", "wechat_api_secret"), ("corp_id", "wechat_api_corp_id")),
    "rocketchat": (("token", "rocketchat_token"), ("token_id", "rocketchat_token_id")),
    "telegram": (("bot_token", "telegram_bot_token"), ("chat_id", None)),
    "mattermost": (("webhook_url", "mattermost_webhook_url"),),
    "discord": (("webhook_url", None),),
    "webhook": (("url", None),),
    "webex": (("room_id", None),),
    "pushover": (("user_key", None), ("token", None)),
    "jira": (("project", None), ("issue_type", None), ("api_url", "jira_api_url")),
    "incidentio": (("url", None),),
    "msteams": (("webhook_url", None),),
    "msteamsv2": (("webhook_url", None),),
    "email": (("to", None), ("smarthost", "smtp_smarthost"), ("from", "smtp_from")),
}
"""What an integration needs: its own field, or the one of `global`; each may be a file's name."""

_INSTEAD = {("slack", "api_url"): ("app_token", "slack_app_token")}
"""What does as well from a later version on, of its own and of `global`."""

_ONE_OF = {
    "pagerduty": ("routing_key", "service_key", "routing_key_file", "service_key_file"),
    "sns": ("topic_arn", "target_arn", "phone_number"),
}

_SELECTED = {
    **_FIELDS,
    "sns": ("topicARN", "targetARN", "topic_arn", "target_arn"),
    "telegram": ("chatID", "chat_id"),
    "webex": ("roomID", "room_id"),
    "victorops": ("routingKey", "routing_key"),
    "pagerduty": (),
}
_SELECTORS = ("routingKey", "routing_key", "serviceKey", "service_key", "apiKey", "api_key")
_ASKED = {
    "email": (("to",),),
    "webhook": (("url", "urlSecret", "url_secret"),),
    "pagerduty": (_SELECTORS[:4],),
    "victorops": (("routingKey", "routing_key"),),
    "telegram": (("chatID", "chat_id"),),
    "pushover": (
        ("userKey", "userKeyFile", "user_key", "user_key_file"),
        ("token", "tokenFile", "token_file"),
    ),
    "sns": (("topicARN", "targetARN", "phoneNumber", "topic_arn", "target_arn", "phone_number"),),
}
"""What an operator asks of an integration: one of each of these, as either operator spells it."""


def refusal(kind: str, value: Value, shared: Value | None) -> str | None:
    """Say why Alertmanager would refuse an integration; `shared` is the section `global`."""
    return next(_refusals(kind, value, shared), None)


def both(value: Value) -> str | None:
    """Name a secret that is given twice, as itself and as a file; None where there is none.

    What a mail server asks of its sender may be given twice.
    """
    for key in value.fields or ():
        if value.string(key) and value.string(f"{key}_file") and not key.startswith("auth_"):
            return key
    return None


def _refusals(kind: str, value: Value, shared: Value | None) -> Iterator[str]:
    if (twice := both(value)) is not None:
        yield f"at most one of `{twice}` and `{twice}_file` may be set"
    needed = _ONE_OF.get(kind, ())
    found = [one for one in needed if value.string(one)]
    if needed and not found:
        yield f"a {kind} integration needs one of `{'`, `'.join(needed)}`"
    if kind == "sns" and len(found) == 2:
        yield f"a sns integration takes only one of `{found[0]}` and `{found[1]}`"
    if kind == "telegram" and value.string("chat_id") == "0":
        yield "a telegram integration needs a `chat_id` that is not 0"
    for own, common in _KEYS.get(kind, ()):
        instead = _INSTEAD.get((kind, own), (None, None))
        given = any(_is_given(value, one) for one in (own, instead[0]))
        inherited = any(_is_given(shared, one) for one in (common, instead[1]))
        if not given and not inherited:
            yield f"a {kind} integration needs `{own}`" + (
                f", or `{common}` in `global`" if common else ""
            )
    if kind == "webex" and value.get("http_config", "authorization") is None:
        yield "a webex integration needs `authorization` in its `http_config`"


def _is_given(value: Value | None, field: str | None) -> bool:
    """Whether a field is filled in, or the one that names a file with its content."""
    if value is None or field is None:
        return False
    return bool(value.string(field) or value.string(f"{field}_file"))


def target(kind: str, value: Value) -> tuple[str | None, str | None]:
    """Return what may be shown of where it goes, and what identifies a pager's service.

    Of an address only the host is shown: its path and query are often the secret themselves. The
    name of a file that holds a key tells one service from another, and no secret.
    """
    texts = (value.string(field) for field in _FIELDS.get(kind, ()))
    shown = next((text for text in texts if text), None)
    file = next((text for text in map(value.string, _FILES) if text), None)
    return shown or file or _host(value), file


def rejection(kind: str, value: Value) -> str | None:
    """Name a field that an operator asks of an integration and that it lacks."""
    for fields in _ASKED.get(kind, ()):
        found = filter(None, map(value.get, fields))
        if all(one.is_null or one.text == "" for one in found):
            return fields[0]
    return None


def selected(kind: str, value: Value) -> tuple[str | None, str | None]:
    """Return what may be shown of where an operator's integration goes, and its pager's service.

    A pager's service is told by the name of the secret that holds its key and the key's place in
    it, never by what stands there.
    """
    texts = map(value.string, _SELECTED.get(kind, ()))
    service = next(filter(None, map(_selector, map(value.get, _SELECTORS))), None)
    return next(filter(None, texts), None) or service or _host(value), service


def _selector(value: Value | None) -> str | None:
    name = value.string("name") if value is not None else None
    return f"{name}/{value.string('key') or ''}" if value is not None and name else None


def host(text: str) -> str | None:
    """Return the host of an address; None where it is no address."""
    try:
        return urlsplit(text).hostname
    except ValueError:
        return None


def _host(value: Value) -> str | None:
    text = next(filter(None, map(value.string, _ADDRESSES)), None)
    return host(text) if text is not None else None
