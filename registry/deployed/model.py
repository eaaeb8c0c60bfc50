"""What is really deployed, as its files say it: alerts, routes, receivers, pagers and owners.

Readers in `registry.deployed.readers` make these; nothing here knows a file format or the registry.
Every part says where it stands, so that a finding can point at the file and line that decided it.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from registry.deployed.resources import Resource, Selector
from registry.diagnostic import Label
from registry.span import FILE_START, Location, Span

Operator = Literal["=", "!=", "=~", "!~"]
System = Literal["prometheus", "grafana"]
"""Whose notifications a rule's alerts are: an Alertmanager's, or Grafana's own."""


class Where(NamedTuple):
    """A place in a deployed file; `file` as it is shown, with forward slashes."""

    file: str
    at: Span = FILE_START

    def __str__(self) -> str:
        """Show it as `file:line`."""
        return f"{self.file}:{self.at.start.line}"

    def label(self, message: str = "") -> Label:
        """Make a finding's label of it."""
        return Label(Location(self.file), message, self.at)


class PlacedText(NamedTuple):
    """A text and where it is written."""

    value: str
    where: Where


class Origin(NamedTuple):
    """What a rule or a server's configuration stands in.

    A `file`; a `resource` of its own kind, named by `resource`; a file `key` that a resource
    `held`; or the `answer` of a server that has it.
    """

    kind: Literal["file", "resource", "held", "answer"] = "file"
    resource: Resource | None = None
    key: str = ""

    @property
    def part(self) -> str:
        """Name what of a file it is; nothing where it is the whole."""
        if self.kind == "held" and self.key:
            return f"`{self.key}`"
        own = self.resource
        return f"the {own.kind} `{own.called}`" if own is not None and own.name else ""


FILE = Origin()


class DeployedAlert(NamedTuple):
    """An alerting rule. `labels` and `annotations` are as written: a value may be a template.

    `expr` is PromQL; None where the query is in another language or could not be told. `receiver`
    is where the rule itself says to notify, past every route (Grafana). `group` names its group.
    `wait` is its `for`; `emptied` are the labels that it takes off its series. `unloaded` says why
    no server loads it, `taker` what else than Prometheus takes its file, `refusal` why that does
    not, and `sent_by` numbers the
    servers that load it, where that is told. `unrendered` says that its file is to be made into
    another one, of which nothing is known.
    """

    name: str
    where: Where
    system: System = "prometheus"
    group: str = ""
    expr: PlacedText | None = None
    labels: Mapping[str, PlacedText] = {}
    annotations: Mapping[str, PlacedText] = {}
    receiver: PlacedText | None = None
    namespace: str | None = None
    wait: PlacedText | None = None
    emptied: tuple[str, ...] = ()
    origin: Origin = FILE
    unloaded: str | None = None
    taker: str = ""
    refusal: str = ""
    sent_by: tuple[int, ...] | None = None
    unrendered: bool = False


class Matcher(NamedTuple):
    """A condition on one label; a missing label is the empty text. Patterns are RE2, anchored."""

    label: str
    operator: Operator
    value: str
    where: Where


class Route(NamedTuple):
    """A node of a routing tree, with what it inherits filled in.

    `receiver` is empty where nothing is notified. `muted` and `active` name time intervals.
    """

    receiver: str
    where: Where
    matchers: tuple[Matcher, ...] = ()
    goes_on: bool = False
    muted: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    routes: tuple["Route", ...] = ()

    @property
    def place(self) -> Where:
        """Where it is best pointed at: its first condition, else itself."""
        return self.matchers[0].where if self.matchers else self.where


class Integration(NamedTuple):
    """One way in which a receiver notifies.

    `kind` is pagerduty, opsgenie, victorops, slack, email, webhook and so on. `target` is what may
    be shown of where it goes (a channel, an address, a service's name), never a key or secret;
    `service` is what identifies a pager's service, if that is no secret.
    """

    kind: str
    where: Where
    target: str | None = None
    service: str | None = None


class Receiver(NamedTuple):
    """A receiver or contact point; one without integrations notifies nobody."""

    name: str
    where: Where
    integrations: tuple[Integration, ...] = ()


class TimeRange(NamedTuple):
    """From a minute of the day to another, the end exclusive; 0 to 1440."""

    start: int
    end: int


