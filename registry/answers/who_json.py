"""`who` for scripts: the format `opmodel.who.v1`."""

import json
from datetime import datetime
from typing import Any

from registry.civil import local
from registry.who import Answer, Hop, Paged, Who, duration

FORMAT = "opmodel.who.v1"


def render(found: Who, at: datetime, *, with_contacts: bool = False) -> str:
    """Write the answers; `at` is the instant in the offset that it was asked in.

    `chain` is the escalation's first run, `repeats` the others. `contact` names the ways to reach
    a person; their values are in `addresses`, only `with_contacts`. The output is ASCII.
    """
    shape = {
        "format": FORMAT,
        "at": at.isoformat(),
        "subject": {"section": found.section, "id": found.id},
        "answers": [_answer(one, with_contacts=with_contacts) for one in found.answers],
        "breaks": list(found.breaks),
    }
    return json.dumps(shape, indent=1) + "\n"


def _answer(one: Answer, *, with_contacts: bool) -> dict[str, Any]:
    book = one.runbook
    return {
        "alert": {
            "id": one.alert,
            "metric": one.metric,
            "severity": one.severity,
            "response": one.response,
            **one.place._asdict(),
        },
        "accountable": dict(zip(("id", "name"), one.accountable, strict=True))
        if one.accountable
        else None,
        "decision": one.decision,
        "chain": [_hop(hop, with_contacts=with_contacts) for hop in one.chain if not hop.run],
        "repeats": [
            {"run": hop.run, **_hop(hop, with_contacts=with_contacts)}
            for hop in one.chain
            if hop.run
        ],
        "notified": [channel.id for channel in one.notified],
        "readers": {channel.id: channel.reader for channel in one.notified},
        "respond_within": one.respond_within,
        "runbook": {
            **{key: value for key, value in book._asdict().items() if key != "place"},
            **book.place._asdict(),
        }
        if book
        else None,
        "kill_switches": [
            {
                "id": switch.id,
                "action": switch.action,
                "operators_on_call": list(switch.operators),
                "takes_effect_within": switch.takes_effect_within,
                **switch.place._asdict(),
            }
            for switch in one.kill_switches
        ],
        "breaks": list(one.breaks),
    }


def _hop(hop: Hop, *, with_contacts: bool) -> dict[str, Any]:
    return {
        "after": duration(hop.after),
        "via": hop.via,
        "people": [_person(one, with_contacts=with_contacts) for one in hop.people],
        "breaks": hop.breaks,
        **hop.place._asdict(),
    }


def _person(one: Paged, *, with_contacts: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "contact": [kind for kind, _ in one.contact],
        "until": local(one.until, one.zone).isoformat() if one.until is not None else None,
        "but": one.but,
        **({"addresses": dict(one.contact)} if with_contacts else {}),
    }
