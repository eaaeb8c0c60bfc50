"""What the calls of models cost: by model, by any slice, and against each budget's periods."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from registry.clock.civil import instant
from registry.model.cadence import Budget
from registry.model.scalars import Period
from registry.model.traces import Price
from registry.model.unit import without_period
from registry.traces.context import shown_id
from registry.traces.facts import EXAMPLES
from registry.traces.money import Cost, Prices, Tokens
from registry.traces.periods import period_of
from registry.traces.recording import Recording
from registry.traces.tables import NO_MODEL
from registry.traces.values import shown_value
from registry.workspace.workspace import Workspace

MINUTE = 60_000_000
EPOCH = instant(datetime(1970, 1, 1, tzinfo=UTC))
"""The beginning of 1970 on the registry's own clock, in µs; records count from there."""
NO_VALUE = "(not recorded)"
ODD = "a count of its tokens is no number"
WHOLE_MONTH = Period("1mo")


class Spent(NamedTuple):
    """What one model cost, or one value of a slice of it, in a currency.

    `calls` counts them; `unpriced` are the tokens that nothing prices, which are in no amount.
    """

    value: str
    model: str
    calls: int
    tokens: Tokens
    amount: Decimal
    currency: str
    unpriced: Tokens


class BudgetPeriod(NamedTuple):
    """A budget in one of its periods, which begins and ends at an instant (µs).

    `limit` and `warning` are amounts; `warned` and `passed` are the minutes in which they were
    passed, None where they were not. `unpriced` tokens are in no amount: with them it may be more.
    """

    budget: str
    start: int
    end: int
    spent: Decimal
    currency: str
    limit: Decimal
    warning: Decimal | None
    warned: int | None
    passed: int | None
    unpriced: Tokens

    @property
    def share(self) -> Decimal | None:
        """What was spent of the limit; None where the limit is nothing."""
        return self.spent / self.limit if self.limit else None


class NotCompared(NamedTuple):
    """A budget that cannot be held against the record, and why."""

    budget: str
    why: str


class Unpriced(NamedTuple):
    """A model whose tokens, or some, nothing prices: how many, of all, and traces it is in.

    The calls whose tokens were not counted, since a count is no number, are an entry of their own.
    """

    model: str
    tokens: Tokens
    calls: int
    total: int
    why: str
    examples: tuple[str, ...]

    @property
    def is_odd(self) -> bool:
        """Whether it is about counts that are no numbers."""
        return self.why == ODD


class _Row(NamedTuple):
    """Calls of one model in one minute, with the values of the slices."""

    minute: int
    model: str
    embeds: bool
    values: tuple[str | None, ...]
    calls: int
    tokens: Tokens