class TimeInterval(NamedTuple):
    """One clause of a time interval: all of its fields must hold; an empty one always does.

    Days of the week count from 0 (Sunday), days of the month from 1, or from -1 backwards; months
    from 1. Each pair is inclusive. `zone` is an IANA name, UTC where none is written.
    """

    times: tuple[TimeRange, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    months: tuple[tuple[int, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    zone: str = "UTC"


class Inhibition(NamedTuple):
    """An alert that matches `source` silences one that matches `target`, with `equal` labels."""

    where: Where
    source: tuple[Matcher, ...] = ()
    target: tuple[Matcher, ...] = ()
    equal: tuple[str, ...] = ()


class Router(NamedTuple):
    """One routing configuration: an Alertmanager's, Grafana's, or a part that is merged into one.

    A `part` (an AlertmanagerConfig resource) receives beside the whole ones, never instead, as long
    as it is not put below one of them. `origin` is what it stands in; `own` counts the conditions
    on its namespace that an operator puts first in a part's route and inhibitions.
    """

    where: Where
    system: System
    root: Route
    receivers: Mapping[str, Receiver]
    intervals: Mapping[str, tuple[TimeInterval, ...]] = {}
    inhibitions: tuple[Inhibition, ...] = ()
    part: bool = False
    origin: Origin = FILE
    own: int = 0


class Points(NamedTuple):
    """Grafana's contact points and time intervals in a file without the policies that use them."""

    where: Where
    receivers: Mapping[str, Receiver] = {}
    intervals: Mapping[str, tuple[TimeInterval, ...]] = {}


class Relabel(NamedTuple):
    """A step of relabelling, with what it leaves out filled in as Prometheus does."""

    where: Where
    action: str = "replace"
    sources: tuple[str, ...] = ()
    separator: str = ";"
    regex: str = "(.*)"
    target: str = ""
    replacement: str = "$1"
    modulus: int = 0


class Sender(NamedTuple):
    """A server that evaluates rules: what it adds to an alert, drops of it, and which it loads.

    `relabelling` is what it does to an alert before it is sent; None where that is not told.
    `rule_files` are the patterns of the files that it loads, and the selectors those of resources;
    None where nothing says it. `enforced` is a label to which each rule's own namespace is set,
    but for the `spared`: those of a namespace, or of a name in it.
    With `overrides` its labels stand in place of those of the series, not only for absent ones.
    `tells_group` says whether it adds the group's name as `alertgroup`, None where nothing does.
    """

    where: Where
    external_labels: Mapping[str, PlacedText] = {}
    relabelling: tuple[Relabel, ...] | None = ()
    rule_files: tuple[PlacedText, ...] | None = None
    kind: Literal["prometheus", "vmalert", "thanos"] = "prometheus"
    origin: Origin = FILE
    rules: Selector | None = None
    namespaces: Selector | None = None
    enforced: str | None = None
    spared: tuple[tuple[str, str | None], ...] = ()
    overrides: bool = False
    tells_group: bool | None = None


class Operated(NamedTuple):
    """An Alertmanager as an operator's resource: which parts it takes, and how it places them.

    `secret` names the Secret of its own configuration, `base` the part that stands in its place.
    `strategy` says which parts get a condition on their namespace: all, `None`, or all but those of
    its own; `label` is the label that this condition asks for, and `asked` are others that each
    part's first route gets. `forced` says that it always goes on.
    """

    where: Where
    resource: Resource
    secret: str
    base: str | None = None
    parts: Selector | None = None
    namespaces: Selector | None = None
    strategy: str = "OnNamespace"
    forced: bool = True
    label: str = "namespace"
    asked: tuple[Matcher, ...] = ()

    @property
    def is_victoria(self) -> bool:
        """Whether VictoriaMetrics' operator runs it."""
        return self.resource.kind == "VMAlertmanager"


class Namespace(NamedTuple):
    """A namespace of Kubernetes, with its labels and annotations."""

    name: str
    where: Where
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, PlacedText] = {}


class Unloaded(NamedTuple):
    """Rules that no server loads: where they stand, why, and what says so.

    `taker` is the system that would load them all the same. `part` names what of the file it is,
    empty for the whole.
    """

    where: Where
    reason: str
    because: Where | None = None
    taker: str = ""
    part: str = ""


class PagerUser(NamedTuple):
    """A user of a paging service; `email` identifies a person and is shown only when asked.

    One who is `blocked` gets nothing.
    """

    id: str
    where: Where
    name: str = ""
    email: str | None = None
    blocked: bool = False


class PagerLayer(NamedTuple):
    """A rotation of a paging service's schedule, as the service says it; times are ISO 8601.

    `turn_seconds` is a shift's length. `restrictions` are (start of day, or of week with its
    weekday from 1 = Monday, seconds of duration).
    """

    name: str
    users: tuple[str, ...]
    start: str
    end: str | None
    anchor: str
    turn_seconds: int
    restrictions: tuple[tuple[str, int | None, int], ...] = ()


class PagerSchedule(NamedTuple):
    """A schedule of a paging service; `users` are everybody in it, by id.

    Of two `layers` that are on call at once the later wins. `rendered` is who is on call in the
    end, as the service itself worked it out: users, from, to.
    """

    id: str
    where: Where
    name: str = ""
    zone: str | None = None
    users: tuple[str, ...] = ()
    layers: tuple[PagerLayer, ...] = ()
    overrides: tuple[tuple[str, str, str], ...] = ()
    rendered: tuple[tuple[str, str, str], ...] = ()


class PagerStep(NamedTuple):
    """Whom an escalation policy notifies, so many minutes after it began.

    `targets` are pairs of a kind (user or schedule) and an id, or of `team` and its name. One of
    them is notified where they are served `in_turn`, and all of them else.
    """

    after_minutes: int
    targets: tuple[tuple[str, str], ...]
    where: Where
    in_turn: bool = False


class PagerPolicy(NamedTuple):
    """An escalation policy of a paging service.

    It begins again `wait_minutes` after its last step, None where that is not told. `aside` is what
    it does that has no words here.
    """

    id: str
    where: Where
    name: str = ""
    steps: tuple[PagerStep, ...] = ()
    repeats: int = 0
    wait_minutes: int | None = None
    aside: tuple[str, ...] = ()


SUPPORT_HOURS = "its urgency follows `support_hours`, which are not read"
"""What is said of a service whose pages wait outside its hours."""


class PagerService(NamedTuple):
    """A service of a paging service: what alerts are sent to, and the policy that it follows.

    `aside` is what it does that has no words here.
    """

    id: str
    where: Where
    name: str = ""
    policy: str | None = None
    aside: tuple[str, ...] = ()


class Owned(NamedTuple):
    """What a catalogue says of one thing: who owns it.

    `kind` is component, api, system, slo and so on, in lower case; `names` are those under which an
    alert's labels may speak of it, `alerts` the alerts that it calls its own.
    """

    kind: str
    name: str
    names: tuple[str, ...]
    owner: PlacedText | None
    where: Where
    alerts: tuple[str, ...] = ()


class ServiceLevel(NamedTuple):
    """A level of service that is promised: a share of good events, in percent as it is written.

    `target` and `window` are None where they are not told; `owner` is whoever it says sees to it.
    """

    name: str
    where: Where
    service: str = ""
    title: str = ""
    target: str | None = None
    window: str | None = None
    owner: PlacedText | None = None


class Group(NamedTuple):
    """A team of a catalogue: its name, as owners write it, and its members."""

    name: str
    where: Where
    title: str = ""
    members: tuple[str, ...] = ()
    lead: str | None = None


class CatalogueUser(NamedTuple):
    """A person of a catalogue, as owners write it."""

    name: str
    where: Where
    title: str = ""
    email: str | None = None
    groups: tuple[str, ...] = ()


class CodeOwners(NamedTuple):
    """A line of a CODEOWNERS file: a pattern and its owners; the last that matches decides.

    `base` is the folder that its patterns are relative to, as files are shown. In GitLab's files
    each `section` has its own last line; a file that is `excluded` in one has no owner there.
    """

    pattern: str
    owners: tuple[PlacedText, ...]
    where: Where
    base: str = ""
    section: str = ""
    excluded: bool = False


class NotRead(NamedTuple):
    """A file, document or part that could not be read, and why: it is never taken for fine."""

    where: Where
    reason: str


class Skipped(NamedTuple):
    """What a reader met and left aside on purpose: `what` in the plural, and how many."""

    file: str
    what: str
    number: int


class Deployed(NamedTuple):
    """All that was read. Each reader gives a part; `merged` puts parts together in order."""

    alerts: tuple[DeployedAlert, ...] = ()
    routers: tuple[Router, ...] = ()
    points: tuple[Points, ...] = ()
    senders: tuple[Sender, ...] = ()
    users: tuple[PagerUser, ...] = ()
    schedules: tuple[PagerSchedule, ...] = ()
    policies: tuple[PagerPolicy, ...] = ()
    services: tuple[PagerService, ...] = ()
    owned: tuple[Owned, ...] = ()
    levels: tuple[ServiceLevel, ...] = ()
    groups: tuple[Group, ...] = ()
    catalogue_users: tuple[CatalogueUser, ...] = ()
    code_owners: tuple[CodeOwners, ...] = ()
    alertmanagers: tuple[Operated, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    unloaded: tuple[Unloaded, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Ingested(NamedTuple):
    """What was read, the texts of the files by shown name, and how many of them held something."""

    deployed: Deployed
    texts: Mapping[str, bytes]
    read: int


def merged(parts: "list[Deployed]") -> Deployed:
    """Put what several files hold together, in their order."""
    return Deployed(
        *(tuple(one for part in column for one in part) for column in zip(*parts, strict=True))
    )


def folded(name: str) -> str:
    """Write a name so that case, `-`, `_`, `.` and blanks do not count."""
    return name.casefold().translate(_UNCOUNTED)


_UNCOUNTED = str.maketrans("", "", "-_. ")
