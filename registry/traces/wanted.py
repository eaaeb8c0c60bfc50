"""What a registry asks of traces: which attributes are read, judged, and looked for."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.deployed.routing.pattern import Pattern, pattern
from registry.model.cadence import Budget
from registry.model.metrics import Alert
from registry.model.telemetry import TelemetryField
from registry.model.traces import TraceSpan
from registry.traces.conventions import canonical, kind_of
from registry.workspace.workspace import Workspace

NAME = "name"
"""The key of `match` that means the span's name, and no attribute."""

_RAW = frozenset({"content", "personal", "secret"})
_SECRET = re.compile(
    r"(?i)(?:.*[_.-])?(?:password|passwd|passphrase|secret|token|credentials?|authorization"
    r"|(?:api|access|private|signing)[_-]?key)"
)


class SpanKind(NamedTuple):
    """A kind of span: its tests, an attribute (or `name`) each, and what it must carry.

    A test is a pattern, or the values that it may have. `carries` pairs a telemetry field with the
    attribute that carries it; `within` are indexes of kinds of which one must be an ancestor.
    """

    id: str
    tests: tuple[tuple[str, Pattern | frozenset[str]], ...]
    required: bool
    carries: tuple[tuple[str, str], ...]
    within: tuple[int, ...]

    def matches(self, name: str, values: Mapping[str, str | None]) -> bool:
        """Whether a span of this name and with these values of attributes is of this kind."""
        for attribute, wanted in self.tests:
            value = name if attribute == NAME else values.get(attribute)
            if value is None:
                return False
            fits = wanted.matches(value) if isinstance(wanted, Pattern) else value in wanted
            if not fits:
                return False
        return True


class TracePolicy(NamedTuple):
    """All that is asked of traces.

    `fields` maps an attribute to the telemetry field that it carries, `redactions` one to what its
    values must be: a `hash`, a `mask`, or not there at all (`drop`, `raw`). `everywhere` pairs a
    required field that no kind asks for with its attribute: each trace must carry it. `slices` are
    the fields to split by.
    """

    kinds: tuple[SpanKind, ...]
    fields: Mapping[str, str]
    redactions: Mapping[str, str]
    everywhere: tuple[tuple[str, str], ...]
    slices: tuple[tuple[str, str], ...]

    @property
    def matched(self) -> tuple[str, ...]:
        """The attributes whose values tell what kind a span is of."""
        found = (test for kind in self.kinds for test, _ in kind.tests if test != NAME)
        return tuple(dict.fromkeys(found))

    def declares(self, attribute: str) -> bool:
        """Whether the policy knows an attribute: a field carries it, or a `match` names it."""
        return attribute in self.fields or attribute in self.matched

    def judged(self, attribute: str) -> str:
        """Say what the values of an attribute must be; empty where they are not looked at.

        As `redactions` has it, or `named` where its name alone says that it holds a secret.
        """
        known = self.redactions.get(attribute)
        if known is not None:
            return known
        if attribute not in self.fields and kind_of(attribute) is not None:
            return "raw"
        return "named" if _SECRET.fullmatch(attribute) else ""


def wanted(workspace: Workspace, by: tuple[str, ...] = ()) -> TracePolicy:
    """Read from a registry what is asked of traces; spending is split by the fields `by`, too."""
    fields = workspace.all(TelemetryField)
    attributes = {
        id_: canonical(one.attribute) for id_, one in fields.items() if one.attribute is not None
    }
    kinds = tuple(_kinds(workspace, attributes))
    asked = {field for kind in kinds for field, _ in kind.carries}
    scopes = [key for one in workspace.all(Budget).values() for key in one.scope]
    scopes += [key for one in workspace.all(Alert).values() for key in one.slice]
    return TracePolicy(
        kinds,
        {attribute: id_ for id_, attribute in attributes.items()},
        dict(_redactions(fields, attributes)),
        tuple(
            (id_, attributes[id_])
            for id_, one in fields.items()
            if one.required and one.captured and id_ in attributes and id_ not in asked
        ),
        tuple(
            (id_, attributes[id_])
            for id_ in dict.fromkeys([*by, *scopes])
            if id_ in attributes
        ),
    )  # fmt: skip


def _kinds(workspace: Workspace, attributes: Mapping[str, str]) -> Iterator[SpanKind]:
    spans = workspace.all(TraceSpan)
    places = {id_: place for place, id_ in enumerate(spans)}
    for id_, span in spans.items():
        yield SpanKind(
            id_,
            tuple(_test(key, value) for key, value in span.match.items()),
            span.required,
            tuple((field, attributes[field]) for field in span.fields if field in attributes),
            tuple(places[outer] for outer in span.within if outer in places),
        )


def _test(key: str, value: str | tuple[str, ...]) -> tuple[str, Pattern | frozenset[str]]:
    attribute = key if key == NAME else canonical(key)
    if not isinstance(value, str):
        return attribute, frozenset(value)
    read = pattern(value)
    return attribute, read if isinstance(read, Pattern) else frozenset()  # OM006 tells of it


def _redactions(
    fields: Mapping[str, TelemetryField], attributes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for id_, attribute in attributes.items():
        one = fields[id_]
        if one.redaction != "none":
            yield attribute, one.redaction
        elif one.classification in _RAW or kind_of(attribute) == "content":
            yield attribute, "raw"
