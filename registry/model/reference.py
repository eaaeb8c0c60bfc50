"""What each reference may name, and what it means: kept in the types of the fields themselves.

A field that refers is annotated with one of the types below. Which sections each accepts is the
table of `design/format.md`; a field's meaning is the word that people use for it.
"""

from typing import Annotated, Literal, NamedTuple

from registry.model.entity import ByShape, Many

SHARED_IDS = ("people", "teams", "roles", "schedules", "escalations", "channels")
"""Sections that share one id space: whatever can be addressed."""

OfTheNamed = Literal[
    "owns", "answers for", "leads", "holds", "member of", "team of", "deputy for",
    "responsible", "consulted", "informed", "approves", "chairs", "attends", "commands",
    "operates", "on call", "stands in", "is paged", "is escalated to", "rolls back",
    "is told", "reads", "may read", "versions", "stores", "detects", "contains", "blocks", "caused",
    "came late", "was missing", "judges",
]  # fmt: skip
"""What the one that is named does to the entity: `priya` owns the metric that names her."""

OfTheEntity = Literal[
    "belongs to", "computed from", "split by", "limited to", "measures", "measured by",
    "watched by", "pages", "tells", "follows", "flips", "disables", "shows", "discusses",
    "guards", "requires", "changes", "instance of", "part of", "stands for", "supposes",
    "is about", "made of", "lies within", "carries", "replaces", "keeps",
]  # fmt: skip
"""What the entity does to the one that it names: an alert measures its metric."""

Meaning = OfTheNamed | OfTheEntity

BY_THE_NAMED: frozenset[str] = frozenset(OfTheNamed.__args__)  # type: ignore[attr-defined]
"""The meanings whose subject is the one that is named; of the others it is the entity."""

OWNING: frozenset[Meaning] = frozenset(
    {"owns", "answers for", "approves", "leads", "holds", "commands", "chairs", "reads"}
)
"""The meanings that make something one person's: without that person, it is nobody's."""


class Reference(NamedTuple):
    """What a referring field accepts, and what it means.

    `accepts` are the sections that the id may stand in, `tolerates` the kinds that also load
    because the field's own rule reports them, `words` the texts that stand for nobody in
    particular; `dangles` says that a reference to nothing is some other rule's to report, and
    `component_kind` that a component must be of one kind.
    """

    accepts: tuple[str, ...]
    meaning: Meaning
    tolerates: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    dangles: bool = False
    component_kind: str | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """Every section whose ids may stand here."""
        return self.accepts + self.tolerates

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
        """What tells the names that it takes from those of another field, whatever it means."""
        return (self.sections, self.words, self.component_kind)

    @property
    def is_said_of_the_named(self) -> bool:
        """Whether the one that is named does what `meaning` says; else the entity does it."""
        return self.meaning in BY_THE_NAMED


_ONE_PERSON = ("people", "roles")
_TEAMS_TOO = ("teams",)
"""Loads where one person is asked for; the field's own rule reports it."""
_PARTIES = ("people", "teams", "roles")
_RESPONDERS = ("people", "roles", "schedules")

Owner = Annotated[str, Reference(_ONE_PERSON, "owns", _TEAMS_TOO)]
Owners = Annotated[Owner | Many[Owner], ByShape()]
"""One owner; a list parses too, so that a rule can say that two names are none."""
AccountableRef = Annotated[str, Reference(_ONE_PERSON, "answers for", _TEAMS_TOO)]
Accountables = Annotated[AccountableRef | Many[AccountableRef], ByShape()]
Approver = Annotated[str, Reference(_ONE_PERSON, "approves", _TEAMS_TOO)]
Approvers = Annotated[Approver | Many[Approver], ByShape()]
LeadRef = Annotated[str, Reference(_ONE_PERSON, "leads", _TEAMS_TOO)]
ChairRef = Annotated[str, Reference(_ONE_PERSON, "chairs", _TEAMS_TOO)]
CommanderRef = Annotated[str, Reference(_ONE_PERSON, "commands", _TEAMS_TOO)]
AudienceRef = Annotated[str, Reference(_ONE_PERSON, "reads", _TEAMS_TOO)]

