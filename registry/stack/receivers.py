"""Receivers of Alertmanager: what each is called, and how it notifies.

A receiver has the name that a binding gives to whom it stands for, else `SECTION/ID`. Secrets stand
in files of the server, which are named here and never written.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from registry.model.bindings import Binding
from registry.model.people import Channel
from registry.stack.generator import Missing, Order
from registry.stack.names import escaped_template

SECRETS = "/etc/alertmanager/opmodel"
"""The folder of the server in which it looks for secrets."""
NOWHERE = "http://fill-in.invalid"
"""An address that leads nowhere, by the name that is kept for that (RFC 2606)."""
_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@]+([/?#][^\s]*)?")
_SLACK = f"{SECRETS}/slack-url"
_SMARTHOST, _SENDER = "localhost:25", "alertmanager@localhost"


class StackReceiver(NamedTuple):
    """A receiver as it is written, the part of `global` that it needs, and what is to be done.

    `fill_in` says what has to be put where.
    """

    written: Mapping[str, object]
    shared: Mapping[str, object]
    fill_in: str
    missing: Missing | None = None


class Receivers:
    """The receivers of a registry, by whom they stand for."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self._bound: dict[str, str] = {}
        for one in order.workspace.all(Binding).values():
            if one.receiver is not None and one.means is not None:
                self._bound.setdefault(one.means, one.receiver)

    def name(self, section: str, id_: str) -> str:
        """Name the receiver that stands for an id."""
        return self._bound.get(id_, f"{section}/{id_}")

    def of(self, section: str, id_: str) -> StackReceiver:
        """Write the receiver that stands for an id."""
        name = self.name(section, id_)
        if section == "channels":
            return self._channel(name, id_, self.order.workspace.all(Channel)[id_])
        file = f"{SECRETS}/{section}/{id_}"
        config = {"routing_key_file": file}
        fill_in = f"{file}: the key of the pager's service for `{id_}`"
        return StackReceiver({"name": name, "pagerduty_configs": [config]}, {}, fill_in)

    def _channel(self, name: str, id_: str, channel: Channel) -> StackReceiver:
        address = channel.address or ""
        if self.order.is_secret(address):
            address = ""
        if channel.kind == "slack":
            return self._slack(name, id_, address)
        if channel.kind == "email":
            return self._email(name, id_, address)
        return self._webhook(name, id_, address)

    def _slack(self, name: str, id_: str, address: str) -> StackReceiver:
        is_room = address.startswith(("#", "@"))
        missing = None if is_room else self._lack(id_, "no room, as `#alerts`: the webhook's own")
        config = {"channel": escaped_template(address)} if is_room else {}
        fill_in = f"{_SLACK}: the address of Slack's incoming webhook"
        written = {"name": name, "slack_configs": [config]}
        return StackReceiver(written, {"slack_api_url_file": _SLACK}, fill_in, missing)

    def _email(self, name: str, id_: str, address: str) -> StackReceiver:
        if "@" not in address:
            missing = self._lack(id_, "no e-mail address: nothing is sent there")
            return StackReceiver({"name": name}, {}, "", missing)
        shared = {"smtp_smarthost": _SMARTHOST, "smtp_from": _SENDER}
        fill_in = f"{_SMARTHOST}: a mail server that takes what {_SENDER} sends"
        written = {"name": name, "email_configs": [{"to": escaped_template(address)}]}
        return StackReceiver(written, shared, fill_in)

    def _webhook(self, name: str, id_: str, address: str) -> StackReceiver:
        url, fill_in, missing = address, "", None
        if _URL.fullmatch(address):
            url = address.replace("{{", "%7B%7B")  # the same address, and no template
            fill_in = f"{address}: what takes Alertmanager's webhook there"
        else:
            url = f"{NOWHERE}/channels/{id_}"
            missing = self._lack(id_, f"no address of the web: {url} stands for it")
        return StackReceiver(
            {"name": name, "webhook_configs": [{"url": url}]}, {}, fill_in, missing
        )

    def _lack(self, id_: str, message: str) -> Missing:
        return self.order.missing("channels", id_, ("address",), message)
