"""Prometheus: alerting rules in files and resources, and a server's own configuration.

Reads rule files (also those of vmalert, Thanos, Mimir, Cortex and Loki), PrometheusRule and VMRule
resources, lists of them, rules and `prometheus.yml` inside a ConfigMap, a Secret or a chart's
values, and what the servers' own APIs answer: their rules, and the configuration that they run.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.deployed import rule_groups
from registry.deployed.model import (
    FILE,
    Deployed,
    NotRead,
    Origin,
    Skipped,
    Unloaded,
    Where,
    merged,
)
from registry.deployed.reader import Reader
from registry.deployed.resources import Resource, resource
from registry.deployed.rule_groups import Found
from registry.deployed.server_config import is_server, sender
from registry.source.embedded import HOLDERS, Held, held, inside
from registry.source.foreign import UnreadableError, Value

_RESOURCES = frozenset({"PrometheusRule", "VMRule", "AlertingRule"})
_RULES = re.compile(r"""(?m)^[ \t]*["']?groups["']?[ \t]*:""")
_CONFIG = re.compile(r"(?m)^(?:scrape_configs|rule_files|alerting|remote_write|remote_read)[ \t]*:")
_DEPTH = 7
_ANSWER = Origin("answer")


class _Configuration(NamedTuple):
    """A server's configuration, and what it stands in."""

    document: Value
    origin: Origin


_Part = Found | _Configuration | NotRead
"""Groups of rules, a server's configuration, or what could not be read."""


def recognizes(document: Value) -> bool:
    """Whether a document holds rules, or is a server's configuration."""
    return next(_parts("", document, FILE, _DEPTH), None) is not None


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the rules and configurations of each document of a file."""
    parts: list[Deployed] = []
    plain = 0
    for document in found:
        pieces = list(_parts(name, document, FILE, _DEPTH))
        for one in pieces:
            part = _read(name, one)
            is_plain = isinstance(one, Found) and one.origin == FILE
            plain += is_plain
            parts.append(_later(part) if is_plain and plain > 1 else part)
        if not pieces:
            lost = NotRead(Where(name, document.at), "it holds no alerting rules")
            parts.append(Deployed(not_read=(lost,)))
    return merged([Deployed(), *parts])


def _read(name: str, part: _Part) -> Deployed:
    if isinstance(part, NotRead):
        return Deployed(not_read=(part,))
    if isinstance(part, Found):
        return rule_groups.read(name, part)
    return Deployed(senders=(sender(name, part.document, part.origin),))


def _later(part: Deployed) -> Deployed:
    """Note that a document is not a file's first, which is all that Prometheus reads."""
    reason = "Prometheus reads only the first document of a file"
    alerts = tuple(one._replace(taker="vmalert", refusal=reason) for one in part.alerts)
    first = {one.where.file: one.where for one in reversed(alerts)}
    aside = tuple(Skipped(one, "later documents that only vmalert takes", 1) for one in first)
    lost = tuple(Unloaded(one, reason, taker="vmalert") for one in first.values())
    return part._replace(
        alerts=alerts, skipped=(*part.skipped, *aside), unloaded=(*part.unloaded, *lost)
    )


# -- where rules and configurations stand ------------------------------------------------------


def _parts(name: str, document: Value, origin: Origin, depth: int) -> Iterator["_Part"]:
    if depth <= 0:
        return
    kind = document.string("kind")
    if kind in HOLDERS:
        for one in held(document):
            yield from _inside(name, one, Origin("held", resource(document), one.key), depth)
        return
    if kind is not None and kind.endswith("List") and document.each("items"):
        for item in document.each("items"):
            yield from _parts(name, item, origin, depth)
        return
    if depth == _DEPTH or origin.kind == "held":
        if is_server(document):
            yield _Configuration(document, origin)
            return
        if (answer := _answered(name, document)) is not None:
            yield answer
            return
    yield from _grouped(name, document, origin, depth)


def _grouped(name: str, document: Value, origin: Origin, depth: int) -> Iterator["_Part"]:
    kind = document.string("kind")
    is_whole = depth == _DEPTH or origin.kind == "held"
    groups = document.get("groups")
    is_plain = is_whole and kind is None and _is_plain(document)
    if is_plain or (groups is not None and _are_some(groups)):
        stands = (
            origin if is_whole or origin.kind == "resource" else Origin("resource", Resource(""))
        )
        space = stands.resource.namespace if stands.resource is not None else None
        yield Found(document, (groups.items if groups is not None else None) or (), space, stands)
        return
    if is_whole and kind is None and (ruler := list(_ruled(document, depth))):
        yield from ruler
        return
    if kind in _RESOURCES:
        origin = Origin("resource", resource(document))
        children = {"spec": document.get("spec") or Value(document.at)}
    else:
        children = dict(document.fields or {})
    for key, one in children.items():
        if one.text is not None and "\n" in one.text and kind not in _RESOURCES:
            yield from _inside(name, Held(key, one, one.text), Origin("held", None, key), depth - 1)
        else:
            yield from _parts(name, one, origin, depth - 1)
    for one in document.items or ():
        yield from _parts(name, one, origin, depth - 1)


def _inside(name: str, text: Held, origin: Origin, depth: int) -> Iterator["_Part"]:
    """Read a text that is a file of rules or a configuration; any other is passed over."""
    if not (_RULES.search(text.text) or _CONFIG.search(text.text)):
        return
    try:
        documents = inside(text)
    except UnreadableError as error:
        reason = f"`{text.key}` inside it is no YAML: {error.reason}"
        yield NotRead(Where(name, text.holder.at), reason)
        return
    for one in documents:
        yield from _parts(name, one, origin, depth)


def _are_some(groups: Value) -> bool:
    return groups.items == () or any(map(_is_group, groups.items or ()))


def _is_plain(document: Value) -> bool:
    """Whether a document is a rule file by its form, be it one without a rule, or a wrong one."""
    fields = document.fields or {}
    if "groups" not in fields or not fields.keys() <= {"groups", "namespace"}:
        return False
    return all(
        one.get("name") is not None
        and "rules" in (one.fields or ())
        and all(rule.get("expr") or rule.get("alert") for rule in one.each("rules"))
        for one in fields["groups"].items or ()
    )


def _is_group(value: Value) -> bool:
    return "name" in (value.fields or ()) and any(
        rule.get("alert") or rule.get("record") for rule in value.each("rules")
    )


# -- what a server answers ---------------------------------------------------------------------


def _answered(name: str, document: Value) -> "_Part | None":
    """Tell the answers of `/api/v1/rules` and `/api/v1/status/config`, which are JSON.

    Grafana answers in the same form for rules of its own, which no Alertmanager routes.
    """
    data = document.get("data")
    if document.string("status") != "success" or data is None:
        return None
    text = data.get("yaml")
    if text is not None and text.text:
        try:
            found = inside(Held("yaml", text, text.text))
        except UnreadableError:
            return None
        return _Configuration(found[0], _ANSWER) if found and is_server(found[0]) else None
    if data.get("groups") is None:
        return None
    if any(one.get("folderUid") is not None for one in data.each("groups")):
        reason = "Grafana's own rules in the form of Prometheus' API: export them as alert rules"
        return NotRead(Where(name, document.at), reason)
    groups = tuple(map(_as_written, data.each("groups")))
    return Found(document, groups, None, _ANSWER)


def _as_written(group: Value) -> Value:
    """Turn a group of the API's answer into what its file would say."""
    rules = tuple(
        one._replace(
            fields={_RENAMED[one.string("type") or ""].get(k, k): v for k, v in one.pairs()}
        )
        for one in group.each("rules")
        if one.string("type") in _RENAMED
    )
    kept = {"name": group.get("name"), "rules": Value(group.at, items=rules)}
    return Value(group.at, fields={key: one for key, one in kept.items() if one is not None})


_RENAMED = {
    "alerting": {"name": "alert", "query": "expr"},
    "recording": {"name": "record", "query": "expr"},
}
"""Kinds of rules in the answer, and the fields of a rule file that theirs are."""


def _ruled(document: Value, depth: int) -> Iterator[Found]:
    """Yield groups as a ruler answers them: a group alone, by namespace, and by tenant above."""
    if _is_group(document):
        yield Found(document, (document,), None, _ANSWER)
    elif document.fields and all(_are_groups(one) for one in document.fields.values()):
        for space in document.fields.values():
            yield Found(document, space.items or (), None, _ANSWER)
    elif document.fields and depth > _DEPTH - 1:
        found = [list(_ruled(one, depth - 1)) for one in document.fields.values() if one.fields]
        if len(found) == len(document.fields) and all(found):
            yield from (one for each in found for one in each)


def _are_groups(value: Value) -> bool:
    return (
        bool(value.items)
        and all(
            one.get("name") is not None and one.get("rules") is not None
            for one in value.items or ()
        )
        and any(map(_is_group, value.items or ()))
    )


READER = Reader("prometheus", "rules", "Prometheus rule files and resources", recognizes, read)
