"""Opsgenie: users, teams, schedules with their rotations, and escalations, as its API gives them.

An answer holds one record or a list of them under `data`. An escalation's delays all count from the
alert. Everybody who is on call in any rotation of a schedule is told, which no list of layers can
say where there are several: it is said with each such schedule.
"""

from collections.abc import Iterator, Sequence

from registry.clock.weekdays import DAY_NAMES
from registry.deployed.model import (
    Deployed,
    Group,
    NotRead,
    PagerLayer,
    PagerPolicy,
    PagerSchedule,
    PagerStep,
    PagerUser,
    Skipped,
    Where,
)
from registry.deployed.reader import Reader
from registry.source.foreign import Value

_ANSWER = frozenset({"took", "requestId"})
_MINUTES = {"minutes": 1, "hours": 60, "days": 1440}
_TURN = {"hourly": 3600, "daily": 86_400, "weekly": 604_800}
_DAYS = tuple(map(str.lower, DAY_NAMES))
_WEEK = 7 * 1440
_UNACKNOWLEDGED = "if-not-acked"

Hours = tuple[str, int | None, int]


def recognizes(document: Value) -> bool:
    """Whether a document is an answer of Opsgenie's API."""
    fields = document.fields or {}
    return "data" in fields and not _ANSWER.isdisjoint(fields)


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the records of every answer in a file."""
    reader = _File(name)
    for document in found:
        reader.take(document)
    return reader.deployed()


def _kind(record: Value) -> str | None:
    """Tell a record's kind by the fields that only this kind has; None where it has none."""
    fields = (record.fields or {}).keys()
    if "rotations" in fields and "user" not in fields:
        return "schedule"
    if "startDate" in fields and "user" in fields:
        return "override"
    if "rules" in fields and "ownerTeam" in fields:
        return "escalation"
    if "username" in fields:
        return "user"
    return (
        "team"
        if "members" in fields or "/teams/" in (record.string("links", "api") or "")
        else None
    )


