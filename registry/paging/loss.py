"""One thing that is lost without somebody: of which kind, where, and when."""

from collections.abc import Mapping
from typing import NamedTuple

from registry.model.reference import Meaning
from registry.oncall.interval import Interval

OF_MEANING: Mapping[Meaning, str] = {
    "answers for": "layer", "holds": "role", "owns": "owner", "operates": "switch",
    "leads": "lead", "team of": "team", "responsible": "responsible", "commands": "commander",
    "approves": "approver", "chairs": "chair", "attends": "attendee", "reads": "reader",
    "is escalated to": "escalated_to", "rolls back": "rollback", "deputy for": "deputy",
    "is paged": "paged", "on call": "on_call", "stands in": "stand_in", "is told": "told",
    "consulted": "consulted", "informed": "informed", "may read": "access",
    "stands for": "stands_for", "judges": "judge",
}  # fmt: skip
"""The kind of loss that it is when nobody is left of those whom a reference names.

A membership is none: a team goes on with a member less, and without any its own references lead to
nobody.
"""

KINDS = tuple(
    dict.fromkeys(
        ("layer", "role", "owner", "shift", "escalation", "step", "switch", *OF_MEANING.values())
    )
)
"""The kinds, the gravest first."""


class Loss(NamedTuple):
    """One thing that is lost: `kind` of an entity, and when; no `spans` means all the time.

    `kind` is one of `KINDS`. `detail` tells it to people: who is lost, or which alerts go with it.
    `zone` is the one to show `spans` in; `path` and `line` are where it is decided.
    """

    kind: str
    section: str
    id: str
    detail: str
    spans: tuple[Interval, ...]
    zone: str
    path: str
    line: int
