"""Money: decimal, by the rate of the day, and never zero for what has no price."""

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from registry.clock.civil import instant, utc
from registry.model.scalars import Period
from registry.traces.context import digest
from registry.traces.money import Tokens, shown
from registry.traces.periods import period_of
from registry.traces.spend import BudgetPeriod, NotCompared, Spending
from tests.conftest import thirds
from tests.traces.record import LLM, NINE, checked, line, span, table

PRICES = """
prices:
  small:
    models: [small, small-2]
    currency: USD
    per: 1M
    rates:
      - {from: 2026-11-21, input: 3, output: 12}
      - {from: 2026-01-01, input: 2.5, cached_input: 0.1, output: 10, embedding: 0.02}
  reader: {currency: USD, per: 1K, rates: [{from: 2026-01-01, input: 0.1}]}
  local: {currency: EUR, per: 1K, rates: [{from: 2026-01-01, input: 1, output: 1}]}
"""


def call(
    model: str = "small", read: int | None = 1_000_000, written: int | None = 0, **more: Any
) -> dict[str, Any]:
    return {
        "gen_ai.operation.name": "chat", "gen_ai.request.model": model,
        **({} if read is None else {"gen_ai.usage.input_tokens": read}),
        **({} if written is None else {"gen_ai.usage.output_tokens": written}), **more,
    }  # fmt: skip


def spending(tmp_path: Path, text: str, *calls: tuple[float, dict[str, Any]]) -> Spending:
    spans = [span(one, one, None, "chat", given, at=at) for one, (at, given) in enumerate(calls, 1)]
    return checked(tmp_path, PRICES + text, line(*spans)).spending


@pytest.mark.parametrize(
    ("at", "given", "amount", "unpriced"),
    [
        (0, call(), "2.5", 0),
        (0, call("small-2", 0, 100_000), "1", 0),
        (0, call(written=1_000_000), "12.5", 0),
        (86_400, call(written=1_000_000), "15", 0),
        (0, call(**{"gen_ai.usage.cache_read.input_tokens": 400_000}), "1.54", 0),
        (86_400, call(**{"gen_ai.usage.cache_read.input_tokens": 400_000}), "3", 0),
        (0, call(read=5, **{"gen_ai.usage.cache_read.input_tokens": 9}), "0.0000005", 0),
        (0, call(read=None, **{"gen_ai.usage.cache_read.input_tokens": 1_000_000}), "0.1", 0),
        (0, call(written=None, **{"gen_ai.operation.name": "embeddings"}), "0.02", 0),
        (86_400, call(written=None, **{"gen_ai.operation.name": "embeddings"}), "3", 0),
        (-400 * 86_400, call(), "0", 1_000_000),
        (0, call("reader", 1000, 30), "0.1", 30),
        (0, call("unknown", 10, 20), "0", 30),
    ],
)  # fmt: skip
def test_what_a_call_costs(
    tmp_path: Path, at: float, given: dict[str, Any], amount: str, unpriced: int
) -> None:
    (one,) = spending(tmp_path, "", (at, given)).by()
    assert one.amount == Decimal(amount)
    assert one.unpriced.all == unpriced


def test_what_has_no_price_is_listed_and_never_zero(tmp_path: Path) -> None:
    found = spending(
        tmp_path, "", (0, call()), (1, call("x", 10)), (2, call("x", 30)), (3, call("y", None, None)),
        (4, call("reader", 5, 5)), (-400 * 86_400, call()),
    )  # fmt: skip
    listed = [(one.model, one.tokens.all, one.calls, one.why) for one in found.unpriced]
    assert listed == [
        ("small", 1_000_000, 1, "`prices.small` has no rate as early as that"),
        ("x", 40, 2, "no entry of `prices` names it"),
        ("reader", 5, 1, "`prices.reader` has no rate for some of its tokens"),
        ("y", 0, 1, "no entry of `prices` names it"),
    ]
    assert [len(one.examples) for one in found.unpriced] == [0, 2, 0, 1]
    assert {one.model: one.tokens.uncounted for one in found.by()}["y"] == 1


