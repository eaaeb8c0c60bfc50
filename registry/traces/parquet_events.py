"""Events in Parquet: the outcomes of evaluations among them, and what belongs in no trace.

They are three lists, `Events.Timestamp`, `Events.Name` and `Events.Attributes`, as the collector's
tables in ClickHouse have them, or a list `events` of structures with `name`, a time (`timestamp`,
`time`, `time_unix_nano`) and a map `attributes`.
"""

from collections.abc import Mapping, Sequence

from registry.traces import conventions as names
from registry.traces.content import EVENT_NAME
from registry.traces.duck import Duck
from registry.traces.parquet_columns import ParquetColumn, id_cell, instant, is_suspect
from registry.traces.recorder import Recorder
from registry.traces.tables import quoted

_LISTS = ("events.timestamp", "events.name", "events.attributes")
_WHOLE = "events"
_TIMES = ("timestamp", "time", "timeunixnano")
_MAP = "MAP(VARCHAR, VARCHAR)"


def are_of_events(column: ParquetColumn) -> bool:
    """Whether a column is of events, in whatever shape."""
    return column.plain == _WHOLE or column.plain.startswith(f"{_WHOLE}.")


class EventReader:
    """Reads the events of one file after the other."""

    def __init__(self, recorder: Recorder, store: Duck) -> None:
        self._recorder = recorder
        self._store = store

    def read(
        self, source: str, found: Mapping[str, ParquetColumn], columns: Sequence[ParquetColumn]
    ) -> bool:
        """Read the events of a table of spans; whether their shape is known."""
        selected = _unnested(columns)
        if not selected:
            return not any(map(are_of_events, columns))
        ids = (
            f"{id_cell(found['trace'])} AS of_trace, {id_cell(found['span'])} AS of_span, "
            f"{instant(found['began'])} AS of_began"
        )
        rows = f"SELECT {ids}, {selected} FROM {source}"
        if selected.endswith("event"):
            rows = f"SELECT of_trace, of_span, of_began, event.* FROM ({rows}) AS unnested"
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
            f"CAST({bag.sql} AS {_MAP}) AS attributes "
            f"FROM ({rows}) AS rows "
            "WHERE of_trace <> '' AND of_span <> '' AND of_began IS NOT NULL",
        )
        self._scores()
        self._contents()
        return True

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
        rows = f"SELECT trace, span, name, attributes FROM events WHERE {is_suspect(texts)}"
        for trace, span, called, attributes in list(self._store.rows(rows)):
            for key, given in {EVENT_NAME: called, **(attributes or {})}.items():
                self._recorder.found(trace, span, names.canonical(key), given or "")


def _unnested(columns: Sequence[ParquetColumn]) -> str:
    """Return the SQL by which events become rows; nothing where there are none of a known shape."""
    known = {one.plain: one for one in columns}
    whole = known.get(_WHOLE)
    if whole is not None and whole.type.startswith("STRUCT(") and whole.type.endswith(")[]"):
        return f"unnest({whole.sql}) AS event"
    lists = [known[one] for one in _LISTS if one in known and known[one].type.endswith("[]")]
    if len(lists) < len(_LISTS):
        return ""
    heads = ("timestamp", "name", "attributes")
    return ", ".join(
        f'unnest({one.sql}) AS "{head}"' for one, head in zip(lists, heads, strict=True)
    )
