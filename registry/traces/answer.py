"""What each part of `opmodel traces` answers: lines, tables and data, in whatever form."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from registry.clock.words import date_and_time
from registry.model.traces import TraceSpan
from registry.output.table import Column, Table
from registry.output.terminal import brief
from registry.traces.check import CheckedTraces
from registry.traces.content import TEXTS, is_name
from registry.traces.facts import Counted
from registry.traces.money import Tokens, shown
from registry.traces.spend import EPOCH, BudgetPeriod, NotCompared, Spent
from registry.traces.tables import NO_MODEL
from registry.wording import counted

FORMS = {
    "check": ("human", "json", "csv", "md", "sarif"),
    "spend": ("human", "json", "csv", "md"),
    "quality": ("human", "json", "csv", "md"),
}
"""The forms that each part has, the usual one first."""


class TracesAnswer(NamedTuple):
    """What is to be shown: `lines` first, then tables, the findings, and what was not read.

    `plain` is the same as data, without the findings; its `format` names the shape. What was not
    read fails nothing where `allows_unread`.
    """

    checked: CheckedTraces
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    plain: dict[str, Any]
    zone: str
    allows_unread: bool = False


def check_answer(checked: CheckedTraces, zone: str) -> TracesAnswer:
    """Say what the spans of a record are, and what they lack; times are told in `zone`."""
    recording, facts = checked.recording, checked.facts
    spans = list(_spans(checked))
    rows = tuple(
        (
            one["id"],
            f"{one['count']:,}",
            ", ".join(f"{lack['field']}: {lack['count']:,}" for lack in one["lacks"]),
        )
        for one in spans
    )
    columns = (Column("spans", verbatim=True), Column("recorded", number=True), Column("lack"))
    table = Table("spans", "Spans that the policy names", columns, rows)
    undeclared = sorted(recording.undeclared.items(), key=lambda one: (-one[1].number, one[0]))
    plain = {
        "format": "opmodel.traces.v1",
        **head_of(checked),
        "spans": spans,
        "undeclared": [{"attribute": _name(one), "count": seen.number} for one, seen in undeclared],
        "content": [
            {"attribute": _name(name), "kind": kind, **_counted(one)}
            for name, kind, one in facts.contents
        ],
        "broken": {
            "parents_missing": _counted(facts.orphans),
            "on_a_loop": _counted(facts.loops),
            "without_end": _counted(facts.endless),
        },
    }
    uncounted = (f"in no amount: {one}" for one in _uncounted(checked.spending.by()))
    lines = (*lines_of(checked, zone), *uncounted, *_unchecked(checked))
    return TracesAnswer(checked, lines, (table,), plain, zone)


def _unchecked(checked: CheckedTraces) -> Iterator[str]:
    """Say which fields of spans cannot be looked for."""
    for id_, span in checked.workspace.all(TraceSpan).items():
        carried = {field for kind in checked.recording.wanted.kinds if kind.id == id_
                   for field, _ in kind.carries}  # fmt: skip
        for field in span.fields:
            if field not in carried:
                yield f"`{field}` of the spans `{id_}` is not checked: no attribute carries it"


def _spans(checked: CheckedTraces) -> Iterator[dict[str, Any]]:
    """Yield each kind of span: how many there are, and how many of them lack which field."""
    for place, kind in enumerate(checked.recording.wanted.kinds):
        lacks = [
            (field, attribute, checked.facts.lacking(place, attribute))
            for field, attribute in kind.carries
        ]
        yield {
            "id": kind.id,
            "count": checked.facts.of_kind(place),
            "lacks": [
                {"field": field, "attribute": attribute, **_counted(one)}
                for field, attribute, one in lacks
                if one.number
            ],
        }


def spend_answer(checked: CheckedTraces, zone: str, by: tuple[str, ...]) -> TracesAnswer:
    """Say what was spent: by model, by each of the fields `by`, and against each budget."""
    spending = checked.spending
    spent = spending.by()
    tables = [_spent_table("models", "Spent by model", "", spent)]
    slices = [(field, spending.by(field)) for field in by]
    tables += [_spent_table(f"by-{one}", f"Spent by {one}", one, found) for one, found in slices]
    tables.append(_budget_table(checked, zone))
    plain = {
        "format": "opmodel.spend.v1",
        **head_of(checked),
        "models": [_spent(one) for one in spent],
        "slices": [
            {"field": field, "values": [{"value": one.value, **_spent(one)} for one in found]}
            for field, found in slices
        ],
        "budgets": [_period(one) for one in spending.budgets if isinstance(one, BudgetPeriod)],
        "not_compared": [
            one._asdict() for one in spending.budgets if isinstance(one, NotCompared)
        ],
        "unpriced": [
            {"model": model_name(one.model), "why": one.why, "calls": one.calls,
             "tokens": _tokens(one.tokens), "examples": list(one.examples)}
            for one in spending.unpriced
        ],
    }  # fmt: skip
    lines = [*lines_of(checked, zone), *_totals(spent)]
    lines += [
        f"the budget `{brief(one.budget)}` is not compared: {brief(one.why)}"
        for one in spending.budgets
        if isinstance(one, NotCompared)
    ]
    lines += _may_be_more(checked)
    return TracesAnswer(checked, tuple(lines), tuple(tables), plain, zone)


def lines_of(checked: CheckedTraces, zone: str) -> tuple[str, ...]:
    """Say in a few lines what was read; times are told in `zone`."""
    recording = checked.recording
    traces, spans, again = checked.facts.totals
    between = checked.facts.span_of_time
    when = ""
    if between is not None:
        first, last = (date_and_time(one + EPOCH, zone) for one in between)
        when = f", begun from {first} to {last} ({zone})"
    name = brief(checked.workspace.manifest.name)
    files = f"{counted(recording.files, 'file')} of use"
    lines = [f"{name}: {counted(spans, 'span')} in {counted(traces, 'trace')}, {files}{when}"]
    if again:
        lines.append(f"{counted(again, 'span')} recorded again, and counted once")
    if recording.odd_tokens:
        lines.append(f"{counted(recording.odd_tokens, 'count')} of tokens that are no numbers")
    return tuple(lines)


def head_of(checked: CheckedTraces) -> dict[str, Any]:
    """Return what each of the formats begins with."""
    traces, spans, again = checked.facts.totals
    between = checked.facts.span_of_time or (None, None)
    result = checked.result
    return {
        "registry": result.registry,
        "stage": result.judged_as,
        "at": result.at,
        "summary": {
            "files": checked.recording.files,
            "traces": traces,
            "spans": spans,
            "recorded_again": again,
            "first": iso_of(between[0]),
            "last": iso_of(between[1]),
            "not_read": sum(one.number for one in checked.recording.unread),
            "error": 0,
            "warning": 0,
            "info": 0,
            "suppressed": len(result.suppressed),
            "baselined": len(result.baselined),
        },
        "not_read": [
            {"path": one.file, "line": one.line or None, "reason": one.reason, "count": one.number}
            for one in checked.recording.unread
        ],
    }


def iso_of(at: int | None) -> str | None:
    """Write an instant (µs since 1970) as ISO 8601 in UTC."""
    from registry.clock.civil import utc
    from registry.workspace.options import iso

    return None if at is None else iso(utc(at + EPOCH))


def _counted(one: Counted) -> dict[str, Any]:
    return {"count": one.number, "examples": list(one.examples)}


def _name(attribute: str) -> str | None:
    """Name an attribute; None for a name that is a value, or a text of the span that is none."""
    return attribute if is_name(attribute) or attribute in TEXTS else None


def model_name(model: str) -> str:
    """Name a model, or say that its name is none: it may be somebody's text."""
    return model if model == NO_MODEL or is_name(model) else "(an odd name)"


