"""`impact` for scripts: the format `opmodel.impact.v1`."""

import json
from typing import Any

from registry.civil import utc
from registry.impact import Impact, Loss
from registry.options import iso

FORMAT = "opmodel.impact.v1"


def render(found: Impact) -> str:
    """Write what is lost; a loss without spans lasts as long as they are gone."""
    shape = {
        "format": FORMAT,
        "without": found.without,
        "gone": list(found.gone),
        "from": iso(utc(found.start)),
        "to": iso(utc(found.end)),
        "losses": [_loss(one) for one in found.losses],
    }
    return json.dumps(shape, indent=1) + "\n"


def _loss(one: Loss) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "entity": {"section": one.section, "id": one.id},
        "detail": one.detail,
        "spans": [{"start": iso(utc(a)), "end": iso(utc(b))} for a, b in one.spans],
        "path": one.path,
        "line": one.line,
    }
