"""Where the parts of Grafana's alerting stand in each of its forms, and what a rule asks.

The forms are provisioning files, which are also what Grafana exports, the answers of its HTTP API
(lists of rules, contact points and mute timings, a group, the tree of policies, groups by folder)
and the whole configuration of its own Alertmanager.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from registry.source.foreign import Value
from registry.span import Span

_STEPS = frozenset({"__expr__", "-100"})
"""Data sources that are steps of Grafana's own."""
_KEEPING = frozenset({"reduce", "threshold", "resample", "math"})
"""Steps that give each series its labels; classic conditions and SQL do not."""
_INPUTS = re.compile(r"\$\{([^}]*)\}|\$(\w+)")
_POLICY = ("receiver", "routes", "object_matchers")
_MANAGED = "grafana_managed_receiver_configs"


class GrafanaRule(NamedTuple):
    """A rule, the part of it that has its title and queries, its group, and its folder's name."""

    whole: Value
    own: Value
    group: str
    folder: tuple[str, Span] | None


def rules(document: Value) -> Iterator[GrafanaRule]:
    """Yield the rules of groups, of a list of rules, and of groups by folder."""
    for group in (document, *document.each("groups")):
        folder = group.get("folder")
        named = (folder.text, folder.at) if folder is not None and folder.text else None
        yield from _rules(group, group.string("name") or group.string("title") or "", named)
    for rule in document.items or (document,):
        if rule.get("title") is not None and rule.get("data") is not None:
            yield GrafanaRule(rule, rule, rule.string("ruleGroup") or "", None)
    for key, groups in document.pairs():
        place = document.keys.get(key, groups.at)
        for group in (groups.items or ()) if key != "groups" else ():
            found = _rules(group, group.string("name") or "", (key, place))
            yield from (one for one in found if one.own is not one.whole)


def _rules(group: Value, name: str, folder: tuple[str, Span] | None) -> Iterator[GrafanaRule]:
    """Yield those rules of a group that are Grafana's, be they whole or not."""
    for rule in group.each("rules"):
        own = rule.get("grafana_alert") or rule
        if own.get("data") is not None or (own.get("title") and own.get("condition")):
            yield GrafanaRule(rule, own, name, folder)


def points(document: Value) -> Iterator[tuple[Value, tuple[Value, ...]]]:
    """Yield each contact point with its integrations; several may have one name."""
    for point in document.each("contactPoints"):
        yield point, point.each("receivers")
    for point in document.items or ():
        if point.get("uid") is not None and point.get("settings") is not None:
            yield point, (point,)
    for point in document.each("alertmanager_config", "receivers") if _is_own(document) else ():
        yield point, point.each(_MANAGED)


def policies(document: Value) -> Iterator[Value]:
    """Yield the root of each tree of policies."""
    for policy in document.each("policies"):
        if any(map(policy.get, _POLICY)):
            yield policy
    is_tree = document.get("receiver") is not None and document.get("provenance") is not None
    if is_tree or any(one.get("object_matchers") is not None for one in document.each("routes")):
        yield document
    root = document.get("alertmanager_config", "route")
    if root is not None and _is_own(document):
        yield root


def mutes(document: Value) -> Iterator[Value]:
    """Yield each mute timing."""
    yield from document.each("muteTimes")
    yield from (one for one in document.items or () if one.get("time_intervals") is not None)
    for field in ("mute_time_intervals", "time_intervals") if _is_own(document) else ():
        yield from document.each("alertmanager_config", field)


def query(rule: Value) -> Value | None:
    """Return the query that a rule's condition rests on, if it is one, PromQL, and keeps labels."""
    data = rule.each("data")
    steps = {one.string("refId") or "": one for one in data}
    if len(steps) != len(data):
        return None
    waiting = [rule.string("condition") or ""]
    seen: set[str] = set()
    asked: list[Value] = []
    while waiting:
        step = waiting.pop()
        if step in seen:
            continue
        seen.add(step)
        inputs = _inputs(steps[step]) if step in steps else None
        if inputs is None:
            return None
        asked += [] if inputs else [steps[step]]
        waiting += inputs
    found = asked[0].get("model", "expr") if len(asked) == 1 else None
    return found if found is not None and found.text else None


def _inputs(step: Value) -> list[str] | None:
    """Name the steps that one rests on: none for a query; None where labels are not kept."""
    source = step.string("model", "datasource", "type")
    if step.string("datasourceUid") not in _STEPS and source not in _STEPS:
        return [] if source is None or "prometheus" in source else None
    kind = step.string("model", "type")
    text = step.string("model", "expression")
    if kind not in _KEEPING or not text:
        return None
    named = [braced or bare for braced, bare in _INPUTS.findall(text)]
    return named or (None if kind == "math" else [text])


def _is_own(document: Value) -> bool:
    """Whether it is the whole configuration of Grafana's own Alertmanager."""
    receivers = document.each("alertmanager_config", "receivers")
    return any(one.get(_MANAGED) is not None for one in receivers)