BUDGETS = """
fields:
  intent: {group: slice, attribute: assistant.intent}
  team: {group: slice}
budgets:
  day: {scope: {intent: leave}, limit: 5, unit: USD per day, per: 1d, warn_at: 80%}
  share: {scope: {intent: leave}, limit: 5, unit: usd, per: 1w, warn_at: 0.5}
  nothing: {limit: 0, unit: USD, per: 1mo}
  euros: {limit: 5, unit: GBP, per: 1mo}
  any: {limit: 5, per: 1mo}
  endless: {limit: 5, unit: USD}
  boundless: {unit: USD, per: 1d}
  by-team: {scope: {team: a}, limit: 5, unit: USD, per: 1d}
"""


def test_budgets_and_the_minute_at_which_a_limit_was_passed(tmp_path: Path) -> None:
    leave, travel = {"assistant.intent": "leave"}, {"assistant.intent": "travel"}
    found = spending(
        tmp_path, BUDGETS, (60, call(**leave)), (61, call(**travel)), (3600, call("small", 800_000, **leave)),
        (7200, call("small", 400_000, **leave)), (7260, call("small", 200_000, **leave)), (7300, call("x", 9, **leave)),
        (86_400, call("small", 10, **leave)),
    )  # fmt: skip
    day = found.periods["day"]
    first = day[0]
    assert (first.spent, first.limit, first.warning) == (Decimal("6"), Decimal(5), Decimal(4))
    at = instant(datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert (first.start, first.end) == (at - 9 * 3600 * 10**6, at + 15 * 3600 * 10**6)
    assert first.warned == at + 3600 * 10**6
    assert first.passed == at + 7200 * 10**6
    assert first.share == Decimal("1.2")
    assert first.unpriced == Tokens(read=9)
    assert [one.passed for one in day[1:]] == [None]
    (week,) = found.periods["share"]
    assert (week.warned, week.passed) == (at + 60 * 10**6, at + 7200 * 10**6)
    (nothing,) = found.periods["nothing"]
    assert nothing.share is None
    assert nothing.warned is None
    assert nothing.passed == at + 60 * 10**6
    assert {one.budget: one.why for one in found.budgets if isinstance(one, NotCompared)} == {
        "euros": "it is in `GBP`, and no price is",
        "any": "it is in `None`, and no price is",
        "endless": "it has no `per`",
        "boundless": "it has no `limit`",
        "by-team": "no attribute carries `team`, which its scope names",
    }


def test_a_slice_is_the_calls_own_else_its_traces(tmp_path: Path) -> None:
    calls = line(
        span(1, 1, None, "ask", {"assistant.intent": "leave"}),
        span(1, 2, 1, "chat", call()),
        span(1, 3, 1, "chat", call(**{"assistant.intent": "travel"})),
        span(2, 4, 9, "chat", call()),
        span(2, 5, 9, "step", {"assistant.intent": "later"}),
        span(3, 6, None, "chat", call()),
    )
    text = PRICES + "fields:\n  intent: {group: slice, attribute: assistant.intent}\n"
    found = checked(tmp_path, text, calls, by=("intent",)).spending
    assert [(one.value, one.calls) for one in found.by("intent")] == [
        ("(not recorded)", 1), ("later", 1), ("leave", 1), ("travel", 1)
    ]  # fmt: skip


def test_an_amount_in_a_currency_that_is_not_the_budgets_is_not_in_it(tmp_path: Path) -> None:
    found = spending(
        tmp_path,
        "budgets:\n  one: {limit: 9, unit: USD, per: 1d}\n",
        (0, call()),
        (1, call("local", 1000)),
    )
    assert [one.spent for one in found.budgets if isinstance(one, BudgetPeriod)] == [Decimal("2.5")]
    assert {one.currency: one.amount for one in found.by()} == {
        "USD": Decimal("2.5"),
        "EUR": Decimal(1),
    }


@pytest.mark.parametrize(
    ("at", "per", "zone", "start", "end"),
    [
        ("2026-11-20T09:30", "1d", "UTC", "2026-11-20T00:00", "2026-11-21T00:00"),
        ("2026-11-20T23:30", "1d", "Europe/Berlin", "2026-11-20T23:00", "2026-11-21T23:00"),
        ("2026-10-25T09:30", "1d", "Europe/Berlin", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-11-20T09:30", "1w", "UTC", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("2026-11-20T09:30", "1mo", "UTC", "2026-11-01T00:00", "2026-12-01T00:00"),
        ("2026-12-20T09:30", "3mo", "UTC", "2026-10-01T00:00", "2027-01-01T00:00"),
        ("2026-11-20T09:30", "1h", "UTC", "2026-11-20T09:00", "2026-11-20T10:00"),
        ("2026-11-20T22:30", "5h", "UTC", "2026-11-20T20:00", "2026-11-21T00:00"),
        ("2026-10-25T00:30", "1h", "Europe/Berlin", "2026-10-25T00:00", "2026-10-25T01:00"),
        ("2026-10-25T01:30", "1h", "Europe/Berlin", "2026-10-25T01:00", "2026-10-25T02:00"),
        ("2026-10-25T02:30", "1h", "Europe/Berlin", "2026-10-25T02:00", "2026-10-25T03:00"),
        ("2026-10-25T22:30", "2h", "Europe/Berlin", "2026-10-25T22:00", "2026-10-25T23:00"),
        ("2026-03-29T01:30", "1h", "Europe/Berlin", "2026-03-29T01:00", "2026-03-29T02:00"),
        ("2026-03-29T01:30", "1d", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("2026-10-25T01:40", "30m", "Europe/Berlin", "2026-10-25T01:30", "2026-10-25T02:00"),
        ("2026-10-25T01:30", "1mo", "Europe/Berlin", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("2026-11-20T09:30", "36h", "UTC", "2026-11-20T00:00", "2026-11-21T12:00"),
    ],
)
def test_periods_are_civil(at: str, per: str, zone: str, start: str, end: str) -> None:
    given = instant(datetime.fromisoformat(at).replace(tzinfo=UTC))
    found = period_of(given, Period(per), zone)
    assert [f"{utc(one):%Y-%m-%dT%H:%M}" for one in found] == [start, end]


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "0.00"), ("0.00004", "below 0.0001"), ("0.0625", "0.0625"), ("1", "1.00"), ("1234567.5", "1,234,567.50"), ("1E+3", "1,000.00")],
)  # fmt: skip
def test_money_is_shown_in_digits(amount: str, text: str) -> None:
    assert shown(Decimal(amount)) == text
    assert LLM


PRIVATE = """
fields:
  mail: {group: slice, attribute: assistant.mail}
  hashed: {group: slice, attribute: assistant.hashed, redaction: hash}
  masked: {group: slice, attribute: assistant.masked, redaction: mask}
  dropped: {group: slice, attribute: assistant.dropped, redaction: drop}
  content: {group: slice, attribute: assistant.said, classification: content}
  secret: {group: slice, attribute: assistant.own, classification: secret}
  personal: {group: slice, attribute: assistant.who, classification: personal}
  named: {group: slice, attribute: assistant.api_key}
"""


@pytest.mark.parametrize(
    "given",
    thirds([
        ("mail", "leave request", True),
        ("mail", "jo.berg@acme.example", False),
        ("mail", "+49 30 5550-1234", False),
        ("mail", "user_ghp_4tGh8kLmN2pQrS5vWxYz7aBcD9eFgHiJkLmN", False),
        ("hashed", "jo.berg", False),
        ("hashed", "9f86d081884c7d65", True),
        ("masked", "DE89 3704", False),
        ("masked", "DE** **** 4711", True),
        ("masked", "jo.berg@acme.example ***", False),
        ("dropped", "jo", False),
        ("content", "what is my salary", False),
        ("secret", "sesame", False),
        ("personal", "Jo", False),
        ("named", "4tGh8kLmN2pQ", False),
        ("named", "", True),
    ]),
    ids=str,
)  # fmt: skip
def test_a_value_that_may_not_be_kept_is_split_by_its_digest(
    tmp_path: Path, given: tuple[str, str, bool]
) -> None:
    field, value, is_told = given
    attribute = {
        "mail": "mail", "hashed": "hashed", "masked": "masked", "dropped": "dropped",
        "content": "said", "secret": "own", "personal": "who", "named": "api_key",
    }[field]  # fmt: skip
    given = call(**{f"assistant.{attribute}": value})
    found = checked(
        tmp_path, PRICES + PRIVATE, line(span(1, 1, None, "chat", given)), by=(field,)
    ).spending
    (one,) = found.by(field)
    assert one.value == ((value or "(not recorded)") if is_told else digest(value))
    assert digest(value) == f"sha256:{sha256(value.encode()).hexdigest()[:16]}"


HUGE = 2**63 - 1


COUNTS: list[tuple[Any, int | None]] = [
    ("a lot", None), (-5, None), ("-5", None), ("9223372036854775808", None), (1e300, None),
    ("NaN", None), ("1_000", None), (True, None), (2.5, None), ([1, 2], None), ("1e-9", None),
    (HUGE, HUGE), (str(HUGE), HUGE), ("1000.0", 1000), (1000.0, 1000), ("1e3", 1000), (0, 0),
]  # fmt: skip
KINDS = ["input_tokens", "cache_read.input_tokens", "output_tokens"]


@pytest.mark.parametrize(
    "odd", thirds((kind, *count) for kind in KINDS for count in COUNTS), ids=str
)
def test_a_count_that_is_no_number_makes_no_call_free(
    tmp_path: Path, odd: tuple[str, Any, int | None]
) -> None:
    which, given, read = odd
    budget = "budgets:\n  day: {limit: 5, unit: USD, per: 1d}\n"
    counted = {**call("local", 0, 0), f"gen_ai.usage.{which}": given}
    found = spending(tmp_path, budget, (0, call("local", 0, 0)), (1, counted))
    (one,) = found.by()
    is_odd = int(read is None)
    assert (one.calls, one.tokens.uncounted, one.tokens.odd) == (2, is_odd, is_odd)
    (row,) = {row[:-1] for row in table_of(found) if row[1] == f"{2:016x}"}
    assert row[5 + KINDS.index(which)] == read
    (period,) = (each for each in found.budgets if isinstance(each, BudgetPeriod))
    assert period.unpriced.uncounted == is_odd
    listed = [(each.model, each.calls, each.why, each.examples) for each in found.unpriced]
    why = "a count of its tokens is no number"
    assert listed == [("local", 1, why, (f"{2:032x}",))] * is_odd


def table_of(found: Spending) -> list[tuple[Any, ...]]:
    return table(found, "calls")


def test_an_attribute_without_a_value_is_no_count(tmp_path: Path) -> None:
    given = span(1, 1, None, "chat", call())
    given["attributes"][-1]["value"] = {"intValue": 1.5}
    found = checked(tmp_path, PRICES, line(given)).spending
    assert [(one.tokens.read, one.tokens.odd) for one in found.by()] == [(1_000_000, 1)]


def test_counts_that_are_no_numbers_are_findings(tmp_path: Path) -> None:
    odd = [call(one, "a lot") for one in ("small", "x", "x jo@acme.example")]  # type: ignore[arg-type]
    spans = [span(one, one, None, "chat", given) for one, given in enumerate(odd, 1)]
    found = checked(tmp_path, PRICES, line(*spans)).result.shown
    told = sorted(one.message for one in found if "cannot be priced" in one.message)
    why = "cannot be priced: a count of its tokens is no number"
    assert told == [
        f"1 call of `small` {why}, as in the trace `{1:032x}`",
        f"1 call of `x` {why}, as in the trace `{2:032x}`",
        f"1 call of a model of an odd name {why}, as in the trace `{3:032x}`",
    ]
    assert len({one.fingerprint for one in found}) == len(found)


def test_an_hour_that_the_clock_shows_twice_is_two(tmp_path: Path) -> None:
    text = "timezone: Europe/Berlin\nbudgets:\n  hour: {limit: 4, unit: USD, per: 1h}\n"
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp() - NINE
    found = spending(tmp_path, text, (first, call()), (first + 3600, call()))
    assert [(one.spent, one.passed) for one in found.periods["hour"]] == [
        (Decimal("2.5"), None)
    ] * 2
