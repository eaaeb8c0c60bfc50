"""`opmodel.spend.v1`: what recorded calls of models cost, and what became of budgets."""

from registry.output.formats._recorded import AMOUNT, EXAMPLES, FOUND, HEAD, MONEY, TOKENS
from registry.output.formats._shape import (
    COUNT,
    INSTANT,
    OPTIONAL,
    TEXT,
    MachineFormat,
    array,
    nullable,
    record,
)

_SPENT = {
    "model": TEXT,
    "calls": COUNT,
    "tokens": TOKENS,
    "amount": AMOUNT,
    "currency": OPTIONAL,
    "unpriced": TOKENS,
}

FORMAT = MachineFormat(
    "opmodel.spend.v1",
    {
        "title": "opmodel: what recorded calls of models cost",
        **record(
            format={"const": "opmodel.spend.v1"},
            **HEAD,
            models=array(record(**_SPENT)),
            slices=array(record(field=TEXT, values=array(record(value=TEXT, **_SPENT)))),
            budgets=array(
                record(
                    budget=TEXT,
                    **{"from": INSTANT, "to": INSTANT},
                    spent=MONEY,
                    limit=MONEY,
                    currency=TEXT,
                    share={"type": ["number", "null"]},
                    warning={**MONEY, "type": ["string", "null"]},
                    warned_at=nullable(INSTANT),
                    ran_over_at=nullable(INSTANT),
                    unpriced=TOKENS,
                )
            ),
            not_compared=array(record(budget=TEXT, why=TEXT)),
            unpriced=array(
                record(model=TEXT, why=TEXT, calls=COUNT, tokens=TOKENS, examples=EXAMPLES)
            ),
            diagnostics=array(FOUND),
        ),
    },
)
