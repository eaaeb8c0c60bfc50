"""PagerDuty in Terraform: users, teams, schedules, policies and services as they are declared.

An address stands for an id: `pagerduty_user.ada.id` is the user `pagerduty_user.ada`. What only
running Terraform can tell (variables, `for_each`, modules, functions) is said to be not read.
"""

import re
from collections import Counter
from collections.abc import Iterator

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
    merged,
)
from registry.deployed.reader import Reader
from registry.source.foreign import UnreadableError, Value, whole_number
from registry.source.hcl import EXPRESSION, REFERENCE, HclBlock, blocks
from registry.span import Position, Span

_PREFIX = "pagerduty_"
_UNREAD = {
    "Grafana's alerting in Terraform": "grafana_(?:rule_group|contact_point|notification_policy"
    "|mute_timing)",
    "Mimir's rules and Alertmanager in Terraform": "mimir_(?:rule_group_alerting"
    "|alertmanager_config)",
    "the rules of Amazon's Prometheus in Terraform": "aws_prometheus_(?:rule_group_namespace"
    "|alert_manager_definition)",
    "Opsgenie in Terraform": "opsgenie_(?:user|team|schedule|schedule_rotation|escalation|service)",
    "Datadog's monitors in Terraform": "datadog_monitor",
}
"""What decides on alerts in Terraform too, and is not read: its name, and the types of it."""
_RESOURCE = r"(?m)^[ \t]*resource[ \t]+"
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_RESTRICTIONS = frozenset({"daily_restriction", "weekly_restriction"})
_MANY = ("for_each", "count")


def is_terraform(name: str) -> bool:
    """Whether a file is Terraform by its name."""
    return name.endswith(".tf")


def read(name: str, text: str) -> Deployed:
    """Read the resources of a file; one that does not speak of PagerDuty is counted, not parsed."""
    lost = []
    for what, kinds in _UNREAD.items():
        found = re.search(f'{_RESOURCE}"{kinds}"', text)
        if found is not None:
            start = Position(text.count("\n", 0, found.start()) + 1, 1)
            lost.append(NotRead(Where(name, Span(start, start)), what))
    return merged([Deployed(not_read=tuple(lost)), _read(name, text)])


def _read(name: str, text: str) -> Deployed:
    none = Deployed(skipped=(Skipped(name, "Terraform files without PagerDuty", 1),))
    if "pagerduty" not in text.lower():
        return none
    try:
        found = blocks(text)
    except UnreadableError as error:
        return Deployed(not_read=(NotRead(Where(name, error.at), error.reason),))
    everything = _File(name, found).deployed()
    return everything if any(everything) else none


