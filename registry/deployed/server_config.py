"""A server's own configuration: what it adds to alerts, which it drops, and which rules it loads.

Reads `prometheus.yml` and what stands in its place: the specs of operators' resources, which write
one of it, and the values of charts, which write those.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from registry.deployed.model import FILE, Origin, PlacedText, Relabel, Sender, Where
from registry.deployed.resources import (
    NOTHING,
    Resource,
    Selector,
    own_namespace,
    resource,
    selector,
)
from registry.source.foreign import Value

_SERVER = frozenset({"scrape_configs", "rule_files", "alerting", "remote_write", "remote_read"})
_KINDS = frozenset({"Prometheus", "ThanosRuler", "VMAlert"})
UNTOLD = "$"
"""Stands for a value that only the server's surroundings tell."""
_ACTIONS = frozenset(
    ("replace", "keep", "drop", "keepequal", "dropequal", "hashmod", "labelmap", "labeldrop",
     "labelkeep", "lowercase", "uppercase")
)  # fmt: skip


def is_server(document: Value) -> bool:
    """Whether a document is a `prometheus.yml`; promtool's unit tests name rule files, too."""
    fields = document.fields or {}
    is_test = "tests" in fields
    return document.string("kind") is None and not is_test and not _SERVER.isdisjoint(fields)


def sender(name: str, document: Value, origin: Origin = FILE) -> Sender:
    """Read a `prometheus.yml`."""
    steps = relabels(name, document.get("alerting", "alert_relabel_configs"))
    goals = document.each("alerting", "alertmanagers")
    steps = _both(steps, _of_goals(name, goals, "alert_relabel_configs"))
    patterns = document.get("rule_files")
    files = tuple(
        PlacedText(one.text, Where(name, one.at)) for one in document.each("rule_files") if one.text
    )
    return Sender(
        Where(name, document.at),
        texts(name, document.get("global", "external_labels")),
        steps,
        files if patterns is not None and origin.kind != "answer" else None,
        origin=origin,
        # What names no rule files may scrape for a vmalert that evaluates them.
        tells_group=False if patterns is not None else None,
    )


Steps = tuple[Relabel, ...] | None
"""Steps of relabelling; None where they are not told."""


def _both(first: Steps, then: Steps) -> Steps:
    return (*first, *then) if first is not None and then is not None else None


def _of_goals(name: str, goals: Sequence[Value], field: str) -> Steps:
    """Read the steps that each Alertmanager has for itself: of several nothing is told."""
    own = [one for each in goals if (one := each.get(field)) is not None and one.items]
    if len(goals) == 1 or not own:
        return relabels(name, own[0] if own else None)
    return None


def texts(name: str, value: Value | None) -> dict[str, PlacedText]:
    """Read a mapping of labels to values."""
    return {
        key: PlacedText(one.text, Where(name, one.at))
        for key, one in (value.pairs() if value is not None else ())
        if one.text
    }


def relabels(name: str, value: Value | None) -> Steps:
    """Read steps of relabelling, as Prometheus or an operator spells them; None: not told."""
    if value is None:
        return ()
    if value.items is None:
        return None
    found = [_relabel(name, one) for one in value.items]
    return tuple(one for one in found if one is not None) if None not in found else None


def _relabel(name: str, value: Value) -> Relabel | None:
    def said(*fields: str) -> Value | None:
        return next((one for field in fields if (one := (value.fields or {}).get(field))), None)

    def text(default: str, *fields: str) -> str:
        found = said(*fields)
        return default if found is None else found.text or ""

    action = (text("", "action") or "replace").lower()
    modulus = text("0", "modulus")
    sources = said("source_labels", "sourceLabels")
    if action not in _ACTIONS or re.fullmatch("[0-9]{1,19}", modulus) is None:
        return None
    return Relabel(
        Where(name, value.at),
        action,
        tuple(one.text or "" for one in (sources.items if sources is not None else None) or ()),
        text(";", "separator"),
        text("(.*)", "regex"),
        text("", "target_label", "targetLabel"),
        text("$1", "replacement"),
        int(modulus),
    )


# -- operators ---------------------------------------------------------------------------------


def is_operated(document: Value) -> bool:
    """Whether a document is a resource that runs a server of rules."""
    return document.string("kind") in _KINDS


def operated(name: str, document: Value) -> Sender:
    """Read a resource that runs a server."""
    spec = document.get("spec") or Value(document.at)
    return of_spec(name, spec, resource(document))


def of_spec(name: str, spec: Value, owner: Resource, *, is_chart: bool = False) -> Sender:
    """Read the spec of a server's resource, be it in a chart's values."""
    kind = owner.kind
    is_victoria = kind == "VMAlert"
    labels = texts(name, spec.get("labels" if kind == "ThanosRuler" else "externalLabels"))
    steps: Steps = ()
    if kind == "Prometheus":
        labels, steps = _prometheus(name, spec, owner, labels)
    elif is_victoria:
        labels |= _flagged(name, spec.get("extraArgs", "external.label"))
    for field in ("additionalAlertRelabelConfigs", "alertRelabelConfigs"):
        found = spec.get(field)
        more = relabels(name, found) if found is None or found.items is not None else None
        steps = _both(steps, more)
    steps = _both(
        steps, _of_goals(name, spec.each("alerting", "alertmanagers"), "alertRelabelings")
    )
    if any(spec.get(one) is not None for one in _UNTOLD_STEPS):
        steps = None
    enforced = spec.string("enforcedNamespaceLabel")
    rules, spaces = _chosen(spec, owner, is_chart=is_chart)
    return Sender(
        Where(name, spec.at),
        labels,
        steps,
        kind="vmalert" if is_victoria else "thanos" if kind == "ThanosRuler" else "prometheus",
        origin=Origin("resource", owner),
        rules=rules,
        namespaces=spaces,
        enforced=enforced or None,
        spared=tuple(_spared(spec)),
        overrides=is_victoria,
        tells_group=is_victoria and not spec.flag("extraArgs", "disableAlertgroupLabel"),
    )