# -- spending --------------------------------------------------------------------------------------


def _totals(spent: tuple[Spent, ...]) -> Iterator[str]:
    sums: dict[str, Decimal] = {}
    for one in spent:
        if one.currency:
            sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    for currency, amount in sorted(sums.items()):
        yield f"spent: {shown(amount)} {brief(currency)}"
    unpriced = sum(one.unpriced.all for one in spent)
    if unpriced:
        yield f"not in these sums: {counted(unpriced, 'token')} that nothing prices"
    yield from (f"not in these sums: {one}" for one in _uncounted(spent))


def _uncounted(spent: tuple[Spent, ...]) -> Iterator[str]:
    """Say of which calls the tokens were not counted, or not all of them."""
    odd = sum(one.tokens.odd for one in spent)
    lacking = sum(one.tokens.uncounted for one in spent) - odd
    if lacking:
        yield f"{counted(lacking, 'call')} without a count of tokens"
    if odd:
        yield f"all of {counted(odd, 'call')} with a count of tokens that is no number"


def _may_be_more(checked: CheckedTraces) -> Iterator[str]:
    """Say of each budget what is not in its amounts."""
    for id_, periods in checked.spending.periods.items():
        lacking = Tokens()
        for one in periods:
            lacking = lacking.plus(one.unpriced)
        parts = [counted(lacking.all, "token") + " that nothing prices"] * bool(lacking.all)
        if lacking.uncounted:
            parts.append(counted(lacking.uncounted, "call") + " whose tokens were not all counted")
        if parts:
            yield f"the budget `{brief(id_)}` may have come to more: {' and '.join(parts)}"


