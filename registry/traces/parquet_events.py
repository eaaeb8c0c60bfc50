"""Events in Parquet: the outcomes of evaluations among them, and what belongs in no trace.

They are three lists, `Events.Timestamp`, `Events.Name` and `Events.Attributes`, as the collector's
tables in ClickHouse have them, or a list `events` of structures with `name`, a time (`timestamp`,
`time`, `time_unix_nano`) and a map `attributes`.
"""

from collections.abc import Mapping, Sequence

from registry.traces import conventions as names
from registry.traces.content import EVENT_NAME
from registry.traces.duck import Duck
from registry.traces.keysets import KeySets
from registry.traces.parquet_columns import (
    ParquetColumn,
    attributes_cell,
    id_cell,
    instant,
    own_of,
    suspected,
)
from registry.traces.recorder import Recorder
from registry.traces.tables import quoted

_LISTS = ("events.timestamp", "events.name", "events.attributes")
_WHOLE = "events"
_TIMES = ("timestamp", "time", "timeunixnano")
_MAP = "MAP(VARCHAR, VARCHAR)"
_RIGHT = "of_trace <> '' AND of_span <> '' AND of_began IS NOT NULL"


def are_of_events(column: ParquetColumn) -> bool:
    """Whether a column is of events, in whatever shape."""
    return column.plain == _WHOLE or column.plain.startswith(f"{_WHOLE}.")


class EventReader:
    """Reads the events of one file after the other."""

    def __init__(self, recorder: Recorder, store: Duck, sets: KeySets) -> None:
        self._recorder = recorder
        self._store = store
        self._sets = sets

    def read(
        self, source: str, found: Mapping[str, ParquetColumn], columns: Sequence[ParquetColumn]
    ) -> bool:
        """Read the events of a table of spans; whether their shape is known."""
        lists = _lists(columns)
        if not lists:
            return not any(map(are_of_events, columns))
        ids = (
            f"{id_cell(found['trace'])} AS of_trace, {id_cell(found['span'])} AS of_span, "
            f"{instant(found['began'])} AS of_began"
        )
        rows = _rows(lists, ids, source)
        its = {
            one.plain: one
            for one in (
                ParquetColumn(str(name), str(kind))
                for name, kind, *_ in self._store.rows(f"DESCRIBE {rows}")
            )
        }
        name, bag = its.get("name"), its.get("attributes")
        if name is None or bag is None or not bag.type.startswith("MAP(VARCHAR"):
            return False
        time = next((instant(its[one]) for one in _TIMES if one in its), "NULL")
        self._store.view(
            "events",
            f"SELECT of_trace AS trace, of_span AS span, {name.sql} AS name, "
            f"coalesce(NULLIF({time}, 0), of_began) AS instant, "
            f"CAST({bag.sql} AS {_MAP}) AS attributes FROM ({rows}) AS rows WHERE {_RIGHT}",
        )
        bags = f"map_keys(one{f'.{bag.sql}' if len(lists) == 1 else ''})"
        own = attributes_cell(found, own_of(columns, found))
        self._undeclared(
            f"SELECT {ids}, map_keys({own}) AS own, list_sort(list_distinct(flatten("
            f"list_transform({lists[-1].sql}, lambda one: {bags})))) AS keys FROM {source}"
        )
        self._scores()
        self._contents()
        return True

    def _undeclared(self, spans: str) -> None:
        """Count the attributes of events that no field declares, a span once for each."""
        rows = self._store.rows(
            f"SELECT own, keys, count(*), min(of_trace) FROM ({spans}) AS spans "
            f"WHERE {_RIGHT} AND len(keys) > 0 GROUP BY own, keys"
        )
        for own, keys, number, trace in rows:
            self._sets.count_events(keys, own or (), int(number), trace)

    def _scores(self) -> None:
        rows = self._store.rows(
            "SELECT trace, span, instant, attributes FROM events "
            f"WHERE name = {quoted(names.EVALUATION)}"
        )
        for trace, span, at, attributes in list(rows):
            given = {names.canonical(key): value for key, value in (attributes or {}).items()}
            self._recorder.event_score(
                trace, span, int(at), str(given.get(names.SCORED)), given.get(names.SCORE),
                given.get(names.LABEL),
            )  # fmt: skip

    def _contents(self) -> None:
        """Look for what belongs in no trace, in what must be redacted and in every text."""
        keys = "SELECT DISTINCT unnest(map_keys(attributes)) FROM events"
        for key in sorted(str(one) for (one,) in self._store.rows(keys)):
            name = names.canonical(key)
            how = self._recorder.wanted.judged(name)
            value = f"attributes[{quoted(key)}]"
            found = f"SELECT trace, span, {value} FROM events WHERE {value} IS NOT NULL"
            for trace, span, given in list(self._store.rows(found)) if how else ():
                self._recorder.judge(trace, span, name, how, given)
        texts = "concat_ws(chr(31), name, array_to_string(map_values(attributes), chr(31)))"
        rows = f"SELECT trace, span, name, attributes FROM events WHERE {suspected(texts)}"
        for trace, span, called, attributes in list(self._store.rows(rows)):
            for key, given in {EVENT_NAME: called, **(attributes or {})}.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")


def _lists(columns: Sequence[ParquetColumn]) -> list[ParquetColumn]:
    """Return the one list of events, or the three that they are; none of an unknown shape."""
    known = {one.plain: one for one in columns}
    whole = known.get(_WHOLE)
    if whole is not None and whole.type.startswith("STRUCT(") and whole.type.endswith(")[]"):
        return [whole]
    lists = [known[one] for one in _LISTS if one in known and known[one].type.endswith("[]")]
    return lists if len(lists) == len(_LISTS) else []


def _rows(lists: Sequence[ParquetColumn], ids: str, source: str) -> str:
    """Return the SQL by which events become rows, each with the ids of its span."""
    if len(lists) == 1:
        rows = f"SELECT {ids}, unnest({lists[0].sql}) AS event FROM {source}"
        return f"SELECT of_trace, of_span, of_began, event.* FROM ({rows}) AS unnested"
    heads = zip(lists, ("timestamp", "name", "attributes"), strict=True)
    selected = ", ".join(f'unnest({one.sql}) AS "{head}"' for one, head in heads)
    return f"SELECT {ids}, {selected} FROM {source}"
