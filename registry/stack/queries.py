"""The queries of metrics: their own, or the weighted sum of those that a metric is made of."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from registry.deployed.promql.parse import problem
from registry.deployed.promql.rewrite import bracketed, narrowed, tidied
from registry.model.metrics import Metric
from registry.span import KeyPath
from registry.stack.generator import Missing, Order
from registry.stack.names import label_name


class Queries:
    """The queries of a registry's metrics."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.metrics = order.workspace.all(Metric)

    def of(
        self, id_: str, slice_: Mapping[str, str] | None = None, by: tuple[str, str] | None = None
    ) -> str | Missing:
        """Write a metric's query, of one slice where that is given; or what is missing for it.

        `by` is whoever asks for the slice: the section and the id.
        """
        return self._of(id_, slice_ or {}, by or ("metrics", id_), ())

    def _of(
        self, id_: str, slice_: Mapping[str, str], by: tuple[str, str], above: tuple[str, ...]
    ) -> str | Missing:
        metric = self.metrics[id_]
        if metric.query is None and metric.composed_of and id_ not in above:
            return self._sum(id_, slice_, by, (*above, id_))
        if metric.query is None:
            return self._lacks(id_, ("query",), "missing: nothing can be asked of it")
        query, wrong = tidied(metric.query), problem(metric.query)
        if wrong is None:
            wrong = problem(f"({query}) > 0") and "it gives no series of an instant"
        if wrong is not None:
            return self._lacks(id_, ("query",), f"no PromQL: {wrong}")
        if self.order.is_secret(query):
            return self._lacks(id_, ("query",), "it holds what looks like a secret")
        return self._narrowed(id_, query, slice_, by) if slice_ else query

    def _narrowed(
        self, id_: str, query: str, slice_: Mapping[str, str], by: tuple[str, str]
    ) -> str | Missing:
        lacks = [key for key in slice_ if key not in self.metrics[id_].slices]
        if lacks:
            message = f"`{lacks[0]}` is missing, by which {'/'.join(by)} asks for one slice"
            return self._lacks(id_, ("slices",), message)
        found = narrowed(query, {label_name(key): value for key, value in slice_.items()})
        if found is None:
            asked = ", ".join(f"{key}={value}" for key, value in slice_.items())
            message = f"it cannot be asked of {asked} alone, as {'/'.join(by)} is"
            return self._lacks(id_, ("query",), message)
        return found

    def _sum(
        self, id_: str, slice_: Mapping[str, str], by: tuple[str, str], above: tuple[str, ...]
    ) -> str | Missing:
        parts = []
        for one in self.metrics[id_].composed_of:
            found = self._of(one.metric, slice_, by, above)
            if isinstance(found, Missing):
                return found
            parts.append(f"{Decimal(str(one.weight)):f} * {bracketed(found)}")
        return " + ".join(parts)

    def _lacks(self, id_: str, field: KeyPath, message: str) -> Missing:
        return self.order.missing("metrics", id_, field, message)

    def each(self) -> Iterator[tuple[str, str | Missing]]:
        """Yield every metric with its query, in the files' order."""
        for id_ in self.metrics:
            yield id_, self.of(id_)
