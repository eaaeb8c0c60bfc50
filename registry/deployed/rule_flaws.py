"""What Prometheus refuses of a rule file: it takes the file as a whole or not at all.

The checks are those of its `model/rulefmt`; the fields are those of 3.8. A field that another
system has is told apart, by the system that takes it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from registry.deployed import go_template
from registry.deployed.promql.parse import problem
from registry.source.foreign import Value
from registry.span import Span

_DURATION = re.compile(
    r"(?=.)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?|0", re.ASCII
)
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_LONGEST = 2_000
"""Characters of a query that are searched for another language."""
_NUMBER = re.compile(r"[-+]?\d+")
_LOGQL = re.compile(
    r"\|[=~>]|!>|\|\s*(?:json|logfmt|regexp|pattern|unpack|unwrap|line_format|label_format|drop|keep"
    r"|decolorize|distinct|label_replace)\b|\{[^{}]*\}\s*(?:!=|!~)?\s*[`\"]|\{[^{}]*\}\s*\|"
    r"|\b(?:bytes_over_time|bytes_rate|count_over_time|rate)\s*\(\s*\{[^{}]*\}\s*[|!]"
)
_METRICSQL = re.compile(
    r"\bWITH\s*\(|\bkeep_metric_names\b|\b(?:default|if|ifnot)\b|\[\s*\d*\.?\d+i\s*\]|\[[^\]]*\$__",
    re.IGNORECASE,
)
_ITS_FUNCTIONS = re.compile(
    r"unknown function with name '(?:rollup|range_|running_|median|share|mad"
    r"|outliers|increase_pure|increase_prometheus|rate_over_sum|rate_prometheus|default_rollup"
    r"|label_|alias|union|limit_offset|histogram_over_time|share_|count_|lag|lifetime|hoeffding|zscore"
    r"|tlast|tfirst|tmax|tmin|remove_resets|now|step|start|end|distinct|geomean|mode|any|sum2|duration_"
    r"|integrate|interpolate|keep_|buckets_limit|prometheus_buckets|sort_by_label_numeric|timezone|ascent"
    r"|descent|ideriv|rate_over|scrape_interval|stale_|topk_|bottomk_|first_|quantiles|aggr_)",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"expected type (?:matrix|vector|scalar) in|must contain only scalar and instant vector"
    r"|not allowed in binary scalar expression|wrong number of arguments for aggregate"
)
"""What is wrong with a query of which only the types do not fit: vmalert asks for none."""
_NEWER = {"query_offset": "Prometheus 2.53 and later", "labels": "Prometheus 3.0 and later"}
_UTF8 = "Prometheus 3.0 and later"
_GROUP_OTHERS = {
    **dict.fromkeys(
        ("concurrency", "type", "tenant", "params", "headers", "notifier_headers", "eval_offset",
         "eval_delay", "eval_alignment", "debug", "extra_filter_labels", "checksum"), "vmalert"),
    **dict.fromkeys(
        ("source_tenants", "evaluation_delay", "align_evaluation_time_on_interval",
         "remote_write"), "Mimir"),
    "partial_response_strategy": "Thanos",
}  # fmt: skip
_LANGUAGES = frozenset({"graphite", "vlogs"})
"""Languages of queries that vmalert knows beside its own, by the `type` of a group."""
_RULE_OTHERS = {"debug": "vmalert", "update_entries_limit": "vmalert"}
_TOP_OTHERS = {"namespace": "Mimir"}


_UNRENDERED = re.compile(r"<%|%>|\{\{|\$\{[A-Za-z_]")
"""What another program than the server is to replace, where the server itself has no templates."""


_ASKED = ": is it a template that was not rendered?"


class RuleFlaw(NamedTuple):
    """What is wrong, and where; `taker` is the system that takes it all the same.

    With `is_template` it is what another program is to make a rule file of. With `is_likely` it is
    rather a mistake than written for that system.
    """

    reason: str
    at: Span
    taker: str = ""
    is_template: bool = False
    is_likely: bool = False


Check = Callable[[str, Value], Iterable[RuleFlaw]]
"""Says what is wrong with a field."""


def of_file(document: Value) -> Iterator[RuleFlaw]:
    """Yield what Prometheus would refuse of a whole file, in order."""
    yield from _mapping("the file", document, {"groups": _anything}, _TOP_OTHERS)
    groups = document.get("groups")
    if groups is not None:
        yield from of_groups(groups)


def of_groups(groups: Value, *, fields: bool = True) -> Iterator[RuleFlaw]:
    """Yield what is wrong with groups of rules; without `fields`, whatever fields there are."""
    if groups.items is None and not groups.is_null:
        yield RuleFlaw("`groups` is no list", groups.at)
    seen: set[str] = set()
    for group in groups.items or ():
        if fields:
            yield from _mapping("a group", group, _GROUP, _GROUP_OTHERS)
        name = group.string("name")
        if not name:
            yield RuleFlaw("a group without a name", group.at)
        elif name in seen:
            yield RuleFlaw(f"two groups `{name}` in one file", group.keys.get("name", group.at))
        seen.add(name or "")
        is_promql = group.string("type") not in _LANGUAGES
        for rule in group.each("rules"):
            yield from _rule(rule, fields=fields, is_promql=is_promql)


def _rule(rule: Value, *, fields: bool, is_promql: bool) -> Iterator[RuleFlaw]:
    if rule.is_null:
        return
    if fields:
        yield from _mapping("a rule", rule, _RULE, _RULE_OTHERS)
    alert, record, expr = rule.string("alert"), rule.string("record"), rule.string("expr")
    called = f"`{alert or record}`" if alert or record else "a rule"
    if alert and record:
        yield RuleFlaw("a rule with both `alert` and `record`", rule.keys.get("record", rule.at))
    if not alert and not record:
        yield RuleFlaw("a rule with neither `alert` nor `record`", rule.at)
    if not expr:
        yield RuleFlaw(f"{called} has no `expr`", rule.keys.get("expr", rule.at))
    elif is_promql:
        yield from _query(called, expr, rule)
    if record and not alert:
        yield from _recording(record, rule)
    for field in ("labels", "annotations"):
        found = rule.get(field)
        for key, one in found.mapping().items() if found is not None else ():
            wrong = _name_flaw(field[:-1], key)
            if wrong is not None and found is not None:
                yield RuleFlaw(wrong[0], found.keys.get(key, one.at), wrong[1])
            wrong = go_template.flaw(one.text or "") if alert else None
            if wrong is not None:
                taker = "vmalert" if wrong[1] in go_template.OTHERS else ""
                yield RuleFlaw(f"the template of `{key}` does not parse: {wrong[0]}", one.at, taker)


@lru_cache(maxsize=1024)
def _name_flaw(what: str, name: str) -> tuple[str, str] | None:
    """Check a label's or an annotation's name; from 3.0 on it may have any character.

    Return what is wrong with it, and who takes it all the same. Rules have the same few.
    """
    if not name or (what == "label" and name == "__name__"):
        return f"`{name}` is no {what}'s name", ""
    if _LABEL.fullmatch(name) is None:
        return f"`{name}` is a {what}'s name only to Prometheus 3.0 and later", _UTF8
    return None


def _query(called: str, expr: str, rule: Value) -> Iterator[RuleFlaw]:
    wrong = problem(expr)
    if wrong is None:
        return
    start = expr[:_LONGEST]
    taker = "Loki" if _LOGQL.search(start) else ""
    if not taker and (_METRICSQL.search(start) or _ITS_FUNCTIONS.search(wrong)):
        taker = "vmalert"
    is_likely = not taker and _TYPES.search(wrong) is not None
    at = rule.fields["expr"].at if rule.fields else rule.at
    is_template = _UNRENDERED.search(expr) is not None
    reason = f"the query of {called} does not parse: {wrong}{_ASKED * is_template}"
    yield RuleFlaw(reason, at, "vmalert" if is_likely else taker, is_template, is_likely)


def _recording(record: str, rule: Value) -> Iterator[RuleFlaw]:
    for field in ("annotations", "for", "keep_firing_for"):
        found = rule.get(field)
        if found is not None and (found.fields or (found.text and _is_long(found.text))):
            yield RuleFlaw(f"a recording rule has no `{field}`", rule.keys.get(field, rule.at))
    if _METRIC.fullmatch(record) is None:
        reason = f"`{record}` is a metric's name only to {_UTF8}"
        yield RuleFlaw(reason, rule.keys.get("record", rule.at), _UTF8)


def _is_long(text: str) -> bool:
    return re.search("[1-9]", text) is not None


# -- forms -------------------------------------------------------------------------------------


def _mapping(
    what: str, value: Value, fields: Mapping[str, Check], others: Mapping[str, str]
) -> Iterator[RuleFlaw]:
    if value.fields is None:
        if not value.is_null:
            yield RuleFlaw(f"{what} is no mapping", value.at)
        return
    for key, one in value.fields.items():
        check = fields.get(key)
        if check is not None:
            if not one.is_null:
                yield from check(key, one)
            if key in _NEWER and fields is _GROUP:
                yield RuleFlaw(
                    f"`{key}` needs {_NEWER[key]}", value.keys.get(key, one.at), _NEWER[key]
                )
            continue
        taker = others.get(key, "")
        known = f"; {taker} has it" if taker else ""
        reason = f"{what} has no field `{key}`{known}"
        yield RuleFlaw(reason, value.keys.get(key, one.at), taker)


def _anything(_name: str, _value: Value) -> Iterable[RuleFlaw]:
    return ()


def _text(name: str, value: Value) -> Iterable[RuleFlaw]:
    return () if value.text is not None else (RuleFlaw(f"`{name}` is no text", value.at),)


def _texts(name: str, value: Value) -> Iterable[RuleFlaw]:
    if value.fields is None:
        return (RuleFlaw(f"`{name}` is no mapping", value.at),)
    return [
        RuleFlaw(f"`{key}` in `{name}` is no text", one.at)
        for key, one in value.fields.items()
        if one.items is not None or one.fields is not None
    ]


def _list(name: str, value: Value) -> Iterable[RuleFlaw]:
    return () if value.items is not None else (RuleFlaw(f"`{name}` is no list", value.at),)


def _duration(name: str, value: Value) -> Iterable[RuleFlaw]:
    if _DURATION.fullmatch(value.text or "") is not None:
        return ()
    said = value.text if value.text is not None else "…"
    is_template = _UNRENDERED.search(said) is not None
    reason = f"`{name}: {said}` is no duration{_ASKED * is_template}"
    return (RuleFlaw(reason, value.at, is_template=is_template),)


def _number(name: str, value: Value) -> Iterable[RuleFlaw]:
    if _NUMBER.fullmatch(value.text or "") is not None:
        return ()
    return (RuleFlaw(f"`{name}` is no number", value.at),)


_GROUP: Mapping[str, Check] = {
    "name": _text, "interval": _duration, "query_offset": _duration, "limit": _number,
    "labels": _texts, "rules": _list,
}  # fmt: skip
_RULE: Mapping[str, Check] = {
    "record": _text, "alert": _text, "expr": _text, "for": _duration,
    "keep_firing_for": _duration, "labels": _texts, "annotations": _texts,
}  # fmt: skip
