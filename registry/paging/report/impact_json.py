"""`impact` for scripts: the format `opmodel.impact.v1`."""

from typing import Any

from registry.clock.civil import utc
from registry.output.json import dump, rows
from registry.paging.impact import Impact
from registry.paging.loss import Loss
from registry.workspace.options import iso

FORMAT = "opmodel.impact.v1"


def render(found: Impact) -> str:
    """Write what is lost, one loss a line; one without spans lasts as long as they are gone."""
    head = dump(
        {
            "format": FORMAT,
            "without": found.without,
            "gone": list(found.gone),
            "from": iso(utc(found.start)),
            "to": iso(utc(found.end)),
            "doubts": list(found.doubts),
        }
    )
    return f'{head[:-1]},\n "losses": {rows(map(_loss, found.losses))}}}\n'


def _loss(one: Loss) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "entity": {"section": one.section, "id": one.id},
        "detail": one.detail,
        "spans": [{"start": iso(utc(a)), "end": iso(utc(b))} for a, b in one.spans],
        "path": one.path,
        "line": one.line,
    }