TeamRef = Annotated[str, Reference(("teams",), "team of")]
TeamRefs = Annotated[TeamRef | Many[TeamRef], ByShape()]
ParentTeamRef = Annotated[str, Reference(("teams",), "part of")]
"""The team that a team is part of."""
MemberRef = Annotated[str, Reference(("people",), "member of")]
HolderRef = Annotated[str, Reference(("people",), "holds")]
DeputyRef = Annotated[str, Reference(("people",), "deputy for")]
"""Somebody who stands in for whoever is away."""
HoldingScheduleRef = Annotated[str, Reference(("schedules",), "holds")]
"""A schedule; whoever is on call on it holds the role."""
ParticipantRef = Annotated[str, Reference(("people",), "on call")]
StandInRef = Annotated[str, Reference(("people",), "stands in")]
ReplacedRef = Annotated[str, Reference(("people",), "replaces")]
"""Somebody whose shifts an override gives to another."""
ReplacedRefs = Annotated[ReplacedRef | Many[ReplacedRef], ByShape()]
HolidaysRef = Annotated[str, Reference(("holidays",), "keeps")]
"""A calendar whose holidays are kept."""

ResponsibleRef = Annotated[str, Reference(_PARTIES, "responsible")]
ConsultedRef = Annotated[str, Reference(_PARTIES, "consulted")]
InformedRef = Annotated[str, Reference(_PARTIES, "informed")]
AttendeeRef = Annotated[str, Reference(_PARTIES, "attends")]
ReaderRef = Annotated[str, Reference(_PARTIES, "may read", words=("everyone",))]

OperatorRef = Annotated[str, Reference(_RESPONDERS, "operates")]
PagedRef = Annotated[str, Reference(_RESPONDERS, "is paged")]
RollerBackRef = Annotated[str, Reference(_RESPONDERS, "rolls back")]
EscalateToRef = Annotated[str, Reference((*_RESPONDERS, "escalations"), "is escalated to")]
PagesRef = Annotated[str, Reference(("escalations", "schedules"), "pages")]
TeamChannelRef = Annotated[str, Reference(("channels",), "is told")]
"""Where a team is reached: told there, it is told."""
ToldChannelRef = Annotated[str, Reference(("channels",), "tells")]

LayerRef = Annotated[str, Reference(("ownership",), "belongs to")]
VersionFieldRef = Annotated[str, Reference(("fields",), "versions")]
SourceFieldRef = Annotated[str, Reference(("fields",), "computed from", dangles=True)]
"""A telemetry field that may be missing: OM216 says so."""
SliceFieldRef = Annotated[str, Reference(("fields",), "split by", dangles=True)]
"""As `SourceFieldRef`."""
MissingFieldRef = Annotated[str, Reference(("fields",), "was missing", dangles=True)]
"""A telemetry field that is not there, and would have helped: OM807 asks whether it is now."""
LimitFieldRef = Annotated[str, Reference(("fields",), "limited to")]
LooseLimitFieldRef = Annotated[str, Reference(("fields",), "limited to", dangles=True)]
"""A telemetry field that may be missing: OM808 says so."""
StoreRef = Annotated[str, Reference(("stores",), "stores")]

