"""What tokens cost: rates with their dates, and money that is decimal throughout."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from registry.clock.civil import wall_clock
from registry.clock.tzif import DAY, calendar_day
from registry.model.traces import Price, Rate

_LEAST = Decimal("0.0001")
"""What amounts are shown to, where they are below one."""

PER = {"1K": Decimal(1_000), "1M": Decimal(1_000_000)}


class Tokens(NamedTuple):
    """Tokens of calls: those read, those of them that came from a cache, and those written.

    `uncounted` are calls that do not say how many, `odd` those of them with a count that is no
    number: what they cost is not known.
    """

    read: int = 0
    cached: int = 0
    written: int = 0
    uncounted: int = 0
    odd: int = 0

    @property
    def all(self) -> int:
        """All tokens, read and written."""
        return self.read + self.written

    def plus(self, other: "Tokens") -> "Tokens":
        """Add two."""
        return Tokens(*(one + more for one, more in zip(self, other, strict=True)))


class Cost(NamedTuple):
    """What tokens cost: an amount in a currency, and those that nothing prices."""

    amount: Decimal
    currency: str
    unpriced: Tokens


class Prices:
    """The prices of models, by the names that records have."""

    def __init__(self, prices: Mapping[str, Price], zone: str) -> None:
        self._by_model = {
            model: (id_, price) for id_, price in prices.items() for model in price.models or (id_,)
        }
        self._clock = wall_clock(zone)

    def of(self, model: str) -> tuple[str, Price] | None:
        """Return the entry that prices a model, with its id; None where none does."""
        return self._by_model.get(model)

    def cost(self, model: str, at: int, tokens: Tokens, *, embeds: bool) -> Cost:
        """Price tokens at an instant (µs): what has no rate then is unpriced, and never free."""
        known = self._by_model.get(model)
        rate = self._rate(known[1].rates, at) if known is not None else None
        if known is None or rate is None:
            return Cost(Decimal(0), "", tokens)
        price = known[1]
        amount, unpriced = Decimal(0), Tokens()
        fresh = tokens.read - tokens.cached
        reads = rate.embedding if embeds and rate.embedding is not None else rate.input_tokens
        cached = rate.cached_input if rate.cached_input is not None else reads
        for number, paid, lacks in (
            (fresh, reads, Tokens(read=fresh)),
            (tokens.cached, cached, Tokens(read=tokens.cached, cached=tokens.cached)),
            (tokens.written, rate.output, Tokens(written=tokens.written)),
        ):
            if number and paid is None:
                unpriced = unpriced.plus(lacks)
            elif paid is not None:
                amount += number * Decimal(str(paid)) / PER[price.per]
        return Cost(
            amount, price.currency, unpriced._replace(uncounted=tokens.uncounted, odd=tokens.odd)
        )

    def _rate(self, rates: Iterable[Rate], at: int) -> Rate | None:
        """Return the last rate that has begun: its day begins in the manifest's zone."""
        today = calendar_day(self._clock.wall_at(at) // DAY)
        begun = [one for one in rates if one.since.date <= today]
        return max(begun, key=lambda one: one.since.date, default=None)


def shown(amount: Decimal) -> str:
    """Write an amount with two decimals, with four where it is below one; never in exponents."""
    if 0 < amount < _LEAST:
        return f"below {_LEAST}"
    digits = Decimal("0.01") if abs(amount) >= 1 or not amount else _LEAST
    return f"{amount.quantize(digits):,f}"
