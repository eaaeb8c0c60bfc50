"""What cannot be in `prices` and `spans`: two prices for a model, a loop, no such pattern."""

from collections.abc import Iterator, Mapping

from registry.checks.rule import Context
from registry.diagnostic import Diagnostic
from registry.model.traces import Price, TraceSpan
from registry.span import KeyPath


def clashes(context: Context) -> Iterator[Diagnostic]:
    """Yield each price and span that is well-formed by itself and cannot be (OM006)."""
    yield from _prices(context)
    yield from _patterns(context)
    yield from _loops(context)


def _prices(context: Context) -> Iterator[Diagnostic]:
    """Yield each model that an earlier entry has a price for."""
    priced: dict[str, tuple[str, KeyPath]] = {}
    for id_, price in context.each(Price):
        if context.failed(Price, id_, "models"):
            continue
        listed = context.places(Price, id_, "models", price.models)
        for place, model in listed if price.models else [((), id_)]:
            first, where = priced.setdefault(model, (id_, place))
            if first == id_:
                continue
            message = f"`{model}` has a price in `{id_}`, and another in `{first}`"
            help_ = "keep one of the two: what a model costs is said once"
            related = [context.label(Price, first, where, "the other price")]
            found = context.finding(Price, id_, place, message, help_, related=related)
            yield found._replace(distinguish=model)


def _patterns(context: Context) -> Iterator[Diagnostic]:
    """Yield each text under `match` that RE2 does not read."""
    spans = dict(context.each(TraceSpan))
    if not spans:
        return
    from registry.deployed.routing.pattern import pattern
    from registry.deployed.routing.refusal import Refusal

    for id_, span in spans.items():
        for attribute, wanted in span.match.items():
            read = pattern(wanted) if isinstance(wanted, str) else None
            if isinstance(read, Refusal):
                message = f"`{wanted}` is no pattern that RE2 reads: {read.reason}"
                help_ = "correct the pattern, or list the values literally: `[value]`"
                yield context.finding(TraceSpan, id_, ("match", attribute), message, help_)


def _loops(context: Context) -> Iterator[Diagnostic]:
    """Yield each round of spans that lie within each other, once, where it closes."""
    spans = dict(context.each(TraceSpan))
    done: set[str] = set()
    for start in spans:
        path: list[tuple[str, Iterator[tuple[KeyPath, str]]]] = []
        if start not in done:
            path.append((start, _outer(context, start, spans)))
        while path:
            id_, outer = path[-1]
            place, name = next(outer, ((), ""))
            if not name:
                done.add(id_)
                path.pop()
            elif any(one == name for one, _ in path):
                yield _loop(context, place, [one for one, _ in path], name)
            elif name in spans and name not in done:
                path.append((name, _outer(context, name, spans)))


def _outer(
    context: Context, id_: str, spans: Mapping[str, TraceSpan]
) -> Iterator[tuple[KeyPath, str]]:
    return context.places(TraceSpan, id_, "within", spans[id_].within)


def _loop(context: Context, place: KeyPath, path: list[str], name: str) -> Diagnostic:
    round_ = path[path.index(name) :]
    through = f" through {' and '.join(f'`{one}`' for one in round_[1:])}" if round_[1:] else ""
    message = f"the span `{name}` is to lie within itself{through}"
    help_ = "take one of them out of `within`"
    return context.finding(TraceSpan, path[-1], place, message, help_)
