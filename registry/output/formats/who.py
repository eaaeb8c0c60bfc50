"""`opmodel.who.v1`: whose something is, who is paged for it, and what they do."""

from registry.model.sections import SECTIONS
from registry.output.formats._shape import (
    OPTIONAL,
    PLACE,
    TEXT,
    TEXTS,
    Json,
    MachineFormat,
    array,
    nullable,
    record,
)

_OFFSET_INSTANT: Json = {
    "description": "ISO 8601 with an offset",
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?"
    "[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
}
_DELAY: Json = {
    "description": "a duration, as `15m`",
    "type": "string",
    "pattern": "^(?=.)([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
}
_WAY: Json = {"enum": ["phone", "pager", "slack", "teams", "email"]}
_NAMED = record(id=TEXT, name=TEXT)
_STANDS_IN: Json = {**TEXT, "description": "who is away, and in whose place somebody is reached"}
_CALLED = record(id=TEXT, name=TEXT)
_CALLED["properties"]["deputy_for"] = _STANDS_IN
_PLACED: Json = {
    "path": {**TEXT, "description": "relative to the registry's root, with forward slashes"},
    "line": PLACE,
}

_OWNER = nullable(record(id=TEXT, name=TEXT, **_PLACED))
_DUTY = record(
    section={"enum": list(SECTIONS)},
    id=TEXT,
    field={**TEXT, "description": "a JSON Pointer within the entity, without its first slash"},
    meaning=TEXT,
    through={**OPTIONAL, "description": "the role held or the team led to whom it falls"},
    **_PLACED,
)

_PAGED = record(
    id=TEXT,
    name=TEXT,
    contact={**array(_WAY), "description": "the ways to reach the person"},
    until={**nullable(_OFFSET_INSTANT), "description": "null where it never changes"},
    but={**OPTIONAL, "description": "what a page to them fails on, or may fail on"},
)
_PAGED["properties"]["addresses"] = {
    "description": "the values of the ways; only with --with-contacts",
    "type": "object",
    "propertyNames": _WAY,
    "additionalProperties": TEXT,
}

_HOP: Json = {
    "after": _DELAY,
    "via": {**TEXT, "description": "what is paged: a schedule, a role, a person"},
    "people": array(_PAGED),
    "shadows": {**array(_PAGED), "description": "told as well; they count for nothing"},
    "breaks": {**OPTIONAL, "description": "why nobody is reached, or it is not certain who is"},
    **_PLACED,
}

_WAITING: Json = {
    "held_until": {**_OFFSET_INSTANT, "description": "when it goes out, where hours have it wait"},
    "deputy_for": _STANDS_IN,
    "pick": {"const": "one", "description": "one of the hops of its step is taken, in turn"},
    "skipped": {"const": True, "description": "left out, for it is due outside of its hours"},
}


def _hop(**more: Json) -> Json:
    found = record(**more, **_HOP)
    return {**found, "properties": {**found["properties"], **_WAITING}}


_RUNBOOK = record(
    id=TEXT,
    title=OPTIONAL,
    url={**OPTIONAL, "description": "where an external runbook stands"},
    first_checks=TEXTS,
    mitigations=TEXTS,
    escalate_to=OPTIONAL,
    called_in={**array(_CALLED), "description": "whom that reaches first"},
    rollback=TEXTS,
    resolved_when=TEXTS,
    **_PLACED,
)

_SWITCH = record(
    id=TEXT,
    action=OPTIONAL,
    operators_on_call=TEXTS,
    takes_effect_within=OPTIONAL,
    but={**OPTIONAL, "description": "what is not known of it"},
    **_PLACED,
)

_SWITCH["properties"]["deputies_for"] = {
    "description": "of operators who stand in for somebody, for whom",
    "type": "object",
    "additionalProperties": TEXT,
}

_ANSWER = record(
    alert=record(
        id=TEXT,
        metric=TEXT,
        severity={"enum": ["sev1", "sev2", "sev3", "sev4"]},
        response={"enum": ["page", "ticket"]},
        **_PLACED,
    ),
    accountable=nullable(_NAMED),
    owner={**_OWNER, "description": "whom the alert's own `owner` names"},
    decision=OPTIONAL,
    chain={**array(_hop()), "description": "the escalation's first run"},
    repeats={**array(_hop(run=PLACE)), "description": "its further runs"},
    notified={**TEXTS, "description": "channels"},
    readers={
        "description": "who reads each channel; null where no one person does",
        "type": "object",
        "additionalProperties": OPTIONAL,
    },
    respond_within=OPTIONAL,
    runbook=nullable(_RUNBOOK),
    no_runbook={**OPTIONAL, "description": "why there is no runbook"},
    kill_switches=array(_SWITCH),
    breaks={**TEXTS, "description": "where the chain is broken; empty where it holds"},
)

_WHO = record(
    format={"const": "opmodel.who.v1"},
    at=_OFFSET_INSTANT,
    subject=record(section={"enum": [*SECTIONS, "deployed"]}, id=TEXT),
    owner={**_OWNER, "description": "whom its own `owner` names; null where no one person"},
    accountable={**_OWNER, "description": "who answers for its row, its layer's or its metric's"},
    responsible={**TEXTS, "description": "ids of people, teams and roles"},
    team={**OPTIONAL, "description": "an id"},
    answers={**array(_ANSWER), "description": "one for each alert of the subject"},
    breaks={**TEXTS, "description": "why nobody owns it, and where the chains are broken"},
)
_WHO["properties"]["named"] = {
    "description": "whom it names besides, with what each does; empty for whom things fall to",
    **array(record(id=TEXT, field=TEXT, meaning=TEXT, path=TEXT, line=PLACE)),
}
_WHO["properties"]["responsibilities"] = {
    "description": "what a role is for, in its own words; absent as `duties` are",
    **array(record(role=TEXT, field=TEXT, text=TEXT, path=TEXT, line=PLACE)),
}
_WHO["properties"]["duties"] = {
    "description": "what falls to a person, a role or a team; absent for anything else",
    **array(_DUTY),
}

FORMAT = MachineFormat(
    "opmodel.who.v1", {"title": "opmodel: whose it is, who is paged, and what they do", **_WHO}
)