def _flagged(name: str, value: Value | None) -> dict[str, PlacedText]:
    """Read labels that stand in a flag: `name=value`, a list of them, or several after commas."""
    if value is None:
        return {}
    where = Where(name, value.at)
    texts = [one.text or "" for one in value.items or (value,)]
    pairs = (one.partition("=") for text in texts for one in text.split(","))
    return {key: PlacedText(found, where) for key, _, found in pairs if key and found}


def selectors(
    spec: Value, objects: str, spaces: str, owner: Resource
) -> tuple[Selector | None, Selector | None]:
    """Read what a resource selects, and in which namespaces; None where that is not told.

    Without a selector of objects the Prometheus operator takes none of them, and without one of
    namespaces only its own. VictoriaMetrics' takes all of a namespace, but none at all without
    both, unless `selectAllByDefault` is set.
    """
    mine, places = selector(spec.get(objects)), selector(spec.get(spaces))
    if not owner.kind.startswith("VM"):
        mine = NOTHING if _is_absent(spec, objects) else mine
        return mine, own_namespace(owner) if _is_absent(spec, spaces) else places
    if not _is_absent(spec, objects):
        return mine, own_namespace(owner) if _is_absent(spec, spaces) else places
    if _is_absent(spec, spaces) and not spec.flag("selectAllByDefault"):
        return NOTHING, places
    return Selector(), places


def _is_absent(spec: Value, field: str) -> bool:
    found = spec.get(field)
    return found is None or found.is_null


def _chosen(
    spec: Value, owner: Resource, *, is_chart: bool
) -> tuple[Selector | None, Selector | None]:
    """Read which rules a server selects. What a chart's values leave out, others may say.

    Rules of other namespaces, where none is asked for, may have been put into its own.
    """
    if is_chart:
        return selector(spec.get("ruleSelector")), None
    rules, _ = selectors(spec, "ruleSelector", "ruleNamespaceSelector", owner)
    return rules, selector(spec.get("ruleNamespaceSelector"))


def _spared(spec: Value) -> Iterator[tuple[str, str | None]]:
    """Yield the namespaces, and names in them, of rules that get no enforced label."""
    for one in spec.each("excludedFromEnforcement"):
        if one.string("resource") == "prometheusrules":
            yield one.string("namespace") or "", one.string("name") or None
    for one in spec.each("prometheusRulesExcludedFromEnforce"):
        yield one.string("ruleNamespace") or "", one.string("ruleName") or ""


_UNTOLD_STEPS = (
    "additionalAlertRelabelConfigsSecret", "alertRelabelConfigFile", "notifierConfigRef",
)  # fmt: skip
"""Fields that leave the relabelling to a Secret."""


def _prometheus(
    name: str, spec: Value, owner: Resource, labels: Mapping[str, PlacedText]
) -> tuple[dict[str, PlacedText], tuple[Relabel, ...]]:
    """Add what the operator adds: a label of the server, and one of the replica, which it drops.

    Where the resource sets one of the same name, the operator takes no notice of it.
    """
    where = Where(name, spec.at)
    found = dict(labels)
    own = _named(spec, "prometheusExternalLabelName", "prometheus")
    if own and not spec.flag("prometheusExternalLabelNameClear"):
        value = owner.called if owner.name and owner.namespace else UNTOLD
        found[own] = PlacedText(value, where)
    replica = _named(spec, "replicaExternalLabelName", "prometheus_replica")
    if not replica or spec.flag("replicaExternalLabelNameClear"):
        return found, ()
    found[replica] = PlacedText(UNTOLD, where)
    return found, (Relabel(where, "labeldrop", regex=replica),)


def _named(spec: Value, field: str, default: str) -> str:
    written = spec.get(field)
    return default if written is None else written.text or ""


# -- charts ------------------------------------------------------------------------------------

_DEPTH = 6
_SPECS = {"prometheusSpec": "Prometheus", "thanosRulerSpec": "ThanosRuler"}


def of_values(name: str, document: Value) -> list[Sender]:
    """Read the servers of a chart's values: the operator's stack, and Prometheus' own chart."""
    return list(_of_values(name, document, _DEPTH))


def _of_values(name: str, value: Value, depth: int) -> Iterator[Sender]:
    if value.get("serverFiles") is not None:
        yield _of_chart(name, value)
        return
    for key, one in value.pairs():
        if key in _SPECS and one.fields is not None:
            yield of_spec(name, one, Resource(_SPECS[key]), is_chart=True)
        elif key == "vmalert" and one.get("spec") is not None:
            yield of_spec(name, one.get("spec") or one, Resource("VMAlert"), is_chart=True)
        elif depth and one.fields is not None:
            yield from _of_values(name, one, depth - 1)


def _of_chart(name: str, values: Value) -> Sender:
    """Read the values of Prometheus' own chart, which puts its parts together itself."""
    inner = values.get("serverFiles", "prometheus.yml")
    found = sender(name, inner) if inner is not None else Sender(Where(name, values.at))
    labels = texts(name, values.get("server", "global", "external_labels"))
    steps = relabels(name, values.get("alertRelabelConfigs", "alert_relabel_configs"))
    both: Sequence[Relabel] | None = None
    if steps is not None and found.relabelling is not None:
        both = (*found.relabelling, *steps)
    return found._replace(
        external_labels={**found.external_labels, **labels},
        relabelling=None if both is None else tuple(both),
        rule_files=None,
    )
