"""Servers as operators' resources and charts' values, and the namespaces that they choose by.

Reads Prometheus, ThanosRuler, VMAlert, Alertmanager and VMAlertmanager, Namespace, and the values
of the charts that make such resources. What they leave to a Secret is not told here.
"""

from collections.abc import Iterator, Sequence

from registry.deployed import server_config
from registry.deployed.model import (
    Deployed,
    Matcher,
    Namespace,
    NotRead,
    Operated,
    Sender,
    Where,
    merged,
)
from registry.deployed.reader import Reader
from registry.deployed.resources import Resource, resource, selector
from registry.deployed.routing.matcher import parse
from registry.deployed.routing.refusal import Refusal
from registry.source.embedded import HOLDERS, Held, held, inside
from registry.source.foreign import UnreadableError, Value

_ROUTERS = frozenset({"Alertmanager", "VMAlertmanager"})
_MARKS = ("prometheusSpec", "alertmanagerSpec", "serverFiles", "vmalert")
_DEPTH = 6
_CHARTS = frozenset({None, "HelmRelease", "Application", "HelmChart", "HelmChartConfig"})


def recognizes(document: Value) -> bool:
    """Whether a document is such a resource, a list of them, or a chart's values."""
    return any(True for _ in _resources(document)) or any(True for _ in _values(document, _DEPTH))


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read what each document says of servers."""
    parts = [_resource(name, one) for document in found for one in _resources(document)]
    for document in found:
        for one in _values(document, _DEPTH):
            routers = list(_of_values(name, one, _DEPTH))
            parts += [_servers(server_config.of_values(name, one)), _routers(routers)]
    return merged([Deployed(), *parts])


def _resources(document: Value) -> Iterator[Value]:
    for one in (document, *document.each("items")):
        kind = one.string("kind")
        if server_config.is_operated(one) or kind in _ROUTERS or kind == "Namespace":
            yield one


def _resource(name: str, document: Value) -> Deployed:
    if server_config.is_operated(document):
        return _servers([server_config.operated(name, document)])
    if document.string("kind") == "Namespace":
        return _namespace(name, document)
    spec = document.get("spec") or Value(document.at)
    return _routers([_router(name, spec, resource(document))])


def _routers(found: Sequence[Operated | NotRead]) -> Deployed:
    return Deployed(
        alertmanagers=tuple(one for one in found if isinstance(one, Operated)),
        not_read=tuple(one for one in found if isinstance(one, NotRead)),
    )


def _servers(found: Sequence[Sender]) -> Deployed:
    """Give servers; one whose relabelling stands in a Secret says so."""
    reason = "its alert relabelling stands elsewhere, and may change any label"
    lost = tuple(NotRead(one.where, reason) for one in found if one.relabelling is None)
    return Deployed(senders=tuple(found), not_read=lost)


def _namespace(name: str, document: Value) -> Deployed:
    own = resource(document)
    if not own.name:
        return Deployed(not_read=(NotRead(Where(name, document.at), "a namespace without a name"),))
    annotations = server_config.texts(name, document.get("metadata", "annotations"))
    where = (document.get("metadata", "name") or document).at
    made = Namespace(own.name, Where(name, where), own.labels, annotations)
    return Deployed(namespaces=(made,))


def _router(name: str, spec: Value, own: Resource, *, is_chart: bool = False) -> Operated | NotRead:
    is_victoria = own.kind == "VMAlertmanager"
    default = f"vmalertmanager-{own.name}-config" if is_victoria else f"alertmanager-{own.name}"
    strategy = spec.string("alertmanagerConfigMatcherStrategy", "type") or "OnNamespace"
    prefix = "config" if is_victoria else "alertmanagerConfig"
    parts, spaces = (
        server_config.selectors(spec, f"{prefix}Selector", f"{prefix}NamespaceSelector", own)
        if not is_chart
        else (
            selector(spec.get(f"{prefix}Selector")),
            selector(spec.get(f"{prefix}NamespaceSelector")),
        )
    )
    asked: list[Matcher] = []
    for one in spec.each("enforcedTopRouteMatchers"):
        found = parse(one.text or "", Where(name, one.at))
        if isinstance(found, Refusal):
            reason = f"the operator rejects `enforcedTopRouteMatchers`: {found.reason}"
            return NotRead(Where(name, one.at), reason)
        asked += found
    return Operated(
        Where(name, spec.at),
        own,
        spec.string("configSecret") or (default if own.name else ""),
        spec.string("alertmanagerConfiguration", "name"),
        parts,
        spaces,
        "None" if spec.flag("disableNamespaceMatcher") else strategy,
        not spec.flag("disableRouteContinueEnforce"),
        (spec.string("enforcedNamespaceLabel") or "namespace") if is_victoria else "namespace",
        tuple(asked),
    )


# -- charts ------------------------------------------------------------------------------------


def _values(document: Value, depth: int) -> Iterator[Value]:
    """Yield a chart's values: the document itself, or texts in what asks for a chart."""
    if document.string("kind") in HOLDERS:
        for one in held(document):
            yield from _inside(one, depth)
        return
    if document.string("kind") not in _CHARTS:
        return
    if _has_mark(document, depth):
        yield document
    for one in _texts(document, depth):
        yield from _inside(one, depth)


def _inside(text: Held, depth: int) -> Iterator[Value]:
    """Yield the values in a text that has a mark of them; what is no YAML is none."""
    if not any(mark in text.text for mark in _MARKS):
        return
    try:
        yield from (one for one in inside(text) if _has_mark(one, depth))
    except UnreadableError:
        return


def _has_mark(value: Value, depth: int) -> bool:
    for key, one in value.pairs():
        if one.fields is not None and (
            key in _MARKS[:3]
            or (key == "vmalert" and one.get("spec") is not None)
            or (depth and _has_mark(one, depth - 1))
        ):
            return True
    return False


def _texts(value: Value, depth: int) -> Iterator[Held]:
    for key, one in value.pairs():
        if one.text is not None and any(mark in one.text for mark in _MARKS) and "\n" in one.text:
            yield Held(key, one, one.text)
        elif depth and one.fields is not None:
            yield from _texts(one, depth - 1)


def _of_values(name: str, value: Value, depth: int) -> Iterator[Operated | NotRead]:
    for key, one in value.pairs():
        if key == "alertmanagerSpec" and one.fields is not None:
            yield _router(name, one, Resource("Alertmanager"), is_chart=True)
        elif key == "alertmanager" and _is_victoria(one):
            spec = one.get("spec") or one
            yield _router(name, spec, Resource("VMAlertmanager"), is_chart=True)
        elif depth and one.fields is not None:
            yield from _of_values(name, one, depth - 1)


def _is_victoria(value: Value) -> bool:
    return value.get("spec") is not None and value.get("config") is not None


READER = Reader(
    "operated", "rules", "Prometheus, Alertmanager and their like as resources", recognizes, read
)