class Spending:
    """Answers for one recording; times are instants of the registry's clock, in µs.

    `repeats` says whether a span was recorded more than once: then it is merged before it counts.
    """

    def __init__(self, recording: Recording, workspace: Workspace, *, repeats: bool) -> None:
        self.recording = recording
        self._repeats = repeats
        self.workspace = workspace
        self.zone = workspace.manifest.timezone or "UTC"
        self.prices = Prices(workspace.all(Price), self.zone)
        self.fields = tuple(field for field, _ in recording.wanted.slices)
        self._store = recording.store

    # -- rows --------------------------------------------------------------------------------------

    def _sliced(self) -> None:
        """Give each call, counted once, the value of each slice: its own, else its trace's.

        Of several values in a trace the root's counts, else the first in order.
        """
        if self._repeats:
            self._store.make(
                "called",
                "SELECT trace, span, min(began) AS began, max(embeds) AS embeds, min(model) AS "
                "model, max(input) AS input, max(cached) AS cached, max(output) AS output, "
                "max(odd) AS odd FROM calls GROUP BY trace, span",
            )
        else:
            self._store.view("called", "SELECT * FROM calls")
        for place, field in enumerate(self.fields):
            its = "SELECT trace, span, root, value FROM slices WHERE field = ?"
            own = "SELECT trace, span, min(value) AS value"
            self._store.make(
                f"own_{place}",
                f"{own} FROM ({its}) AS its GROUP BY trace, span" if self._repeats else its,
                (field,),
            )
            self._store.make(
                f"outer_{place}",
                "SELECT trace, coalesce(min(CASE WHEN root = 1 THEN value END), min(value)) AS "
                f"value FROM ({its}) AS its GROUP BY trace",
                (field,),
            )

    @cached_property
    def rows(self) -> tuple[_Row, ...]:
        """List the calls by minute, model and slice, in that order."""
        self._sliced()
        values = [
            f"coalesce(own_{place}.value, outer_{place}.value) AS s{place}"
            for place in range(len(self.fields))
        ]
        joins = [
            f"LEFT JOIN own_{place} ON own_{place}.trace = called.trace "
            f"AND own_{place}.span = called.span "
            f"LEFT JOIN outer_{place} ON outer_{place}.trace = called.trace"
            for place in range(len(self.fields))
        ]
        self._store.view(
            "priced",
            f"SELECT called.began - called.began % {MINUTE} AS minute, called.model, "
            "called.embeds, called.input, called.cached, "
            f"called.output, called.odd{''.join(f', {one}' for one in values)} "
            f"FROM called {' '.join(joins)}",
        )
        keys = ", ".join(
            ["minute", "model", "embeds", *(f"s{spot}" for spot in range(len(values)))]
        )
        found = self._store.rows(
            f"SELECT {keys}, count(*), {_summed('coalesce(input, cached, 0)')}, "
            f"{_summed('CASE WHEN cached > input THEN input ELSE coalesce(cached, 0) END')}, "
            f"{_summed('coalesce(output, 0)')}, "
            "sum(CASE WHEN odd = 1 OR (input IS NULL AND output IS NULL) THEN 1 ELSE 0 END), "
            "sum(odd) "
            f"FROM priced GROUP BY {keys}"
        )
        rows = (
            _Row(int(at) + EPOCH, model or NO_MODEL, bool(embeds), tuple(more[:-6]),
                 int(more[-6]), Tokens(*(int(one) for one in more[-5:])))
            for at, model, embeds, *more in found
        )  # fmt: skip
        return tuple(sorted(rows, key=lambda row: (*row[:3], tuple(map(str, row.values)))))

    # -- by model and slice ------------------------------------------------------------------------

    def by(self, field: str | None = None) -> tuple[Spent, ...]:
        """Return what was spent by model, or by the values of a field and model; dearest first."""
        place = None if field is None else self.fields.index(field)
        told = {} if place is None else self._told(place)
        found: dict[tuple[str, str, str], Spent] = {}
        for row in self.rows:
            value = "" if place is None else told[row.values[place]]
            cost = self.prices.cost(row.model, row.minute, row.tokens, embeds=row.embeds)
            key = (value, row.model, cost.currency)
            known = found.get(key) or Spent(
                value, row.model, 0, Tokens(), Decimal(0), cost.currency, Tokens()
            )
            found[key] = Spent(
                value, row.model, known.calls + row.calls, known.tokens.plus(row.tokens),
                known.amount + cost.amount, cost.currency, known.unpriced.plus(cost.unpriced),
            )  # fmt: skip
        return tuple(sorted(found.values(), key=lambda one: (-one.amount, one[:2], one.currency)))

    def _told(self, place: int) -> dict[str | None, str]:
        """Map each value of a slice to what is shown of it."""
        _, attribute = self.recording.wanted.slices[place]
        values = {row.values[place] for row in self.rows}
        return {
            one: shown_value(self.recording.wanted, attribute, one) if one else NO_VALUE
            for one in values
        }

    @cached_property
    def unpriced(self) -> tuple[Unpriced, ...]:
        """List the models of which tokens have no price, or were not counted; most tokens first."""
        total = sum(row.tokens.all for row in self.rows)
        found: dict[tuple[str, str], Unpriced] = {}
        for row in self.rows:
            cost = self.prices.cost(row.model, row.minute, row.tokens, embeds=row.embeds)
            for why, calls, lacking in self._lacking(row, cost):
                known = found.get((row.model, why)) or Unpriced(
                    row.model, Tokens(), 0, total, why, ()
                )
                tokens = known.tokens.plus(lacking)
                found[row.model, why] = known._replace(tokens=tokens, calls=known.calls + calls)
        ranked = sorted(found.values(), key=lambda one: (-one.tokens.all, one.model, one.why))
        return tuple(one._replace(examples=self._examples(one)) for one in ranked)

    def _lacking(self, row: _Row, cost: Cost) -> Iterator[tuple[str, int, Tokens]]:
        """Yield why calls are not priced, or not whole, with their number and tokens."""
        if cost.unpriced.all or not self.prices.of(row.model):
            yield self._why(row.model, cost.currency), row.calls, cost.unpriced
        if row.tokens.odd:
            odd = row.tokens.odd
            yield ODD, odd, Tokens(uncounted=odd, odd=odd)

    def _why(self, model: str, currency: str) -> str:
        known = self.prices.of(model)
        if known is None:
            return "no entry of `prices` names it"
        lacks = "has no rate for some of its tokens" if currency else "has no rate as early as that"
        return f"`prices.{known[0]}` {lacks}"

    def _examples(self, one: Unpriced) -> tuple[str, ...]:
        """Name traces with a model that nothing prices; of one that is priced at times, none."""
        if self.prices.of(one.model) is not None and not one.is_odd:
            return ()
        named = () if one.model == NO_MODEL else (one.model,)
        where = "model = ?" if named else "model IS NULL"
        where += " AND odd = 1" if one.is_odd else ""
        rows = self._store.rows(
            f"SELECT DISTINCT trace FROM called WHERE {where} ORDER BY trace LIMIT {EXAMPLES}",
            named,
        )
        return tuple(shown_id(trace) for (trace,) in rows)

    # -- budgets -----------------------------------------------------------------------------------

    @cached_property
    def budgets(self) -> tuple[BudgetPeriod | NotCompared, ...]:
        """Hold the record against every budget, a period after the other."""
        budgets: Mapping[str, Budget] = self.workspace.all(Budget)
        return tuple(one for id_, budget in budgets.items() for one in self._budget(id_, budget))

    @property
    def periods(self) -> dict[str, list[BudgetPeriod]]:
        """The periods of each budget that can be held against the record, in order."""
        found: dict[str, list[BudgetPeriod]] = {}
        for one in self.budgets:
            if isinstance(one, BudgetPeriod):
                found.setdefault(one.budget, []).append(one)
        return found

    def _budget(self, id_: str, budget: Budget) -> Iterator[BudgetPeriod | NotCompared]:
        lacks = [key for key in budget.scope if key not in self.fields]
        if budget.limit is None or budget.per is None:
            yield NotCompared(id_, f"it has no `{'limit' if budget.limit is None else 'per'}`")
        elif lacks:
            yield NotCompared(id_, f"no attribute carries `{lacks[0]}`, which its scope names")
        elif not self._currencies(budget):
            yield NotCompared(id_, f"it is in `{budget.unit}`, and no price is")
        else:
            yield from self._periods(id_, budget, budget.limit, budget.per)

    def _currencies(self, budget: Budget) -> list[str]:
        """List the currencies of prices that are the budget's unit; any where it has none."""
        known = sorted({one.currency for one in self.workspace.all(Price).values()})
        if budget.unit is None:
            return known if len(known) == 1 else []
        unit = without_period(budget.unit, budget.per)
        return [one for one in known if one.casefold() == unit]

    def _periods(
        self, id_: str, budget: Budget, limit: float, per: Period
    ) -> Iterator[BudgetPeriod]:
        currency = self._currencies(budget)[0]
        whole = Decimal(str(limit))
        warning = budget.warn_at
        share = None
        if warning is not None:
            share = Decimal(str(warning.value)) / (100 if warning.is_percent else 1)
        known: BudgetPeriod | None = None
        for row in self._in_scope(budget.scope):
            if known is None or row.minute >= known.end:
                if known is not None:
                    yield known
                start, end = period_of(row.minute, per, self.zone)
                warn = None if share is None else whole * share
                known = BudgetPeriod(
                    id_, start, end, Decimal(0), currency, whole, warn, None, None, Tokens()
                )
            cost = self.prices.cost(row.model, row.minute, row.tokens, embeds=row.embeds)
            amount = cost.amount if cost.currency == currency else Decimal(0)
            known = _after(known, row.minute, amount, cost.unpriced)
        if known is not None:
            yield known

    def _in_scope(self, scope: Mapping[str, str]) -> Iterable[_Row]:
        places = [(self.fields.index(key), str(value)) for key, value in scope.items()]
        return (
            row for row in self.rows if all(row.values[spot] == value for spot, value in places)
        )


def _summed(tokens: str) -> str:
    """Return the SQL of a sum of counts, each of which may be as large as 64 bits hold."""
    return f"sum(CAST({tokens} AS DECIMAL(38, 0)))"


def _after(known: BudgetPeriod, minute: int, amount: Decimal, unpriced: Tokens) -> BudgetPeriod:
    """Return a period with more spent in it; a limit is passed by what exceeds it."""
    spent = known.spent + amount
    warned, passed = known.warned, known.passed
    if warned is None and known.warning is not None and spent >= known.warning:
        warned = minute
    if passed is None and spent > known.limit:
        passed = minute
    more = known.unpriced.plus(unpriced)
    return known._replace(spent=spent, warned=warned, passed=passed, unpriced=more)
