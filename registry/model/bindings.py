"""What the names of the deployed stack mean here: receivers, services, labels, owners."""

from collections.abc import Iterator

from pydantic import Field

from registry.model.demand import exactly_one, needs, not_both
from registry.model.entity import Entity, Fault
from registry.model.reference import AddresseeRef, AlertMeantRef
from registry.wording import quoted

NAMING = ("receiver", "service", "label", "annotation", "namespace_annotation", "owner", "match")
"""The fields of which a binding has exactly one: what it is that has a meaning."""
VALUED = ("label", "annotation", "namespace_annotation")
"""Those of which each value may mean something else."""
LONE = ("receiver", "service", "owner", "match")
"""Those that have no values."""

_NAMES = quoted(NAMING[:-1]) + f" or `{NAMING[-1]}`"


class Binding(Entity):
    """What one name in the deployed configuration means in this registry.

    `receiver` is Alertmanager's, or a contact point of Grafana; `service` a paging service's, by id
    or name; `owner` is written as a catalogue or a CODEOWNERS file does; a `namespace_annotation`
    is one of the Kubernetes namespace that a rule stands in. A label or an annotation without a
    `value` holds ids of this registry.
    """

    demands = (
        *exactly_one(NAMING),
        not_both("means", "alert"),
        needs("alert", *VALUED, "match"),
        needs("match", "alert"),
        needs("value", *VALUED),
        *(needs(name, "means", "alert") for name in ("value", *LONE) if name != "match"),
        *(needs(name, "value", *LONE) for name in ("means", "alert")),
    )

    receiver: str | None = Field(
        default=None,
        description="A receiver of Alertmanager or a contact point of Grafana, by its name.",
        examples=["team-search-pager"],
    )
    service: str | None = Field(
        default=None,
        description="A service of the paging tool, by its id or name.",
        examples=["PIJ90N7"],
    )
    label: str | None = Field(
        default=None,
        description="A label of deployed alerts, whose values are ids or have a `value` here.",
        examples=["team"],
    )
    annotation: str | None = Field(
        default=None,
        description="An annotation of deployed alerts, read as a `label` is.",
        examples=["owner"],
    )
    namespace_annotation: str | None = Field(
        default=None,
        description="An annotation of the Kubernetes namespace that a rule stands in.",
        examples=["acme.example/team"],
    )
    owner: str | None = Field(
        default=None,
        description="An owner as a catalogue or a CODEOWNERS file writes it.",
        examples=["team-search"],
    )
    match: dict[str, str] | None = Field(
        default=None,
        description="Labels of one deployed alert, `alertname` among them: an `alert` is known by "
        "all of them, where several rules share a name.",
        examples=[{"alertname": "DiskFull", "team": "payments"}],
    )
    value: str | None = Field(
        default=None,
        description="The one value of the label or annotation that this binding is about.",
        examples=["srch"],
    )
    means: AddresseeRef | None = Field(
        default=None,
        description="Who or what the name stands for: anything that can be addressed.",
        examples=["search"],
    )
    alert: AlertMeantRef | None = Field(
        default=None,
        description="The alert of this registry that such a deployed alert is.",
        examples=["groundedness-drop"],
    )

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that say what has a meaning; exactly one in a well-formed binding."""
        return tuple(name for name in NAMING if getattr(self, name) is not None)

    def faults(self) -> Iterator[Fault]:
        """Yield a fault where it names not one thing, or not one meaning of it."""
        named = self.named
        if len(named) != 1:
            has = quoted(named, " and ") or "none of them"
            message = f"a binding is of one {_NAMES}; this one has {has}"
            help_ = "make a binding of each" if named else "say which name has the meaning"
            yield Fault(named[1:2], message, help_, () if named else NAMING)
            return
        if self.value is not None and named[0] not in VALUED:
            message = f"`value` goes with `label` or `annotation`; a {named[0]} has none"
            yield Fault(("value",), message, "remove it")
        if self.means is not None and self.alert is not None:
            message = "a binding has a `means` or an `alert`, not both"
            yield Fault(("alert",), message, "make a second binding of the same name")
        if self.alert is not None and named[0] not in ("label", "annotation", "match"):
            message = f"an `alert` is the value of a label or an annotation, no {named[0]}"
            yield Fault(("alert",), message, "say what it `means`")
        yield from self._meaning(named[0])

    def _meaning(self, named: str) -> Iterator[Fault]:
        given = next((one for one in ("means", "alert") if getattr(self, one) is not None), None)
        if named == "match" and self.means is not None:
            yield Fault(("means",), "a `match` is of one `alert`", "say which `alert` it is")
            return
        is_open = named in VALUED and self.value is None
        if is_open and given is not None:
            message = f"without a `value`, each value of the {named} is itself an id"
            help_ = f"add the `value` that it is about, or remove `{given}`"
            yield Fault((given,), message, help_, ("value",))
        elif not is_open and given is None:
            is_match = named == "match"
            name = "" if is_match else f" `{getattr(self, named)}`"
            message = f"nothing says what the {named}{name} means"
            help_ = "add `means`, or `alert`" if named in VALUED else "add `means`"
            missing = ("alert",) if is_match else ("means", "alert")
            yield Fault((named,), message, "add `alert`" if is_match else help_, missing)
