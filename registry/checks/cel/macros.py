"""CEL's loops: `all`, `exists`, `exists_one`, `map` and `filter`, each round counted beforehand."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from registry.checks.cel.values import UNKNOWN, FailedError, Meter, Partial, joined, kind_of

MACROS: dict[str, tuple[int, ...]] = {
    "all": (2,), "exists": (2,), "exists_one": (2,), "map": (2, 3), "filter": (2,),
}  # fmt: skip
"""How many arguments each may have, its variable counted."""

Run = Callable[[dict[str, Any]], Any]


class Loop(NamedTuple):
    """What a loop does in each round: its variable, what is asked of it, and the steps of that."""

    variable: str
    bodies: tuple[Run, ...]
    cost: int


def macro(name: str, held: Run, loop: Loop, meter: Meter) -> Run:
    """Make the function of a loop over what `held` gives."""
    if name in {"map", "filter"}:
        return _collecting(name, held, loop, meter)
    judge = {"all": _all, "exists": _exists, "exists_one": _exists_one}[name]

    def run(scope: dict[str, Any]) -> Any:
        values = held(scope)
        if values is UNKNOWN:
            return UNKNOWN
        before = scope.get(loop.variable)
        rounds = _rounds(name, values, loop, meter, scope)
        try:
            return judge(_answers(name, rounds, loop.bodies[0], scope, values))
        finally:
            scope[loop.variable] = before  # what it hid

    return run


def _collecting(name: str, held: Run, loop: Loop, meter: Meter) -> Run:
    *asked, last = loop.bodies
    keep = last if name == "filter" else next(iter(asked), None)

    def run(scope: dict[str, Any]) -> Any:
        values = held(scope)
        if values is UNKNOWN:
            return UNKNOWN
        found: list[Any] = []
        partial = isinstance(values, Partial)
        before = scope.get(loop.variable)
        for value in _rounds(name, values, loop, meter, scope):
            kept = True if keep is None else _bool(name, keep(scope))
            made = value if name == "filter" else last(scope) if kept is True else None
            if kept is UNKNOWN or made is UNKNOWN:
                partial = True
            elif kept:
                found.append(made)
        scope[loop.variable] = before
        return joined(found, partial=partial)

    return run


def _rounds(
    name: str, values: Any, loop: Loop, meter: Meter, scope: dict[str, Any]
) -> Iterator[Any]:
    """Yield each value, set as the loop's variable."""
    if not isinstance(values, (list, dict)):
        raise FailedError(f"`{name}` asks for a list; this is {kind_of(values)}")
    for value in values:
        meter.take(1 + loop.cost)
        scope[loop.variable] = value
        yield value


def _answers(
    name: str, rounds: Iterator[Any], body: Run, scope: dict[str, Any], values: Any
) -> Iterator[Any]:
    """Yield what is said of each value: true, false, unknown, or how it failed."""
    for _ in rounds:
        try:
            yield _bool(name, body(scope))
        except FailedError as error:
            yield error
    if isinstance(values, Partial):
        yield UNKNOWN


def _bool(name: str, value: Any) -> Any:
    if isinstance(value, bool) or value is UNKNOWN:
        return value
    raise FailedError(f"`{name}` asks for true or false; this is {kind_of(value)}")


def _all(answers: Iterator[Any]) -> Any:
    return _decided(answers, decides=False)


def _exists(answers: Iterator[Any]) -> Any:
    return _decided(answers, decides=True)


def _decided(answers: Iterator[Any], *, decides: bool) -> Any:
    """Stop at the first answer that decides; else a failure counts before what is unknown."""
    failed: FailedError | None = None
    unknown = False
    for answer in answers:
        if answer is decides:
            return decides
        if isinstance(answer, FailedError):
            failed = failed or answer
        elif answer is UNKNOWN:
            unknown = True
    if failed is not None:
        raise failed
    return UNKNOWN if unknown else not decides


def _exists_one(answers: Iterator[Any]) -> Any:
    count = 0
    unknown = False
    for answer in answers:
        if isinstance(answer, FailedError):
            raise answer
        unknown = unknown or answer is UNKNOWN
        count += answer is True
    if count > 1:
        return False
    return UNKNOWN if unknown else count == 1
