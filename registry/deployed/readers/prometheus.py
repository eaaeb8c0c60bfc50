"""Prometheus: alerting rules in files and resources, and a server's own configuration.

Reads rule files (also those of vmalert, Thanos and Cortex rulers), PrometheusRule and VMRule
resources, lists of them, rules inside a ConfigMap or Secret, and `prometheus.yml`.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from registry.deployed.model import (
    Deployed,
    DeployedAlert,
    NotRead,
    Sender,
    Skipped,
    Text,
    Where,
    merged,
)
from registry.deployed.reader import Ingester
from registry.source.foreign import UnreadableError, Value, documents
from registry.span import Position, Span

_RESOURCES = frozenset({"PrometheusRule", "VMRule"})
_HOLDERS = frozenset({"ConfigMap", "Secret"})
_SERVER = frozenset({"scrape_configs", "rule_files", "alerting", "remote_write", "remote_read"})
_CHANGING = frozenset({"replace", "lowercase", "uppercase", "hashmod", "keepequal", ""})
_DEPTH = 6
_DURATION = re.compile(r"(?:[0-9]+(?:ms|[smhdwy]))+|0")


def recognizes(document: Value) -> bool:
    """Whether a document holds rules, or is a server's configuration."""
    return (
        next(_rule_groups(document), None) is not None or _is_server(document) or _is_list(document)
    )


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the rules of each document of a file."""
    return merged([_document(name, one) for one in found])


def _document(name: str, document: Value) -> Deployed:
    items = document.each("items") if _is_list(document) else ()
    if items:
        return merged([_document(name, one) for one in items])
    if _is_server(document):
        return Deployed(senders=(_sender(name, document),))
    parts = [_groups(name, groups, space) for groups, space in _rule_groups(document)]
    parts += _held(name, document)
    if parts:
        return merged(parts)
    return Deployed(not_read=(NotRead(Where(name, document.at), "it holds no alerting rules"),))


def _is_list(document: Value) -> bool:
    items = document.each("items")
    return (document.string("kind") or "").endswith("List") and any(map(recognizes, items))


def _is_server(document: Value) -> bool:
    return bool(document.fields) and not _SERVER.isdisjoint(document.fields or ())


def _rule_groups(document: Value, depth: int = _DEPTH) -> Iterator[tuple[Value, str | None]]:
    """Yield each list of groups with its namespace: at the top, in a `spec`, or further down."""
    if document.string("kind") in _HOLDERS:
        if any(_texts(document)):
            yield Value(document.at, items=()), None
        return
    groups = document.get("groups")
    if groups is not None and (groups.items == () or any(map(_is_group, groups.items or ()))):
        yield groups, None
        return
    space = document.string("metadata", "namespace")
    below = document.get("spec") if document.string("kind") in _RESOURCES else None
    for one in (below,) if below is not None else _children(document):
        if depth:
            yield from ((found, inner or space) for found, inner in _rule_groups(one, depth - 1))


def _children(document: Value) -> Iterator[Value]:
    yield from (document.fields or {}).values()
    yield from document.items or ()


def _is_group(value: Value) -> bool:
    return "name" in (value.fields or ()) and any(
        rule.get("alert") or rule.get("record") for rule in value.each("rules")
    )


def _texts(document: Value) -> Iterator[tuple[str, Value, str]]:
    """Yield each file of rules inside a ConfigMap or a Secret: its name, its place, its text."""
    encoded = document.string("kind") == "Secret"
    for field in ("data", "stringData"):
        for key, value in document.pairs(field):
            text = value.text or ""
            text = _decoded(text) if encoded and field == "data" else text
            if "groups:" in text:
                yield key, value, text


def _held(name: str, document: Value) -> Iterator[Deployed]:
    """Read the files inside a ConfigMap or a Secret; places are those of the lines around."""
    if document.string("kind") not in _HOLDERS:
        return
    for key, value, text in _texts(document):
        try:
            inner = [_moved(one, value) for one in documents(text.encode())]
        except UnreadableError as error:
            reason = f"`{key}` inside it is no YAML: {error.reason}"
            yield Deployed(not_read=(NotRead(Where(name, value.at), reason),))
            continue
        yield merged([_document(name, one) for one in inner])


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _moved(document: Value, holder: Value) -> Value:
    """Place what stands in a block of text: a line below the block's mark for each of its lines."""
    first = holder.at.start.line

    def down(span: Span) -> Span:
        line = min(first + span.start.line, max(holder.at.end.line, first))
        return Span(Position(line, 1), Position(line, 1 if line > first else 2))

    return Value(
        down(document.at),
        document.text,
        tuple(_moved(one, holder) for one in document.items)
        if document.items is not None
        else None,
        {key: _moved(one, holder) for key, one in document.fields.items()}
        if document.fields is not None
        else None,
        {key: down(span) for key, span in document.keys.items()},
        document.tag,
    )


