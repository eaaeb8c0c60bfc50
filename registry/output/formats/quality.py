"""`opmodel.quality.v1`: recorded scores by window, and what alerts on them would have done."""

from registry.output.formats._recorded import FOUND, HEAD
from registry.output.formats._shape import (
    COUNT,
    INSTANT,
    OPTIONAL,
    TEXT,
    TEXTS,
    MachineFormat,
    array,
    record,
)

_BAD = {
    "type": ["integer", "null"],
    "minimum": 0,
    "description": "scores beyond the threshold of the first alert that has one; null for none",
}
_MEAN = {"type": ["number", "null"]}

FORMAT = MachineFormat(
    "opmodel.quality.v1",
    {
        "title": "opmodel: recorded scores, and what alerts on them would have done",
        **record(
            format={"const": "opmodel.quality.v1"},
            **HEAD,
            metrics=array(
                record(
                    metric=TEXT,
                    scores=COUNT,
                    mean=_MEAN,
                    bad=_BAD,
                    threshold=OPTIONAL,
                    judged={**COUNT, "description": "traces with a score"},
                    declared_sample=OPTIONAL,
                    sample_differs={"type": "boolean"},
                    windows=array(
                        record(
                            **{"from": INSTANT, "to": INSTANT}, scores=COUNT, mean=_MEAN, bad=_BAD
                        )
                    ),
                )
            ),
            alerts=array(
                record(
                    alert=TEXT,
                    at=INSTANT,
                    value=_MEAN,
                    response={"enum": ["page", "ticket"]},
                    pages=array(record(after=TEXT, via=TEXT, people=TEXTS)),
                    notified=TEXTS,
                    breaks=TEXTS,
                )
            ),
            not_played=array(record(alert=TEXT, why=TEXT)),
            of_no_metric=array(
                record(name={**OPTIONAL, "description": "null for an odd name"}, scores=COUNT)
            ),
            diagnostics=array(FOUND),
        ),
    },
)