class _File:
    """Gathers what the answers of a file say; each id once, the last time it is seen."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.users: dict[str, PagerUser] = {}
        self.teams: dict[str, Group] = {}
        self.schedules: dict[str, PagerSchedule] = {}
        self.policies: dict[str, PagerPolicy] = {}
        self.not_read: list[NotRead] = []
        self.others = 0
        self.pages = 0
        self.empty = 0

    def deployed(self) -> Deployed:
        left = {
            "answers that hold nothing": self.empty,
            "records of Opsgenie of other kinds": self.others,
            "pages of lists that go on after them": self.pages,
        }
        return Deployed(
            users=tuple(self.users.values()),
            schedules=tuple(self.schedules.values()),
            policies=tuple(self.policies.values()),
            groups=tuple(self.teams.values()),
            not_read=tuple(self.not_read),
            skipped=tuple(
                Skipped(self.name, what, number) for what, number in left.items() if number
            ),
        )

    def take(self, document: Value) -> None:
        """Read the records of one answer."""
        data = document.get("data")
        self.pages += document.get("paging", "next") is not None
        records = data.items if data is not None and data.items is not None else (data or document,)
        self.empty += not records
        for one in records:
            kind = _kind(one)
            id_ = one.string("id") or ""
            if kind is None:
                self.others += 1
            elif kind == "override":
                self._say(one, "an override whose schedule the answer does not name")
            elif not id_:
                self._say(one, f"a {kind} without an id")
            else:
                self._record(kind, id_, one)

    def _say(self, value: Value, reason: str) -> None:
        self.not_read.append(NotRead(Where(self.name, value.at), reason))

    def _record(self, kind: str, id_: str, value: Value) -> None:
        name = value.string("name") or ""
        where = Where(self.name, (value.get("name") or value.get("id") or value).at)
        if kind == "user":
            login = value.string("username") or ""
            shown = value.string("fullName") or login
            email = login if "@" in login else None
            self.users[id_] = PagerUser(id_, where, shown, email, value.flag("blocked") is True)
        elif kind == "team":
            members = (one.string("user", "id") for one in value.each("members"))
            known = tuple(dict.fromkeys(one for one in members if one))
            self.teams[id_] = Group(name or id_, where, name, known)
        elif kind == "escalation":
            aside: list[str] = []
            steps = tuple(self._steps(value, aside))
            repeats = value.number("repeat", "count") or 0
            wait = value.number("repeat", "waitInterval")
            self.policies[id_] = PagerPolicy(id_, where, name, steps, repeats, wait, tuple(aside))
        else:
            self.schedules[id_] = self._schedule(id_, where, name, value)

    def _schedule(self, id_: str, where: Where, name: str, value: Value) -> PagerSchedule:
        if value.flag("enabled") is False:
            self._say(value, f"the schedule `{name}` is switched off: nobody is on call in it")
            return PagerSchedule(id_, where, name, value.string("timezone"))
        read_layers = [self._layer(one) for one in value.each("rotations")]
        layers = tuple(one for one in read_layers if one is not None)
        if len(layers) > 1:
            said = f"the schedule `{name}` has {len(layers)} rotations"
            self._say(value, f"{said}: Opsgenie tells who is on call in each, not in one of them")
        users = tuple(dict.fromkeys(user for one in layers for user in one.users))
        return PagerSchedule(id_, where, name, value.string("timezone"), users, layers)

    def _layer(self, value: Value) -> PagerLayer | None:
        name = value.string("name") or ""
        users = tuple(
            (one.string("type") == "user" and one.string("id")) or ""
            for one in value.each("participants")
        )
        start = value.string("startDate") or ""
        length = value.number("length", absent=1) or 0
        turn = _TURN.get(value.string("type") or "", 0) * length
        hours = list(_restrictions(value))
        wrong = (
            "its participants" if not all(users) or not users else
            "when it begins" if not start else
            "the length of a turn" if not turn else
            "its time restriction" if None in hours else
            None
        )  # fmt: skip
        if wrong is not None:
            self._say(value, f"the rotation `{name}`: {wrong} cannot be told")
            return None
        known = tuple(one for one in hours if one is not None)
        return PagerLayer(name, users, start, value.string("endDate"), start, turn, known)

    def _steps(self, escalation: Value, aside: list[str]) -> Iterator[PagerStep]:
        """Yield whom each delay tells, in the order of the delays; add what has no words here."""
        found: dict[int, list[tuple[str, str]]] = {}
        places: dict[int, Where] = {}
        by_chance: set[int] = set()
        for rule in escalation.each("rules"):
            unit = _MINUTES.get((rule.string("delay", "timeUnit") or "minutes").lower())
            amount = rule.number("delay", "timeAmount")
            kind, id_ = rule.string("recipient", "type"), rule.string("recipient", "id")
            members = _members(rule)
            target = ("team", members) if members else (kind or "", id_ or "")
            if unit is None or amount is None:
                self._say(rule, "a rule without a delay that can be told")
                continue
            after = amount * unit
            is_random = rule.string("notifyType") == "random"
            if not members and (kind not in {"user", "schedule"} or not id_):
                self._say(rule, "a rule that tells neither a user nor a schedule with an id")
            elif not members and (other := _otherwise(rule)):
                aside.append(f"the rule after {after}m: {other}")
            elif after in by_chance or (is_random and after in found):
                aside.append(f"the rule after {after}m: beside others, one is chosen by chance")
            else:
                by_chance |= {after} if is_random else set()
                found.setdefault(after, []).append(target)
                places.setdefault(after, Where(self.name, rule.at))
        for after in sorted(found):
            yield PagerStep(after, tuple(found[after]), places[after], after in by_chance)


def _members(rule: Value) -> str:
    """Name the team whose members a rule tells, all of them or one by chance; else nothing."""
    is_told = (rule.string("condition") or _UNACKNOWLEDGED) == _UNACKNOWLEDGED
    if rule.string("recipient", "type") != "team" or not is_told:
        return ""
    if rule.string("notifyType") not in {"all", "random"}:
        return ""
    return rule.string("recipient", "name") or rule.string("recipient", "id") or ""


def _otherwise(rule: Value) -> str | None:
    """Say how a rule notifies, where it is not whoever is on call until somebody acknowledges."""
    type_ = rule.string("notifyType") or "default"
    condition = rule.string("condition") or _UNACKNOWLEDGED
    if type_ != "default":
        return f"it notifies the `{type_}` of its recipient, not whoever is on call"
    return None if condition == _UNACKNOWLEDGED else f"its condition is `{condition}`"


def _restrictions(rotation: Value) -> Iterator[Hours | None]:
    """Yield when a rotation is on call, None for what cannot be told; nothing if always."""
    whole = rotation.get("timeRestriction")
    if whole is None:
        return
    kind = whole.string("type")
    if kind == "time-of-day" and (one := whole.get("restriction")) is not None:
        yield _hours(one, weekly=False)
    elif kind == "weekday-and-time-of-day" and whole.each("restrictions"):
        yield from (_hours(one, weekly=True) for one in whole.each("restrictions"))
    else:
        yield None


def _hours(value: Value, *, weekly: bool) -> Hours | None:
    """Read a window's start and how long it lasts; one that ends where it starts lasts it all."""
    start, end = (_minute(value, name, weekly=weekly) for name in ("start", "end"))
    if start is None or end is None:
        return None
    lasts = (end - start) % (_WEEK if weekly else 1440) or (_WEEK if weekly else 1440)
    day = start // 1440 % 7 + 1 if weekly else None
    return f"{start % 1440 // 60:02}:{start % 60:02}:00", day, lasts * 60


def _minute(value: Value, name: str, *, weekly: bool) -> int | None:
    """Return the minute of the day, or from Monday on, at which a window starts or ends."""
    hour = value.number(f"{name}Hour")
    minute = value.number(f"{name}Min", absent=0)
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    if not weekly:
        return hour * 60 + minute
    day = (value.string(f"{name}Day") or "").lower()
    return _DAYS.index(day) * 1440 + hour * 60 + minute if day in _DAYS else None


READER = Reader("opsgenie", "opsgenie", "Opsgenie's REST JSON", recognizes, read)