def _groups(name: str, groups: Value, space: str | None) -> Deployed:
    alerts: list[DeployedAlert] = []
    not_read: list[NotRead] = []
    recording = 0
    for group in groups.items or ():
        title = group.string("name") or ""
        for rule in group.each("rules"):
            if rule.get("alert") is not None:
                alert = _alert(name, rule, title, space)
                alerts += [alert] if isinstance(alert, DeployedAlert) else []
                not_read += [alert] if isinstance(alert, NotRead) else _unrendered(name, rule)
            elif rule.get("record") is not None:
                recording += 1
            else:
                where = Where(name, rule.at)
                not_read.append(NotRead(where, "a rule with neither `alert` nor `record`"))
    skipped = [Skipped(name, "recording rules", recording)] if recording else []
    if not alerts and not recording and not not_read and groups.items == ():
        skipped.append(Skipped(name, "rule groups", 0))
    return Deployed(alerts=tuple(alerts), not_read=tuple(not_read), skipped=tuple(skipped))


def _alert(name: str, rule: Value, group: str, space: str | None) -> DeployedAlert | NotRead:
    title = rule.get("alert")
    expr = rule.get("expr")
    if title is None or title.text is None:
        return NotRead(Where(name, rule.at), "an alert whose name is no text")
    if expr is None or expr.text is None:
        where = Where(name, rule.keys.get("expr", title.at))
        return NotRead(where, f"the alert `{title.text}` has no `expr`")
    return DeployedAlert(
        title.text,
        Where(name, title.at),
        group=group,
        expr=Text(expr.text, Where(name, expr.at)),
        labels=_texts_of(name, rule, "labels"),
        annotations=_texts_of(name, rule, "annotations"),
        namespace=space,
    )


def _unrendered(name: str, rule: Value) -> list[NotRead]:
    """Say what Prometheus would refuse, and the file with it: a template's mark, as a rule."""
    value = rule.get("for")
    if value is None or _DURATION.fullmatch(value.text or ""):
        return []
    reason = f"`for: {value.text}` is no duration: is it a template that was not rendered?"
    return [NotRead(Where(name, value.at), reason)]


def _texts_of(name: str, rule: Value, field: str) -> dict[str, Text]:
    """Read labels or annotations; one without a value is none to Prometheus either."""
    return {
        key: Text(value.text, Where(name, value.at))
        for key, value in rule.pairs(field)
        if value.text
    }


def _sender(name: str, document: Value) -> Sender:
    labels = document.get("global", "external_labels")
    external = {
        key: Text(value.text, Where(name, value.at))
        for key, value in (labels.pairs() if labels is not None else ())
        if value.text
    }
    changed: set[str] = set()
    for rule in document.each("alerting", "alert_relabel_configs"):
        action = (rule.string("action") or "").lower()
        target = rule.string("target_label")
        if action in {"keep", "drop"}:
            continue
        if action not in _CHANGING or target is None or "$" in target:
            return Sender(Where(name, document.at), external, None)
        changed.add(target)
    return Sender(Where(name, document.at), external, frozenset(changed))


INGESTER = Ingester("prometheus", "rules", "Prometheus rule files and resources", recognizes, read)