class _File:
    """The resources of one file, by their types."""

    def __init__(self, name: str, found: tuple[HclBlock, ...]) -> None:
        self.name = name
        self.not_read: list[NotRead] = []
        self.aside: Counter[str] = Counter()
        self.by_type: dict[str, list[HclBlock]] = {}
        for one in found:
            self._take(one)

    def _take(self, block: HclBlock) -> None:
        kind = block.labels[0] if len(block.labels) == 2 else ""
        if block.kind == "module":
            self._say(block.at, "a module: what it declares cannot be told without Terraform")
        elif block.kind not in {"resource", "data"} or not kind.startswith(_PREFIX):
            return
        elif block.kind == "data" and kind != "pagerduty_user":
            self.aside["data sources of PagerDuty"] += 1
        elif kind.removeprefix(_PREFIX) not in _KINDS:
            self.aside["resources of PagerDuty of other kinds"] += 1
        elif (many := next((key for key in _MANY if key in block.attributes), None)) is not None:
            said = f"`{_address(block)}` has `{many}`: which there are cannot be told"
            self._say(block.attributes[many].at, f"{said} without Terraform")
        else:
            self.by_type.setdefault(kind.removeprefix(_PREFIX), []).append(block)

    def _say(self, at: Span, reason: str) -> None:
        self.not_read.append(NotRead(Where(self.name, at), reason))

    def deployed(self) -> Deployed:
        integrations = len(self.by_type.get("service_integration", ()))
        self.aside["integrations of services"] += integrations
        return Deployed(
            users=tuple(self._user(one) for one in self._each("user")),
            groups=tuple(self._teams()),
            schedules=tuple(self._schedule(one) for one in self._each("schedule")),
            policies=tuple(self._policy(one) for one in self._each("escalation_policy")),
            services=tuple(self._service(one) for one in self._each("service")),
            not_read=tuple(sorted(self.not_read)),
            skipped=tuple(
                Skipped(self.name, what, number)
                for what, number in sorted(self.aside.items())
                if number
            ),
        )

    def _each(self, kind: str) -> Iterator[HclBlock]:
        yield from self.by_type.get(kind, ())

    # ---- attributes ----

    def _text(self, block: HclBlock, key: str) -> str | None:
        """Return an attribute that is written out; None, and it is said, where it is not."""
        value = block.attributes.get(key)
        if value is None or value.is_null:
            return None
        if value.text is None or value.tag is not None:
            self._say(value.at, f"`{key}` of a {block.kind}: only Terraform can tell it")
            return None
        return value.text

    def _number(self, block: HclBlock, key: str) -> int | None:
        return whole_number(self._text(block, key))

    def _id(self, block: HclBlock, key: str) -> str | None:
        """Return the id that an attribute names; None, and it is said, where it cannot be told."""
        value = block.attributes.get(key)
        found = _named(value) if value is not None else None
        if value is not None and found is None:
            self._say(value.at, f"`{key}` of a {block.kind}: only Terraform can tell it")
        return found

    def _base(self, block: HclBlock) -> tuple[str, Where, str]:
        """Return a resource's address, place and name."""
        return _address(block), Where(self.name, block.at), self._text(block, "name") or ""

    # ---- resources ----

    def _user(self, block: HclBlock) -> PagerUser:
        return PagerUser(*self._base(block), self._text(block, "email"))

    def _teams(self) -> Iterator[Group]:
        members: dict[str | None, list[str]] = {}
        for one in self._each("team_membership"):
            user = self._id(one, "user_id")
            members.setdefault(self._id(one, "team_id"), []).extend([user] if user else [])
        for one in self._each("team"):
            id_, where, name = self._base(one)
            yield Group(name or id_, where, name, tuple(dict.fromkeys(members.get(id_, ()))))

    def _schedule(self, block: HclBlock) -> PagerSchedule:
        """Read a schedule; Terraform lists its layers from the base, of which the last wins."""
        read_layers = (self._layer(one) for one in block.each("layer"))
        layers = tuple(one for one in read_layers if one is not None)
        self._generated(block, "layer")
        users = tuple(dict.fromkeys(user for one in layers for user in one.users))
        return PagerSchedule(*self._base(block), self._text(block, "time_zone"), users, layers)

    def _generated(self, block: HclBlock, kind: str) -> bool:
        """Say of blocks of a kind that Terraform would generate; tell whether there are any."""
        made = [one for one in block.each("dynamic") if one.labels == (kind,)]
        for one in made:
            self._say(one.at, f"a `{kind}` that is generated: only Terraform can tell it")
        return bool(made)

    def _layer(self, block: HclBlock) -> PagerLayer | None:
        name = self._text(block, "name") or ""
        listed = block.attributes.get("users")
        items = (listed.items if listed is not None else None) or ()
        users = tuple(filter(None, map(_named, items)))
        anchor = self._text(block, "rotation_virtual_start")
        turn = self._number(block, "rotation_turn_length_seconds")
        hours = [self._restriction(one) for one in block.each("restriction")]
        known = tuple(one for one in hours if one is not None)
        is_open = "end" in block.attributes and not block.attributes["end"].is_null
        end = self._text(block, "end")
        wrong = (
            "its users" if len(users) != len(items) or not users else
            "when it begins" if anchor is None else
            "the length of a turn" if not turn else
            "when it ends" if is_open and end is None else
            "its restrictions" if self._generated(block, "restriction") or None in hours else
            None
        )  # fmt: skip
        if wrong is not None or anchor is None or turn is None:
            self._say(block.at, f"the layer `{name}`: {wrong} cannot be told")
            return None
        return PagerLayer(
            name, users, self._text(block, "start") or anchor, end, anchor, turn, known
        )

    def _restriction(self, block: HclBlock) -> tuple[str, int | None, int] | None:
        start = self._text(block, "start_time_of_day") or ""
        seconds = self._number(block, "duration_seconds")
        kind = self._text(block, "type")
        if not _TIME.fullmatch(start) or not seconds or kind not in _RESTRICTIONS:
            return None
        if kind == "daily_restriction":
            return start, None, seconds
        day = self._number(block, "start_day_of_week")
        return (start, day, seconds) if day is not None and 1 <= day <= 7 else None

    def _service(self, block: HclBlock) -> PagerService:
        aside = (SUPPORT_HOURS,) if any(True for _ in block.each("support_hours")) else ()
        return PagerService(*self._base(block), self._id(block, "escalation_policy"), aside)

    def _policy(self, block: HclBlock) -> PagerPolicy:
        """Read a policy: a rule is reached once the delays of all before it have passed."""
        steps: list[PagerStep] = []
        after, delay = 0, None
        self._generated(block, "rule")
        for rule in block.each("rule"):
            self._generated(rule, "target")
            targets = tuple(self._targets(rule))
            in_turn = any(
                self._text(one, "type") == "round_robin"
                for one in rule.each("escalation_rule_assignment_strategy")
            )
            steps.append(PagerStep(after, targets, Where(self.name, rule.at), in_turn))
            delay = self._number(rule, "escalation_delay_in_minutes")
            if delay is None:
                self._say(rule.at, "when the rules after this one begin cannot be told")
                break
            after += delay
        repeats = self._number(block, "num_loops") or 0
        return PagerPolicy(*self._base(block), tuple(steps), repeats, delay)

    def _targets(self, rule: HclBlock) -> Iterator[tuple[str, str]]:
        for one in rule.each("target"):
            written = one.attributes.get("type")
            kind = "user" if written is None else (self._text(one, "type") or "")
            id_ = self._id(one, "id")
            if kind.removesuffix("_reference") in {"user", "schedule"} and id_ is not None:
                yield kind.removesuffix("_reference"), id_
            else:
                self._say(one.at, "a target that is no user or schedule that can be told")


_KINDS = frozenset(
    {
        "user",
        "team",
        "team_membership",
        "schedule",
        "escalation_policy",
        "service",
        "service_integration",
    }
)


def _address(block: HclBlock) -> str:
    kind, name = block.labels
    return f"data.{kind}.{name}" if block.kind == "data" else f"{kind}.{name}"


def _named(value: Value) -> str | None:
    """Return the id that a value is: a text, or the address of a resource's `id`."""
    text = value.text
    if text is None or value.tag == EXPRESSION:
        return None
    if value.tag != REFERENCE:
        return text
    address = text.removesuffix(".id")
    return address if address != text and f"{_PREFIX}" in address else None


READER = Reader(
    "pagerduty-terraform",
    "terraform",
    "PagerDuty's resources in Terraform files",
    recognizes_name=is_terraform,
    read_text=read,
)
