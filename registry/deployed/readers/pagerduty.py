"""PagerDuty: users, teams, schedules, escalation policies and services, as its REST API gives them.

Reads lists (`{"schedules": [...]}`), one page or several in a file, single resources
(`{"schedule": {...}}`) and plain arrays of resources. Keys of integrations are never read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry.deployed.model import (
    SUPPORT_HOURS,
    Deployed,
    Group,
    NotRead,
    PagerLayer,
    PagerPolicy,
    PagerSchedule,
    PagerService,
    PagerStep,
    PagerUser,
    Skipped,
    Where,
)
from registry.deployed.reader import Reader
from registry.source.foreign import Value
from registry.wording import plural

_MARKS = {
    "user": ("email", "contact_methods"),
    "team": ("default_role",),
    "schedule": ("schedule_layers", "time_zone"),
    "escalation_policy": ("escalation_rules",),
    "service": ("escalation_policy",),
    "override": ("user",),
    "member": ("role",),
}
"""What tells a kind of resource that does not name its `type`."""

_PLURALS = {plural(kind): kind for kind in _MARKS}
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_PAGE = frozenset({"limit", "offset", "more"})
_OWN = ("self", "html_url", "summary")


class _Resource(NamedTuple):
    kind: str
    value: Value


def recognizes(document: Value) -> bool:
    """Whether a document is an answer of PagerDuty's API, or holds its resources."""
    if next(_resources(document), None) is not None:
        return True
    fields = document.fields or {}
    return fields.keys() >= _PAGE and not _PLURALS.keys().isdisjoint(fields)


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the resources of every document of a file."""
    return _File(name, found).deployed()


def _resources(document: Value) -> Iterator[_Resource]:
    for one in document.items or ():
        kind = one.string("type") or ""
        if kind in _MARKS and _is(kind, one):
            yield _Resource(kind, one)
    for key, value in document.pairs():
        if key in _MARKS and _is(key, value):
            yield _Resource(key, value)
        kind = _PLURALS.get(key, "")
        for one in (value.items or ()) if kind else ():
            if _is(kind, one):
                yield _Resource(kind, one)


def _is(kind: str, value: Value) -> bool:
    """Whether a value looks like a resource of a kind, not like another program's of that name."""
    fields = value.fields or {}
    if kind == "member":
        return value.string("user", "id") is not None and "role" in fields
    if kind == "override":
        return {"user", "start", "end"} <= fields.keys()
    if "id" not in fields:
        return False
    is_typed = value.string("type") == kind and any(key in fields for key in _OWN)
    return is_typed or any(key in fields for key in _MARKS[kind])


