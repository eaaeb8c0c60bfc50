"""How a reference is said of the entity that makes it: an alert is *owned by* its owner."""

from collections.abc import Mapping

from registry.model.reference import Meaning

_OF_THE_ENTITY: Mapping[Meaning, str] = {
    "owns": "owned by", "answers for": "answered for by", "leads": "led by", "holds": "held by",
    "member of": "has member", "team of": "team", "deputy for": "deputy",
    "responsible": "responsible", "consulted": "consults", "informed": "informs",
    "approves": "approved by", "chairs": "chaired by", "attends": "attended by",
    "commands": "commanded by", "operates": "operated by", "on call": "puts on call",
    "stands in": "stand-in", "is paged": "pages", "is escalated to": "escalates to",
    "rolls back": "rolled back by", "is told": "tells", "reads": "read by",
    "may read": "readable by", "versions": "versioned by", "stores": "stored in",
    "detects": "detected by", "contains": "contained by", "blocks": "prevented by",
    "caused": "caused by", "came late": "late signal", "was missing": "lacked",
    "judges": "judged by",
}  # fmt: skip


def relation(meaning: Meaning) -> str:
    """Say what a reference means, with the entity that makes it as the subject."""
    return _OF_THE_ENTITY.get(meaning, meaning)