def _spent_table(name: str, title: str, field: str, spent: tuple[Spent, ...]) -> Table:
    heads = ("calls", "input tokens", "cached", "output tokens", "amount", "currency", "unpriced",
             "uncounted calls")  # fmt: skip
    own = (Column(field),) if field else ()
    columns = (*own, Column("model"), *(Column(one) for one in heads))
    rows = tuple(
        (*((one.value,) if field else ()), model_name(one.model), f"{one.calls:,}",
         f"{one.tokens.read:,}", f"{one.tokens.cached:,}", f"{one.tokens.written:,}",
         shown(one.amount) if one.currency else "", one.currency,
         f"{one.unpriced.all:,}" if one.unpriced.all else "",
         f"{one.tokens.uncounted:,}" if one.tokens.uncounted else "")
        for one in spent
    )  # fmt: skip
    return Table(name, title, columns, rows)


def _budget_table(checked: CheckedTraces, zone: str) -> Table:
    heads = (
        "budget",
        "from",
        "spent",
        "limit",
        "currency",
        "share",
        "unpriced",
        "uncounted calls",
        "warned",
        "ran over",
    )
    rows = tuple(
        (one.budget, date_and_time(one.start, zone), shown(one.spent), shown(one.limit),
         one.currency, f"{one.share:.0%}" if one.share is not None else "",
         f"{one.unpriced.all:,}" if one.unpriced.all else "",
         f"{one.unpriced.uncounted:,}" if one.unpriced.uncounted else "",
         "" if one.warned is None else date_and_time(one.warned, zone),
         "" if one.passed is None else date_and_time(one.passed, zone))
        for one in checked.spending.budgets
        if isinstance(one, BudgetPeriod)
    )  # fmt: skip
    columns = tuple(Column(head) for head in heads)
    return Table("budgets", f"Budgets, times in {zone}", columns, rows)


def _spent(one: Spent) -> dict[str, Any]:
    return {
        "model": model_name(one.model),
        "calls": one.calls,
        "tokens": _tokens(one.tokens),
        "amount": f"{one.amount:f}" if one.currency else None,
        "currency": one.currency or None,
        "unpriced": _tokens(one.unpriced),
    }


def _tokens(one: Tokens) -> dict[str, int]:
    return {"input": one.read, "cached": one.cached, "output": one.written,
            "uncounted_calls": one.uncounted}  # fmt: skip


def _period(one: BudgetPeriod) -> dict[str, Any]:
    def at(instant: int | None) -> str | None:
        return None if instant is None else iso_of(instant - EPOCH)

    return {
        "budget": one.budget,
        "from": at(one.start),
        "to": at(one.end),
        "spent": f"{one.spent:f}",
        "limit": f"{one.limit:f}",
        "currency": one.currency,
        "share": None if one.share is None else round(float(one.share), 4),
        "warning": None if one.warning is None else f"{one.warning:f}",
        "warned_at": at(one.warned),
        "ran_over_at": at(one.passed),
        "unpriced": _tokens(one.unpriced),
    }