class _File:
    """What one file holds; gathers what could not be read on the way."""

    def __init__(self, name: str, found: Sequence[Value]) -> None:
        self.name = name
        self.not_read: list[NotRead] = []
        self.by_kind: dict[str, list[Value]] = {kind: [] for kind in _MARKS}
        self.pages = 0
        self.empty = 0
        for document in found:
            self._take(document)

    def _take(self, document: Value) -> None:
        resources = list(_resources(document))
        known = {id(one.value) for one in resources}
        for one in resources:
            self.by_kind[one.kind].append(one.value)
        self.pages += document.flag("more") is True
        self.empty += not resources and not any(document.each(key) for key in _PLURALS)
        for key, value in document.pairs():
            for entry in (value.items or ()) if key in _PLURALS else ():
                if id(entry) not in known:
                    self._say(entry, f"an entry of `{key}` that is no resource of PagerDuty")

    def _say(self, value: Value, reason: str) -> None:
        self.not_read.append(NotRead(Where(self.name, value.at), reason))

    def deployed(self) -> Deployed:
        kinds = self.by_kind
        left = {
            "answers that hold nothing": self.empty,
            "members of teams that the file does not name": len(kinds["member"]),
            "pages of lists that go on after them": self.pages,
        }
        for one in kinds["override"]:
            self._say(one, "an override whose schedule the file does not name")
        return Deployed(
            users=tuple(map(self._user, self._named("user"))),
            groups=tuple(self._teams()),
            schedules=tuple(map(self._schedule, self._named("schedule"))),
            policies=tuple(map(self._policy, self._named("escalation_policy"))),
            services=tuple(map(self._service, self._named("service"))),
            not_read=tuple(self.not_read),
            skipped=tuple(
                Skipped(self.name, what, number) for what, number in left.items() if number
            ),
        )

    def _named(self, kind: str) -> list[Value]:
        """List the resources of a kind that have an id, each id once."""
        found: dict[str, Value] = {}
        for one in self.by_kind[kind]:
            id_ = one.string("id")
            if id_:
                found.setdefault(id_, one)
            else:
                article = "an" if kind[0] in "eo" else "a"
                self._say(one, f"{article} {kind.replace('_', ' ')} without an id")
        return list(found.values())

    def _base(self, value: Value) -> tuple[str, Where, str]:
        """Return a resource's id, place and name."""
        named = value.get("name") or value.get("summary")
        at = (value.get("name") or value.get("id") or value).at
        return value.string("id") or "", Where(self.name, at), (named and named.text) or ""

    def _user(self, value: Value) -> PagerUser:
        return PagerUser(*self._base(value), value.string("email"))

    def _teams(self) -> Iterator[Group]:
        """Yield each team, with those users of the file who say that they are in it."""
        members: dict[str | None, list[str]] = {}
        for user in self.by_kind["user"]:
            for team in user.each("teams"):
                members.setdefault(team.string("id"), []).append(user.string("id") or "")
        for one in self._named("team"):
            id_, where, name = self._base(one)
            yield Group(
                name or id_, where, name, tuple(dict.fromkeys(filter(None, members.get(id_, ()))))
            )

    def _service(self, value: Value) -> PagerService:
        hours = value.get("support_hours")
        aside = (SUPPORT_HOURS,) if hours is not None else ()
        return PagerService(*self._base(value), value.string("escalation_policy", "id"), aside)

    def _schedule(self, value: Value) -> PagerSchedule:
        """Read a schedule; the API lists its layers from the top, of which the first wins."""
        read_layers = (self._layer(one) for one in reversed(value.each("schedule_layers")))
        layers = tuple(one for one in read_layers if one is not None)
        listed = (one.string("id") for one in value.each("users"))
        users = [*filter(None, listed), *(user for one in layers for user in one.users)]
        return PagerSchedule(
            *self._base(value),
            value.string("time_zone"),
            tuple(dict.fromkeys(users)),
            layers,
            tuple(dict.fromkeys(self._overrides(value))),
            tuple(_rendered(value)),
        )

    def _layer(self, value: Value) -> PagerLayer | None:
        name = value.string("name") or ""
        users = tuple(one.string("user", "id") or "" for one in value.each("users"))
        anchor = value.string("rotation_virtual_start") or ""
        turn = value.number("rotation_turn_length_seconds")
        restrictions = tuple(map(_restriction, value.each("restrictions")))
        wrong = (
            "its users" if not all(users) or not users else
            "when it begins" if not anchor else
            "the length of a turn" if not turn else
            "its restrictions" if None in restrictions else
            None
        )  # fmt: skip
        if wrong is not None or turn is None:
            self._say(value, f"the layer `{name}`: {wrong} cannot be told")
            return None
        start = value.string("start") or anchor
        hours = tuple(one for one in restrictions if one is not None)
        return PagerLayer(name, users, start, value.string("end"), anchor, turn, hours)

    def _overrides(self, value: Value) -> Iterator[tuple[str, str, str]]:
        rendered = value.each("overrides_subschedule", "rendered_schedule_entries")
        for one in (*value.each("overrides"), *rendered):
            user, start, end = one.string("user", "id"), one.string("start"), one.string("end")
            if user and start and end:
                yield user, start, end
            else:
                self._say(one, "an override without its user, start or end")

    def _policy(self, value: Value) -> PagerPolicy:
        """Read a policy: a rule is reached once the delays of all before it have passed."""
        steps: list[PagerStep] = []
        after, delay = 0, None
        for rule in value.each("escalation_rules"):
            targets = tuple(self._targets(rule))
            written = rule.get("escalation_rule_assignment_strategy")
            strategy = written and (written.string("type") or written.string())
            in_turn = strategy == "round_robin"
            steps.append(PagerStep(after, targets, Where(self.name, rule.at), in_turn))
            delay = rule.number("escalation_delay_in_minutes")
            if delay is None:
                self._say(
                    rule, "a rule without its delay: when the rules after it begin is not known"
                )
                break
            after += delay
        repeats = value.number("num_loops") or 0
        return PagerPolicy(*self._base(value), tuple(steps), repeats, delay)

    def _targets(self, rule: Value) -> Iterator[tuple[str, str]]:
        for one in rule.each("targets"):
            kind = (one.string("type") or "").removesuffix("_reference")
            id_ = one.string("id")
            if kind in {"user", "schedule"} and id_:
                yield kind, id_
            else:
                self._say(one, "a target that is neither a user nor a schedule with an id")


def _rendered(value: Value) -> Iterator[tuple[str, str, str]]:
    """Yield who is on call in the end, where the answer says it: users, from, to."""
    for one in value.each("final_schedule", "rendered_schedule_entries"):
        user, start, end = one.string("user", "id"), one.string("start"), one.string("end")
        if user and start and end:
            yield user, start, end


def _restriction(value: Value) -> tuple[str, int | None, int] | None:
    """Read when a layer is on call: its start, the weekday if it is weekly, and its seconds.

    Weekdays count from 1, Monday; exports write Sunday as 0, too.
    """
    start = value.string("start_time_of_day") or ""
    seconds = value.number("duration_seconds")
    if not _TIME.fullmatch(start) or not seconds:
        return None
    kind = value.string("type")
    day = value.number("start_day_of_week")
    if kind == "daily_restriction":
        return start, None, seconds
    is_day = kind == "weekly_restriction" and day is not None and day <= 7
    return (start, day or 7, seconds) if is_day else None


READER = Reader("pagerduty", "pagerduty", "PagerDuty's REST JSON", recognizes, read)
