"""Resources of Kubernetes, as far as they decide which server gets what: names, labels, selectors.

A selector is asked three-valued: a label that no file shows proves nothing.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from registry.source.foreign import Value

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that Kubernetes itself sets on each namespace."""

Asked = Literal["In", "NotIn", "Exists", "DoesNotExist"]
_OPERATORS: dict[str, Asked] = {
    "In": "In", "NotIn": "NotIn", "Exists": "Exists", "DoesNotExist": "DoesNotExist",
}  # fmt: skip


class Resource(NamedTuple):
    """What a resource is called, and its labels."""

    kind: str
    name: str = ""
    namespace: str | None = None
    labels: Mapping[str, str] = {}

    @property
    def called(self) -> str:
        """Its namespace and name, as operators write them."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class SelectorRequirement(NamedTuple):
    """What a selector asks of one label."""

    label: str
    operator: Asked
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it; one that is absent is in no set."""
        match self.operator:
            case "Exists":
                return self.label in labels
            case "DoesNotExist":
                return self.label not in labels
            case "In":
                return labels.get(self.label) in self.values
            case "NotIn":
                return labels.get(self.label) not in self.values


class Selector(NamedTuple):
    """A label selector: all of its requirements; without any it selects everything.

    `text` is how it is shown.
    """

    requirements: tuple[SelectorRequirement, ...] = ()
    text: str = "everything"

    def selects(self, labels: Mapping[str, str], *, complete: bool = True) -> bool | None:
        """Whether it selects what has these labels; None where one that is not shown decides."""
        found = [
            one.holds(labels) if complete or one.label in labels else None
            for one in self.requirements
        ]
        return False if False in found else None if None in found else True


NOTHING = Selector((SelectorRequirement("", "In"),), "nothing")
"""The selector that operators take where none is written: no resource has an empty label."""


def own_namespace(owner: Resource) -> Selector | None:
    """Select the namespace of an owner alone; None where that is not written."""
    if owner.namespace is None:
        return None
    asked = SelectorRequirement(NAME_LABEL, "In", frozenset({owner.namespace}))
    return Selector((asked,), _told(asked))


def resource(document: Value) -> Resource:
    """Read what a resource is called."""
    labels = {key: one.text or "" for key, one in document.pairs("metadata", "labels")}
    return Resource(
        document.string("kind") or "",
        document.string("metadata", "name") or "",
        document.string("metadata", "namespace"),
        labels,
    )


def selector(value: Value | None) -> Selector | None:
    """Read a selector; None where none is written, or what is asked cannot be told."""
    if value is None or value.fields is None:
        return None
    found = [
        SelectorRequirement(key, "In", frozenset({one.text or ""}))
        for key, one in value.pairs("matchLabels")
    ]
    for one in value.each("matchExpressions"):
        operator = _OPERATORS.get(one.string("operator") or "")
        if operator is None:
            return None
        values = frozenset(each.text or "" for each in one.each("values"))
        found.append(SelectorRequirement(one.string("key") or "", operator, values))
    return Selector(tuple(found), ", ".join(map(_told, found)) or "everything")


def _told(one: SelectorRequirement) -> str:
    values = "|".join(sorted(one.values))
    match one.operator:
        case "In":
            return f"{one.label}={values}"
        case "NotIn":
            return f"{one.label}!={values}"
        case "Exists":
            return one.label
        case "DoesNotExist":
            return f"no {one.label}"
