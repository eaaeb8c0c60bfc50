"""Groups of rules: the alerts in them, and whether a server would load what they stand in.

Readers of every form that holds such groups share this. A server takes a file, or a resource, as a
whole or not at all: one flaw keeps all of its rules away.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.deployed import rule_flaws
from registry.deployed.model import (
    FILE,
    Deployed,
    DeployedAlert,
    NotRead,
    Origin,
    PlacedText,
    Skipped,
    Unloaded,
    Where,
)
from registry.deployed.rule_flaws import RuleFlaw
from registry.source.foreign import Value

_OTHERS = frozenset({"VMRule", "AlertingRule"})
"""Resources whose queries are no PromQL: VictoriaMetrics' and Loki's."""


class Found(NamedTuple):
    """Groups in a document: the document, the list of groups, and what they stand in."""

    document: Value
    groups: Sequence[Value]
    namespace: str | None = None
    origin: Origin = FILE


def read(name: str, found: Found) -> Deployed:
    """Read the alerts of groups, with what a server would refuse of them."""
    flaws = list(_flaws(found))
    is_template = any(one.is_template for one in flaws)
    fatal = next((one for one in flaws if one.is_template), None)
    fatal = fatal or next((one for one in flaws if not one.taker), None)
    others = [one for one in flaws if one.taker] if fatal is None else []
    taker = others[0].taker if others else ""
    refusal = f"{_refuser(found)} would refuse it: {others[0].reason}" if others else ""
    unloaded = f"{_refuser(found)} would refuse it: {fatal.reason}" if fatal is not None else None
    alerts: list[DeployedAlert] = []
    not_read: list[NotRead] = []
    recording = 0
    for group in found.groups:
        for rule in group.each("rules"):
            recording += rule.get("record") is not None and rule.get("alert") is None
            title = rule.get("alert")
            if title is not None and title.text is not None:
                alert = alert_of(name, rule, group, found)
                if flaws:
                    alert = alert._replace(
                        unloaded=unloaded, taker=taker, refusal=refusal, unrendered=is_template
                    )
                alerts.append(alert)
            elif fatal is None and rule.get("record") is None:
                reason = "a rule with neither `alert` nor `record`"
                not_read.append(NotRead(Where(name, rule.at), reason))
    skipped = [Skipped(name, "recording rules", recording)] if recording else []
    skipped += [Skipped(name, f"rule files that only {taker} takes", 1)] if taker else []
    if not alerts and not recording and not not_read and fatal is None:
        skipped.append(Skipped(name, "rule groups", 0))
    lost: tuple[Unloaded, ...] = ()
    if fatal is not None:
        lost = (Unloaded(Where(name, fatal.at), unloaded or "", part=found.origin.part),)
    elif others and all(one.is_likely for one in others):
        lost = (Unloaded(Where(name, others[0].at), refusal, taker=taker, part=found.origin.part),)
    return Deployed(
        alerts=tuple(alerts), not_read=tuple(not_read), skipped=tuple(skipped), unloaded=lost
    )


def alert_of(name: str, rule: Value, group: Value, found: Found) -> DeployedAlert:
    """Read an alerting rule; it has its group's labels where it does not set its own."""
    title, expr = rule.get("alert"), rule.get("expr")
    labels = {**group.mapping("labels"), **rule.mapping("labels")}
    return DeployedAlert(
        (title.text if title is not None else None) or "",
        Where(name, title.at if title is not None else rule.at),
        group=group.string("name") or "",
        expr=_text(name, expr),
        labels=_texts(name, labels),
        annotations=_texts(name, rule.mapping("annotations")),
        namespace=found.namespace,
        wait=_text(name, rule.get("for")),
        emptied=tuple([
            key for key, one in labels.items()
            if not one.text and one.items is None and one.fields is None
        ]),
        origin=found.origin,
    )  # fmt: skip


def _text(name: str, value: Value | None) -> PlacedText | None:
    if value is None or not value.text:
        return None
    return PlacedText(value.text, Where(name, value.at))


def _texts(name: str, values: Mapping[str, Value]) -> dict[str, PlacedText]:
    """Read labels or annotations; one without a value is none to Prometheus either."""
    return {
        key: PlacedText(one.text, Where(name, one.at)) for key, one in values.items() if one.text
    }


def _flaws(found: Found) -> Iterator[RuleFlaw]:
    """Yield what a server would refuse, as far as what the groups stand in lets that be told."""
    origin = found.origin
    if origin.kind in {"file", "held"}:
        yield from rule_flaws.of_file(found.document)
    elif origin.kind == "resource" and (
        origin.resource is None or origin.resource.kind not in _OTHERS
    ):
        groups = found.document.get("groups") or found.document
        yield from rule_flaws.of_groups(groups, fields=False)


def _refuser(found: Found) -> str:
    return "Prometheus" if found.origin.kind != "resource" else "the operator"
