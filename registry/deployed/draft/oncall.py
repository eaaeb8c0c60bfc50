"""The schedules and escalations of a draft: who is paged, as a pager's export says it."""

from collections.abc import Iterable, Iterator, Mapping

from registry.deployed.draft.names import Drafting, Ids
from registry.deployed.model import PagerLayer, PagerPolicy, PagerSchedule, PagerStep
from registry.deployed.turns import period, window
from registry.output.yaml import Json, YamlEntry


class DraftedOncall:
    """Schedules and escalations by their new ids, which the pager's own ids lead to.

    `people` leads from the pager's users to the draft's people.
    """

    def __init__(self, drafting: Drafting, people: Mapping[str, str]) -> None:
        self._drafting = drafting
        self._people = people
        self.schedule_ids: dict[str, str] = {}
        self.escalation_ids: dict[str, str] = {}
        self.schedules = dict(self._read_schedules())
        self.escalations = dict(self._read_policies())

    def _read_schedules(self) -> Iterator[tuple[str, YamlEntry]]:
        for one in self._drafting.deployed.schedules:
            if one.id in self.schedule_ids:
                continue
            id_ = self._drafting.ids.new(one.name, one.id, kind="schedule")
            self.schedule_ids[one.id] = id_
            yield id_, self._schedule(one)

    def _schedule(self, one: PagerSchedule) -> YamlEntry:
        fields: dict[str, Json] = {"timezone": one.zone} if one.zone else {}
        names = Ids()
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
        self._drafting.leave(one.where, f"of the schedule `{one.name or one.id}`", unread)
        return YamlEntry(fields, self._drafting.at(one.where), tuple(unread))

    def _rotation(self, layer: PagerLayer, names: Ids) -> dict[str, Json] | str:
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
        for one in self._drafting.deployed.policies:
            if one.id in self.escalation_ids:
                continue
            id_ = self._drafting.ids.new(one.name, one.id, kind="escalation")
            self.escalation_ids[one.id] = id_
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
        self._drafting.leave(one.where, f"of the escalation `{one.name or one.id}`", unread)
        return YamlEntry(fields, self._drafting.at(one.where), tuple(unread))

    def _step(self, step: PagerStep, unread: list[str]) -> dict[str, Json] | None:
        """Make a step; None, and it is said, where nobody is told."""
        fields: dict[str, Json] = {"after": f"{step.after_minutes}m"}
        notify: list[Json] = []
        known = {"user": self._people, "schedule": self.schedule_ids}
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
        members = {one.name: one.members for one in self._drafting.deployed.groups}
        for kind, id_ in targets:
            mine = members.get(id_, ()) if kind == "team" else ()
            yield from (("user", one) for one in mine)
            if not mine:
                yield kind, id_
