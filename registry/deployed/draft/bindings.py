"""What a draft binds: receivers to who is paged or to channels, labels and names to owners."""

from collections import Counter
from collections.abc import Iterator

from registry.deployed.draft.names import Drafting, Ids, slug
from registry.deployed.draft.oncall import DraftedOncall
from registry.deployed.draft.people import DraftedPeople
from registry.deployed.draft.rules import DraftedRules
from registry.deployed.model import Receiver, folded
from registry.output.yaml import Json, YamlEntry

_PAGERS = frozenset({"pagerduty", "opsgenie", "victorops", "incidentio", "pushover"})
_CHANNEL_KINDS = {"slack": "slack", "email": "email", "msteams": "teams", "msteamsv2": "teams",
                  "jira": "ticket", "webhook": "webhook"}  # fmt: skip


class DraftedBindings:
    """Channels by their new ids, and the bindings that lead from the estate's names to ids."""

    def __init__(self, drafting: Drafting, who: DraftedPeople, oncall: DraftedOncall) -> None:
        self._drafting = drafting
        self._people = who
        self._oncall = oncall
        self._ids = Ids()
        self.bindings: dict[str, YamlEntry] = {}
        self.channels = dict(self._read_receivers())

    def _read_receivers(self) -> Iterator[tuple[str, YamlEntry]]:
        services = {one.id: one for one in self._drafting.deployed.services}
        for one in services.values():
            self._drafting.leave(one.where, f"of the service `{one.name or one.id}`", one.aside)
        named = {one.name: one for one in self._drafting.deployed.services if one.name}
        for receiver in self._receivers():
            used = [one.service or one.target or "" for one in receiver.integrations]
            service = next((services.get(one) or named.get(one) for one in used if one), None)
            if service is not None and service.policy in self._oncall.escalation_ids:
                self._bind(receiver, self._oncall.escalation_ids[service.policy], service.aside)
            elif any(one.kind in _PAGERS for one in receiver.integrations):
                continue  # which escalation it pages is not in the files
            elif receiver.integrations:
                id_ = self._drafting.ids.new(receiver.name, kind="channel")
                self._bind(receiver, id_)
                yield id_, _channel(receiver, self._drafting.at(receiver.where))

    def _receivers(self) -> Iterator[Receiver]:
        seen: set[str] = set()
        for router in self._drafting.deployed.routers:
            for name, receiver in router.receivers.items():
                if name not in seen:
                    seen.add(name)
                    yield receiver

    def _bind(self, receiver: Receiver, means: str, aside: tuple[str, ...] = ()) -> None:
        id_ = self._ids.new(receiver.name, kind="receiver")
        fields: dict[str, Json] = {"receiver": receiver.name, "means": means}
        self.bindings[id_] = YamlEntry(fields, self._drafting.at(receiver.where), aside)

    def bind_owners(self) -> None:
        """Bind what owners are called in labels and in a catalogue."""
        for label, value, where, _ in self._people.labels():
            team = self._people.team_ids.get(value) or slug(value)
            if team in self._people.teams:
                id_ = self._ids.new(f"{label}-{value}", kind="label")
                fields: dict[str, Json] = {"label": label, "value": value, "means": team}
                self.bindings[id_] = YamlEntry(fields, self._drafting.at(where))
        places = {one.name: one.where for one in self._drafting.deployed.groups}
        places |= {one.name: one.where for one in self._drafting.deployed.catalogue_users}
        for name, means in (*self._people.team_ids.items(), *self._people.person_ids.items()):
            if name in places:
                id_ = self._ids.new(f"owner-{means}", kind="owner")
                self.bindings[id_] = YamlEntry(
                    {"owner": name, "means": means}, self._drafting.at(places[name])
                )

    def bind_alerts(self, rules: DraftedRules) -> None:
        """Bind the alerts that an audit would not find by their names: it leaves out signs."""
        found = Counter(map(folded, rules.named))
        for id_, one in rules.named.items():
            fields: dict[str, Json]
            if one.match:
                fields = {"match": {"alertname": one.name, **one.match}, "alert": id_}
            elif found[folded(id_)] > 1 or folded(id_) != folded(one.name):
                fields = {"label": "alertname", "value": one.name, "alert": id_}
            else:
                continue
            binding = self._ids.new(f"alert-{id_}", kind="alert")
            self.bindings[binding] = YamlEntry(fields, rules.alerts[id_].source)


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
