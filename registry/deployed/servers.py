"""Which rules a server loads: by the patterns of its files, and by the selectors of its resource.

Three-valued: what a path of another machine, or a label that no file shows, would decide is not
told, and a rule of which that holds counts as loaded.
"""

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from registry.deployed.model import (
    Deployed,
    DeployedAlert,
    Origin,
    PlacedText,
    Sender,
    Unloaded,
    Where,
)
from registry.deployed.resources import NAME_LABEL, NOTHING, Resource


class _Answer(NamedTuple):
    """Whether a server loads a rule, None where that is not told; and if not, why."""

    loads: bool | None
    reason: str = ""


_UNTOLD = _Answer(None)


def _refusing(reason: str) -> _Answer:
    return _Answer(loads=False, reason=reason)


def loaded(deployed: Deployed, paths: Mapping[str, str]) -> Deployed:
    """Say of each rule which of the servers load it, and why none does.

    `paths` lead from the names under which files are shown to where they are.
    """
    alerts: list[DeployedAlert] = []
    lost: dict[tuple[str, str], Unloaded] = {}
    asked = _ReadyServers(deployed, paths)
    for one in deployed.alerts:
        if one.system != "prometheus" or one.unloaded is not None or not deployed.senders:
            alerts.append(one)
            continue
        answers = asked.answers(one)
        senders = deployed.senders
        mine = tuple(number for number, each in enumerate(answers) if each.loads is not False)
        if not mine:
            reason = "; ".join(dict.fromkeys(each.reason for each in answers))
            first = Unloaded(one.where, reason, senders[0].where, part=one.origin.part)
            lost.setdefault((_place(one), reason), first)
            alerts.append(one._replace(unloaded=reason))
            continue
        sure = tuple(number for number in mine if answers[number].loads)
        alert = one._replace(sent_by=sure or mine)
        alerts.append(_enforced(alert, [senders[number] for number in sure or mine]))
    told = _still_told(deployed, {one.where.file for one in lost.values()})
    return deployed._replace(alerts=tuple(alerts), unloaded=(*told, *lost.values()))


def _still_told(deployed: Deployed, lost: Collection[str]) -> list[Unloaded]:
    """Return what is not loaded, without what something here tells a vmalert to load.

    Nor is that told again of `lost` files, which a server's own configuration keeps away.
    """
    doubtful = {one.where.file for one in deployed.unloaded if one.taker}
    has_vmalert = any(one.kind == "vmalert" for one in deployed.senders) or any(
        one.is_victoria for one in deployed.alertmanagers
    )
    for one in deployed.alerts if doubtful else ():
        own = one.origin.resource
        is_its = one.taker == "vmalert" and one.where.file not in doubtful
        has_vmalert = has_vmalert or is_its or (own is not None and own.kind == "VMRule")
    return [
        one for one in deployed.unloaded
        if not one.taker or not (has_vmalert or one.where.file in lost)
    ]  # fmt: skip


def _place(alert: DeployedAlert) -> str:
    """Name the file, or the resource in it, that a rule stands in."""
    own = alert.origin.resource
    return f"{alert.where.file} {own.called if own is not None else ''} {alert.origin.key}"


def _enforced(alert: DeployedAlert, senders: Sequence[Sender]) -> DeployedAlert:
    """Give a rule its own namespace as a label, where each of its servers enforces that."""
    names = {one.enforced for one in senders}
    name = next(iter(names))
    own = alert.origin.resource
    if len(names) > 1 or name is None or own is None or own.namespace is None:
        return alert
    if any(one in sender.spared for one in _names(own) for sender in senders):
        return alert
    labels = {**alert.labels, name: PlacedText(own.namespace, alert.where)}
    return alert._replace(labels=labels)


def _names(own: Resource) -> tuple[tuple[str, str | None], ...]:
    """Return the ways in which a server may name a resource: with its namespace, or that alone."""
    space = own.namespace or ""
    return (space, own.name), (space, None)


