"""Chains of parents that come back to where they began."""

from collections.abc import Iterator, Mapping


def loops(parents: Mapping[str, str | None]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each loop once: the id whose parent closes it, the chain up to it, where that leads."""
    done: set[str] = set()
    for id_ in parents:
        line: dict[str, None] = {}
        at: str | None = id_
        while at is not None and at in parents and at not in done and at not in line:
            line[at] = None
            at = parents[at]
        if at is not None and at in line:
            chain = tuple(line)[list(line).index(at) :]
            yield chain[-1], chain, at
        done.update(line)