MeasuredRef = Annotated[str, Reference(("metrics",), "measures")]
"""An alert's metric: the alert measures it."""
MeasureRef = Annotated[str, Reference(("metrics",), "measured by")]
"""A budget's or an objective's metric: they are measured by it."""
MeasurerRef = Annotated[
    str, Reference(("components", "people", "roles"), "judges", component_kind="eval-set")
]
"""What or who comes to a metric's figure."""
ComposedRef = Annotated[str, Reference(("metrics",), "made of")]
"""A metric that goes into another."""
ShownRef = Annotated[str, Reference(("metrics",), "shows")]
DiscussedRef = Annotated[str, Reference(("metrics",), "discusses")]
RequiredMetricRef = Annotated[str, Reference(("metrics",), "requires")]
LateMetricRef = Annotated[str, Reference(("metrics",), "came late")]
RequiredEvalRef = Annotated[str, Reference(("components",), "requires", component_kind="eval-set")]
DisabledRef = Annotated[str, Reference(("components",), "disables")]
GuardedRef = Annotated[str, Reference(("components",), "guards")]
TriedRef = Annotated[str, Reference(("components",), "changes")]
FailingRef = Annotated[str, Reference(("components",), "is about")]
"""A component that a failure is about."""
CauseRef = Annotated[str, Reference(("components",), "caused")]
RunbookRef = Annotated[str, Reference(("runbooks",), "follows")]
FlippedRef = Annotated[str, Reference(("kill_switches",), "flips")]
ContainerRef = Annotated[str, Reference(("kill_switches",), "contains")]
DetectingAlertRef = Annotated[str, Reference(("alerts",), "detects")]
DetectorRef = Annotated[
    str, Reference(("alerts",), "detects", words=("customer", "support", "employee"))
]
WatchRef = Annotated[str, Reference(("alerts",), "watched by")]
GateRef = Annotated[str, Reference(("gates",), "blocks")]
FailureRef = Annotated[str, Reference(("failures",), "instance of")]

CarriedFieldRef = Annotated[str, Reference(("fields",), "carries")]
"""A telemetry field that a span has to carry."""
OuterSpanRef = Annotated[str, Reference(("spans",), "lies within")]

AddresseeRef = Annotated[str, Reference(SHARED_IDS, "stands for")]
"""Whatever can be addressed."""
AlertMeantRef = Annotated[str, Reference(("alerts",), "stands for")]

DutyRef = Annotated[str, Reference(("people", "roles"), "owns", _TEAMS_TOO, dangles=True)]
"""Who sees to what is accepted for a time: the baseline's reader says where it is nobody."""
RequiredLayerRef = Annotated[str, Reference(("ownership",), "requires", dangles=True)]
"""A layer that a policy asks for; it may be covered by a row of another id."""
RequiredRunbookRef = Annotated[str, Reference(("runbooks",), "requires", dangles=True)]
RequiredFieldRef = Annotated[str, Reference(("fields",), "requires", dangles=True)]

ExpectedAlertRef = Annotated[str, Reference(("alerts",), "supposes", dangles=True)]
"""What a scenario expects: one that is nowhere is the scenario's own reader's to report."""
ExpectedPersonRef = Annotated[str, Reference(("people",), "supposes", dangles=True)]
ExpectedWayRef = Annotated[str, Reference(("roles", "schedules"), "supposes", dangles=True)]
ExpectedPagedRef = Annotated[str, Reference(_RESPONDERS, "supposes", dangles=True)]
ExpectedChannelRef = Annotated[str, Reference(("channels",), "supposes", dangles=True)]
ExpectedRunbookRef = Annotated[str, Reference(("runbooks",), "supposes", dangles=True)]
ExpectedSwitchRef = Annotated[str, Reference(("kill_switches",), "supposes", dangles=True)]
ExpectedOwnerRef = Annotated[str, Reference(_ONE_PERSON, "supposes", dangles=True)]
SupposedAlertRef = Annotated[str, Reference(("alerts",), "supposes")]
SupposedFailureRef = Annotated[str, Reference(("failures",), "supposes")]
SupposedMetricRef = Annotated[str, Reference(("metrics",), "supposes")]
SupposedLayerRef = Annotated[str, Reference(("ownership",), "supposes")]


def names(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """Read a field that holds one name, several, or none as a tuple of the different names."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