class _ReadyServers:
    """The servers of a set of files, ready to be asked about each rule.

    `paths` lead from the names under which files are shown to where they are.
    """

    def __init__(self, deployed: Deployed, paths: Mapping[str, str]) -> None:
        self.senders = deployed.senders
        self.spaces = {one.name: one.labels for one in deployed.namespaces}
        self.paths = paths
        self._known: dict[tuple[str, str, str], list[_Answer]] = {}
        self._keys: dict[str, set[str]] = {}
        for one in deployed.alerts:
            if one.origin.kind == "held":
                self._keys.setdefault(_holder(one.where, one.origin), set()).add(one.origin.key)

    def answers(self, alert: DeployedAlert) -> list[_Answer]:
        """Ask each server; the rules of one file or resource are asked once."""
        key = (alert.origin.kind, _place(alert), alert.taker)
        if key not in self._known:
            self._known[key] = [self._answer(one, alert) for one in self.senders]
        return self._known[key]

    def _answer(self, sender: Sender, alert: DeployedAlert) -> _Answer:
        origin = alert.origin
        if origin.kind == "answer":
            return _UNTOLD
        if sender.origin.kind == "resource":
            return _by_selector(sender, alert, self.spaces)
        if sender.rule_files is None or origin.kind != sender.origin.kind:
            return _UNTOLD
        patterns = [one.value for one in sender.rule_files]
        if origin.kind == "file":
            named = self._names(sender, patterns, alert.where.file)
        else:
            named = self._names_key(sender, patterns, alert)
        if named and alert.taker in _OTHERS:
            return _refusing(f"{alert.refusal}; only {alert.taker} takes it")
        if named is not False or alert.taker in _OTHERS:
            return _Answer(named or None)
        return _refusing(f"no `rule_files` pattern of {sender.where.file} names it")

    def _names(self, sender: Sender, patterns: Sequence[str], file: str) -> bool | None:
        """Whether patterns name a file; a path that only the server has proves nothing."""
        base = posixpath.dirname(self._path(sender.where.file))
        path = self._path(file)
        said: list[bool | None] = []
        for one in patterns:
            whole = posixpath.normpath(posixpath.join(base, one))
            is_here = whole.startswith(f"{base}/") or not one.startswith("/")
            said.append(True if _matches(whole, path) else False if is_here else None)
        return True if True in said else None if None in said else False

    def _names_key(
        self, sender: Sender, patterns: Sequence[str], alert: DeployedAlert
    ) -> bool | None:
        """Whether patterns name a file of the very ConfigMap that holds the configuration.

        All its files lie in one folder: that of the configuration, and of any that is named.
        """
        if _holder(sender.where, sender.origin) != _holder(alert.where, alert.origin):
            return None
        last = [posixpath.basename(one) for one in patterns]
        if any(_matches(one, alert.origin.key) for one in last):
            return True
        keys = self._keys.get(_holder(alert.where, alert.origin), ())
        known = any(_matches(one, key) for one in last for key in keys)
        return False if known or all("/" not in one for one in patterns) else None

    def _path(self, file: str) -> str:
        return posixpath.normpath(self.paths.get(file, file))


_OTHERS = frozenset({"vmalert", "Loki", "Mimir", "Thanos"})
"""Systems whose rules Prometheus refuses, as far as they are theirs alone."""


def _holder(where: Where, origin: Origin) -> str:
    own = origin.resource
    return f"{where.file} {own.called if own is not None else ''}"


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern of Go's `filepath.Glob` matches a path: no sign crosses a folder."""
    wanted, found = pattern.split("/"), path.split("/")
    try:
        return len(wanted) == len(found) and all(
            fnmatchcase(each, one.replace("[^", "[!"))
            for one, each in zip(wanted, found, strict=True)
        )
    except re.error:
        return False


def _by_selector(
    sender: Sender, alert: DeployedAlert, spaces: Mapping[str, Mapping[str, str]]
) -> _Answer:
    """Whether a server's resource selects the resource of a rule."""
    own = alert.origin.resource
    if alert.origin.kind != "resource" or own is None or not own.kind:
        return _UNTOLD
    by_labels = sender.rules.selects(own.labels) if sender.rules is not None else None
    owner = sender.origin.resource
    called = f"{owner.kind} `{owner.called}`" if owner is not None else "server"
    if sender.rules == NOTHING:
        return _refusing(f"the {called} has no `ruleSelector`, and loads no rules")
    if by_labels is False and sender.rules is not None:
        return _refusing(f"the {called} loads only rules with {sender.rules.text}")
    if sender.namespaces is not None and own.namespace is not None:
        known = {**spaces.get(own.namespace, {}), NAME_LABEL: own.namespace}
        if sender.namespaces.selects(known, complete=own.namespace in spaces) is False:
            text = sender.namespaces.text
            return _refusing(f"the {called} loads only rules of namespaces with {text}")
    return _Answer(by_labels)
