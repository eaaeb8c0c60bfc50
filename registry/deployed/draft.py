"""A first registry from what is deployed: facts as they were read, guesses marked to be confirmed.

Nothing is invented: what the files do not say is left out, and `opmodel check` asks for it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from registry.deployed.drafted_alerts import Grave, One, apart, fixed, known, link, unworded
from registry.deployed.drafted_metrics import measured, names, together
from registry.deployed.drafted_objectives import objectives
from registry.deployed.drafted_owners import named
from registry.deployed.model import (
    CatalogueUser,
    Deployed,
    DeployedAlert,
    Group,
    PagerLayer,
    PagerPolicy,
    PagerSchedule,
    PagerStep,
    Receiver,
    Where,
    folded,
)
from registry.deployed.turns import period, window
from registry.model.format import FORMAT_VERSION, ID_PATTERN, MANIFEST
from registry.model.runbooks import Runbook
from registry.output.yaml import CONFIRM, Json, YamlEntry, comment, scalar, yaml_file
from registry.source.scalar import is_placeholder
from registry.wording import counted, listed

_PAGERS = frozenset({"pagerduty", "opsgenie", "victorops", "incidentio", "pushover"})
URL = "url"
"""A runbook's field that says where it is, if it is elsewhere."""
_CHANNEL_KINDS = {"slack": "slack", "email": "email", "msteams": "teams", "msteamsv2": "teams",
                  "jira": "ticket", "webhook": "webhook"}  # fmt: skip


class LeftOut(NamedTuple):
    """What is not in the draft, where it stands in the files, and why."""

    where: Where
    reason: str


class Drafted(NamedTuple):
    """The files of a registry by name, the manifest last, and what is not in them."""

    files: dict[str, bytes]
    left_out: tuple[LeftOut, ...]


def draft(
    deployed: Deployed,
    name: str,
    stage: str,
    place: Callable[[Where], str] = str,
    words: Mapping[str, str] | None = None,
) -> Drafted:
    """Write the files of a registry called `name`; `place` shows where a fact stands.

    `words` say what an estate's own words for how grave an alert is mean, in lower case.
    """
    read = named(deployed)
    made = _Draft(read.deployed, place, words or {}, read.guessed)
    files = {
        "people.yaml": {"people": made.people, "teams": made.teams},
        "oncall.yaml": {"schedules": made.schedules, "escalations": made.escalations},
        "channels.yaml": {"channels": made.channels},
        "alerts.yaml": {"metrics": made.metrics, "alerts": made.alerts},
        "objectives.yaml": {"objectives": made.objectives},
        "runbooks.yaml": {"runbooks": made.runbooks},
        "bindings.yaml": {"bindings": made.bindings},
    }
    written = {
        file: yaml_file(sections).encode()
        for file, sections in files.items()
        if any(sections.values())
    }
    left_out = tuple(dict.fromkeys(made.left_out))
    return Drafted({**written, MANIFEST: _manifest(name, stage, left_out, place)}, left_out)


def _manifest(
    name: str, stage: str, left_out: Iterable[LeftOut], place: Callable[[Where], str]
) -> bytes:
    manifest: dict[str, str | int] = {
        "opmodel": FORMAT_VERSION,
        "name": slug(name) or "ours",
        "stage": stage,
    }
    head = "".join(f"{key}: {scalar(value)}\n" for key, value in manifest.items())
    about = (
        "# Drafted from what is deployed. A comment that begins with `confirm` marks a guess:\n"
        "# correct what it names, or say that it is right by removing the comment.\n"
    )
    lines = [comment(f"left out, {place(one.where)}: {one.reason}") for one in left_out]
    return (about + "".join(f"# {line}\n" for line in lines) + head).encode()


def slug(text: str) -> str:
    """Make an id of a name: `GroundednessDrop` is `groundedness-drop`; empty where none is left."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", text)
    found = re.sub(r"[^A-Za-z0-9._]+", "-", parted).strip("-._").lower()[:128].strip("-._")
    return found if re.fullmatch(ID_PATTERN, found) else ""


class _Ids:
    """Ids that are unique within one id space, by what they stand for."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, ids: Iterable[str]) -> None:
        """Keep ids for others."""
        self._taken.update(ids)

    def is_free(self, id_: str) -> bool:
        """Whether an id is one, and nothing has it."""
        return bool(id_) and id_ not in self._taken

    def new(self, *names: str, kind: str) -> str:
        """Take the first name that makes an id, with a number where it is taken."""
        base = next(filter(None, map(slug, names)), kind)
        found, number = base, 2
        while found in self._taken:
            tail = f"-{number}"
            found, number = base[: 128 - len(tail)] + tail, number + 1
        self._taken.add(found)
        return found


class _Draft:
    def __init__(
        self,
        deployed: Deployed,
        place: Callable[[Where], str],
        words: Mapping[str, str],
        guessed: Mapping[str, str],
    ) -> None:
        self.deployed = deployed
        self.words = words
        self.guessed = guessed
        self._at = place
        self.left_out: list[LeftOut] = []
        self._ids = _Ids()
        self._people: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self._schedules: dict[str, str] = {}
        self._policies: dict[str, str] = {}
        self.people = dict(self._read_people())
        self.teams = dict(self._read_teams())
        self.schedules = dict(self._read_schedules())
        self.escalations = dict(self._read_policies())
        self.bindings: dict[str, YamlEntry] = {}
        self._binding_ids = _Ids()
        self.channels = dict(self._read_receivers())
        self.metrics: dict[str, YamlEntry] = {}
        self._alerts: dict[str, One] = {}
        self.runbooks: dict[str, YamlEntry] = {}
        self._runbooks: dict[str, str] = {}
        self._runbook_ids = _Ids()
        self._metric_ids = _Ids()
        self.alerts = dict(self._read_alerts())
        self.objectives = dict(self._read_objectives())
        self._bind_alerts()
        self._bind_owners()

    # ---- who ----

    def _read_people(self) -> Iterator[tuple[str, YamlEntry]]:
        by_email: dict[str, str] = {}
        for user in self.deployed.users:
            if user.id in self._people:
                continue
            id_ = self._ids.new(user.name, user.id, kind="person")
            self._people[user.id] = id_
            fields: dict[str, Json] = {"name": user.name or user.id}
            if user.email:
                by_email[user.email.lower()] = id_
                fields["email"] = user.email
            unread: tuple[str, ...] = ()
            if user.blocked:  # the turns are as they were, and nothing reaches the person
                fields.pop("email", None)
                unread = (
                    "the user is blocked in the pager and gets nothing: no way to be reached",
                )
            else:
                fields["contact"] = {"pager": user.id}
            self._leave(user.where, f"of `{user.name or user.id}`", unread)
            yield id_, YamlEntry(fields, self._at(user.where), unread)
        for one in self.deployed.catalogue_users:
            if one.name in self._people:
                continue
            known = by_email.get((one.email or "").lower()) if one.email else None
            if known is not None:
                self._people[one.name] = known
                continue
            yield self._catalogue_person(one)

    def _catalogue_person(self, one: CatalogueUser) -> tuple[str, YamlEntry]:
        id_ = self._ids.new(one.name.rpartition("/")[2], one.title, kind="person")
        self._people[one.name] = id_
        fields: dict[str, Json] = {"name": one.title or one.name.rpartition("/")[2]}
        if one.email:
            fields["email"] = one.email
        return id_, YamlEntry(fields, self._at(one.where), self._guess(one.name))

    def _guess(self, name: str) -> tuple[str, ...]:
        """Say why somebody is drafted who is only named."""
        return tuple(filter(None, [self.guessed.get(name)]))

    def _read_teams(self) -> Iterator[tuple[str, YamlEntry]]:
        for group in self.deployed.groups:
            if group.name in self._teams:
                continue
            id_ = self._ids.new(group.name.rpartition("/")[2], group.title, kind="team")
            self._teams[group.name] = id_
            yield id_, self._team(group)
        for label, value, where, number in self._team_labels():
            if slug(value) in self._teams.values():
                continue
            id_ = self._ids.new(value, kind="team")
            self._teams[value] = id_
            alerts = "1 alert says" if number == 1 else f"{number} alerts say"
            yield (
                id_,
                YamlEntry(
                    {"name": value}, self._at(where), (f"a team? {alerts} `{label}: {value}`",)
                ),
            )

    def _team(self, group: Group) -> YamlEntry:
        fields: dict[str, Json] = {"name": group.title or group.name.rpartition("/")[2]}
        members = [self._people[one] for one in group.members if one in self._people]
        members += [
            self._people[one.name]
            for one in self.deployed.catalogue_users
            if group.name in one.groups and one.name in self._people
        ]
        if group.lead is not None and group.lead in self._people:
            fields["lead"] = self._people[group.lead]
        if members:
            fields["members"] = list(dict.fromkeys(members))
        return YamlEntry(fields, self._at(group.where), self._guess(group.name))

    def _team_labels(self) -> list[tuple[str, str, Where, int]]:
        """List the values of the labels `team` and `owner`, each with its first place and count."""
        found: dict[tuple[str, str], list[Where]] = {}
        for alert in self.deployed.alerts:
            for label in ("team", "owner"):
                text = alert.labels.get(label)
                if text is not None and "{{" not in text.value and slug(text.value):
                    found.setdefault((label, text.value), []).append(text.where)
        return [(*key, places[0], len(places)) for key, places in sorted(found.items())]

    # ---- who is paged ----

    def _read_schedules(self) -> Iterator[tuple[str, YamlEntry]]:
        for one in self.deployed.schedules:
            if one.id in self._schedules:
                continue
            id_ = self._ids.new(one.name, one.id, kind="schedule")
            self._schedules[one.id] = id_
            yield id_, self._schedule(one)

    def _schedule(self, one: PagerSchedule) -> YamlEntry:
        fields: dict[str, Json] = {"timezone": one.zone} if one.zone else {}
        names = _Ids()
        unread: list[str] = []
        rotations: list[Json] = []
        for layer in one.layers:
            rotation = self._rotation(layer, names)
            if isinstance(rotation, str):
                unread.append(f"the layer `{layer.name}` is not carried over: {rotation}")
            else:
                rotations.append(rotation)
        if rotations:
            fields["rotations"] = rotations
        overrides: list[Json] = [
            {"person": self._people[user], "from": start, "to": end}
            for user, start, end in one.overrides
            if user in self._people
        ]
        if overrides:
            fields["overrides"] = overrides
        self._leave(one.where, f"of the schedule `{one.name or one.id}`", unread)
        return YamlEntry(fields, self._at(one.where), tuple(unread))

    def _rotation(self, layer: PagerLayer, names: _Ids) -> dict[str, Json] | str:
        """Make a rotation of a layer, or say why there is none."""
        lost = [one for one in layer.users if one not in self._people]
        if lost or not layer.users:
            return f"the user `{lost[0]}` was not read" if lost else "it has no users"
        people: list[Json] = [self._people[one] for one in layer.users]
        hours = [window(*one) for one in layer.restrictions]
        if None in hours:
            return "its hours fit no window"
        every = period(layer.turn_seconds)
        if every is None:
            return f"its turns of {layer.turn_seconds} s are no whole hours"
        found: dict[str, Json] = {
            "name": names.new(layer.name, kind="rotation"),
            "participants": people,
            "start": layer.anchor,
            "every": every,
        }
        if layer.end:
            found["end"] = layer.end
        if hours:
            found["hours"] = [one for one in hours if one is not None]
        return found

    def _read_policies(self) -> Iterator[tuple[str, YamlEntry]]:
        for one in self.deployed.policies:
            if one.id in self._policies:
                continue
            id_ = self._ids.new(one.name, one.id, kind="escalation")
            self._policies[one.id] = id_
            yield id_, self._policy(one)

    def _policy(self, one: PagerPolicy) -> YamlEntry:
        unread = list(one.aside)
        made = [(step, self._step(step, unread)) for step in one.steps]
        steps = [(step.after_minutes, fields) for step, fields in made if fields is not None]
        listed: list[Json] = [fields for _, fields in steps]
        fields: dict[str, Json] = {"steps": listed}
        if one.repeats and steps:
            # The wait is from the last step of the policy, which may be none of the draft's.
            since = one.steps[-1].after_minutes - steps[-1][0]
            if one.wait_minutes is None:
                unread.append(f"`repeat: {one.repeats}` is left out: after how long is not told")
            else:
                after = f"{since + one.wait_minutes}m"
                fields |= {"repeat": one.repeats, "repeat_after": after}
        self._leave(one.where, f"of the escalation `{one.name or one.id}`", unread)
        return YamlEntry(fields, self._at(one.where), tuple(unread))

    def _step(self, step: PagerStep, unread: list[str]) -> dict[str, Json] | None:
        """Make a step; None, and it is said, where nobody is told."""
        fields: dict[str, Json] = {"after": f"{step.after_minutes}m"}
        notify: list[Json] = []
        known = {"user": self._people, "schedule": self._schedules}
        for kind, id_ in self._told(step.targets):
            found = known.get(kind, {}).get(id_)
            if found is None:
                unread.append(f"the {kind} `{id_}` is in none of the files that were read")
            else:
                notify.append(found)
        if step.in_turn and len(notify) > 1:
            fields["pick"] = "one"
        return {**fields, "notify": notify} if notify else None

    def _told(self, targets: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield targets, with the members of a team in its place, if these are known."""
        members = {one.name: one.members for one in self.deployed.groups}
        for kind, id_ in targets:
            mine = members.get(id_, ()) if kind == "team" else ()
            yield from (("user", one) for one in mine)
            if not mine:
                yield kind, id_

    def _leave(self, where: Where, what: str, reasons: Iterable[str]) -> None:
        """List what is left out, for whoever drafts."""
        self.left_out += [LeftOut(where, f"{what}: {reason}") for reason in reasons]

    # ---- where it lands ----

    def _read_receivers(self) -> Iterator[tuple[str, YamlEntry]]:
        services = {one.id: one for one in self.deployed.services}
        for one in services.values():
            self._leave(one.where, f"of the service `{one.name or one.id}`", one.aside)
        named = {one.name: one for one in self.deployed.services if one.name}
        for receiver in self._receivers():
            used = [one.service or one.target or "" for one in receiver.integrations]
            service = next((services.get(one) or named.get(one) for one in used if one), None)
            if service is not None and service.policy in self._policies:
                self._bind(receiver, self._policies[service.policy], service.aside)
            elif any(one.kind in _PAGERS for one in receiver.integrations):
                continue  # which escalation it pages is not in the files
            elif receiver.integrations:
                id_ = self._ids.new(receiver.name, kind="channel")
                self._bind(receiver, id_)
                yield id_, _channel(receiver, self._at(receiver.where))

    def _receivers(self) -> Iterator[Receiver]:
        seen: set[str] = set()
        for router in self.deployed.routers:
            for name, receiver in router.receivers.items():
                if name not in seen:
                    seen.add(name)
                    yield receiver

    def _bind(self, receiver: Receiver, means: str, aside: tuple[str, ...] = ()) -> None:
        id_ = self._binding_ids.new(receiver.name, kind="receiver")
        fields: dict[str, Json] = {"receiver": receiver.name, "means": means}
        self.bindings[id_] = YamlEntry(fields, self._at(receiver.where), aside)

    def _bind_owners(self) -> None:
        for label, value, where, _ in self._team_labels():
            team = self._teams.get(value) or slug(value)
            if team in self.teams:
                id_ = self._binding_ids.new(f"{label}-{value}", kind="label")
                fields: dict[str, Json] = {"label": label, "value": value, "means": team}
                self.bindings[id_] = YamlEntry(fields, self._at(where))
        places = {one.name: one.where for one in self.deployed.groups}
        places |= {one.name: one.where for one in self.deployed.catalogue_users}
        for name, means in (*self._teams.items(), *self._people.items()):
            if name in places:
                id_ = self._binding_ids.new(f"owner-{means}", kind="owner")
                self.bindings[id_] = YamlEntry(
                    {"owner": name, "means": means}, self._at(places[name])
                )

    # ---- what is alerted on ----

    def _read_alerts(self) -> Iterator[tuple[str, YamlEntry]]:
        by_name: dict[str, list[DeployedAlert]] = {}
        for alert in self.deployed.alerts:
            if slug(alert.name):
                by_name.setdefault(alert.name, []).append(alert)
        sure = [(rules, found) for rules in by_name.values() if (found := self._grave(rules))]
        taken = [id_ for _, found in sure for one, _ in found for id_ in self._alert_ids(one)]
        ids, metrics = _Ids(), self._metric_ids
        metrics.take(taken)
        metric_of: dict[int, str] = {}
        for group in together([rules for rules, _ in sure]):
            found = [each for number in group for each in sure[number][1]]
            metric_of |= dict.fromkeys(group, self._metric(sure[group[0]][0], found, metrics))
        for number, (_, each) in enumerate(sure):
            for one, grave in each:
                id_ = ids.new(*self._alert_ids(one), kind="alert")
                self._alerts[id_] = one
                yield id_, self._alert(one, grave, metric_of[number])

    def _alert_ids(self, one: One) -> tuple[str, ...]:
        return ("-".join((slug(one.name), *filter(None, map(slug, one.match.values())))),)

    def _grave(self, rules: list[DeployedAlert]) -> list[tuple[One, Grave]]:
        """Return the alerts of one name that are known to be grave or not; others are left out."""
        sure: list[tuple[One, Grave]] = []
        for one in apart(rules):
            grave = known(one.rules[0], self.words)
            if isinstance(grave, Grave):
                sure.append((one, grave))
            else:
                self.left_out += [LeftOut(*unworded(grave, rule)) for rule in one.rules]
        return sure

    def _metric(
        self, rules: list[DeployedAlert], alerts: list[tuple[One, Grave]], ids: _Ids
    ) -> str:
        """Draft the metric of alerts: named as in their query, else by an alert."""
        families = {measured(rule) for one, _ in alerts for rule in one.rules}
        known = (slug(one) for one in names(rules[0]) if len(families) == 1)
        own = next(filter(ids.is_free, known), f"{slug(rules[0].name)}-value")
        metric = ids.new(own, kind="metric")
        response = "page" if any(grave.pages for _, grave in alerts) else "ticket"
        that = "that this is a metric of its own"
        if len(families) > 1:
            that = f"that its {len(families)} queries measure one thing"
        self.metrics[metric] = YamlEntry(
            {"bucket": "reliability", "response": response},
            self._at(rules[0].where),
            (f"`bucket`, `response`, and {that}",),
        )
        return metric

    def _read_objectives(self) -> Iterator[tuple[str, YamlEntry]]:
        ids = _Ids()
        for one in objectives(self.deployed.levels, self._at):
            metric = self._metric_ids.new(*one.names, kind="metric")
            self.metrics[metric] = one.metric
            fields: dict[str, Json] = {"metric": metric, **one.objective.fields}
            yield ids.new(*one.names, kind="objective"), one.objective._replace(fields=fields)
        lines = Counter(one.where.file for one in self.deployed.code_owners)
        first = {one.where.file: one.where for one in reversed(self.deployed.code_owners)}
        for file, number in lines.items():
            told = f"{counted(number, 'pattern')} of CODEOWNERS"
            reason = f"{told}: which components they mean is not told"
            self.left_out.append(LeftOut(first[file], reason))

    def _alert(self, one: One, grave: Grave, metric: str) -> YamlEntry:
        rule = one.rules[0]
        response = "page" if grave.pages else "ticket"
        fields: dict[str, Json] = {
            "metric": metric, "severity": grave.severity, "response": response,
        }  # fmt: skip
        guessed = [f"`severity`, `response`: {grave.because}"]
        if rule.system == "grafana":
            # Its query is only what the condition looks at, in steps that have no words here.
            reason = "`when`: what a condition of Grafana's compares has no words here"
            self._leave(rule.where, f"of the alert `{rule.name}`", [reason])
        elif one.query is not None and one.query.value.strip():
            waits = one.waits
            first = {"for": waits[0]} if len(waits) == 1 and re.search("[1-9]", waits[0]) else {}
            fields["when"] = {"expr": one.query.value, **first}
            if len(waits) > 1:
                guessed.append(f"`when.for`: rules of this name differ in it: {listed(waits)}")
        elif len(one.rules) > 1:
            number = len(one.rules)
            guessed.append(f"`when`: {number} rules of this name and these labels differ in it")
        labels = fixed(rule)
        if labels:
            fields["labels"] = dict(labels)
        self._add_runbook(fields, rule)
        return YamlEntry(fields, self._at(rule.where), tuple(guessed))

    def _add_runbook(self, fields: dict[str, Json], rule: DeployedAlert) -> None:
        """Name the runbook that a rule links: one of the registry's own where it may be a link."""
        address = link(rule.annotations)
        if address is None or is_placeholder(address):
            return
        is_link = re.match(r"https?://", address) and "{{" not in address
        if URL not in Runbook.model_fields or not is_link:
            fields["x-runbook"] = address
            return
        if address not in self._runbooks:
            last = address.rstrip("/").rpartition("/")[2]
            id_ = self._runbooks[address] = self._runbook_ids.new(last, rule.name, kind="runbook")
            self.runbooks[id_] = YamlEntry({URL: address}, self._at(rule.where))
        fields["runbook"] = self._runbooks[address]

    def _bind_alerts(self) -> None:
        """Bind the alerts that an audit would not find by their names: it leaves out signs."""
        found = Counter(map(folded, self._alerts))
        for id_, one in self._alerts.items():
            fields: dict[str, Json]
            if one.match:
                fields = {"match": {"alertname": one.name, **one.match}, "alert": id_}
            elif found[folded(id_)] > 1 or folded(id_) != folded(one.name):
                fields = {"label": "alertname", "value": one.name, "alert": id_}
            else:
                continue
            binding = self._binding_ids.new(f"alert-{id_}", kind="alert")
            self.bindings[binding] = YamlEntry(fields, self.alerts[id_].source)


def _channel(receiver: Receiver, place: str) -> YamlEntry:
    one = receiver.integrations[0]
    kind = _CHANNEL_KINDS.get(one.kind, "webhook")
    fields: dict[str, Json] = {"kind": kind}
    if one.target:
        fields["address"] = one.target
    confirm: tuple[str, ...] = ()
    if kind == "webhook":
        confirm = (f"a channel, and no pager? the receiver notifies by {one.kind}",)
    return YamlEntry(fields, place, confirm)


def guesses(files: Iterable[bytes]) -> int:
    """Count the guesses that are marked in drafted files."""
    mark = f"# {CONFIRM} ".encode()
    return sum(line.lstrip().startswith(mark) for one in files for line in one.split(b"\n"))
