"""What columns of a foreign table hold: they are told by name, in any case and with or without `_`.

`trace_id`, `span_id`, `parent_span_id`, `name` (or `span_name`), `start_time`
(`start_time_unix_nano`, `timestamp`), `end_time` (`end_time_unix_nano`) or `duration` in ns; times
are timestamps, or whole ns. Attributes are a map `attributes` (`span_attributes`), or columns of
their own whose names have a dot, and `resource_attributes` a map.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.traces.content import SHORTEST, SUSPECT
from registry.traces.tables import quoted

_NAMED = {
    "trace": ("traceid",),
    "span": ("spanid",),
    "parent": ("parentspanid", "parentid"),
    "name": ("name", "spanname"),
    "began": ("starttime", "starttimeunixnano", "timestamp"),
    "ended": ("endtime", "endtimeunixnano"),
    "duration": ("duration", "durationnano"),
    "attributes": ("attributes", "spanattributes"),
    "resource": ("resourceattributes",),
}
_NEEDED = ("trace", "span", "name", "began")
_CALLED = {"trace": "trace_id", "span": "span_id", "name": "name", "began": "start_time"}


_MAP = "MAP(VARCHAR, VARCHAR)"
_EMPTY = f"CAST(MAP {{}} AS {_MAP})"


class ParquetColumn(NamedTuple):
    """A column as DuckDB describes it."""

    name: str
    type: str

    @property
    def sql(self) -> str:
        """Its name as SQL has it."""
        return '"' + self.name.replace('"', '""') + '"'

    @property
    def plain(self) -> str:
        """Its name in whatever case, without `_`."""
        return self.name.replace("_", "").casefold()


def roles(columns: Sequence[ParquetColumn]) -> dict[str, ParquetColumn]:
    """Tell what columns hold, by the roles that they have."""
    known = {one.plain: one for one in columns}
    found = {
        role: next(known[word] for word in words if word in known)
        for role, words in _NAMED.items()
        if not known.keys().isdisjoint(words)
    }
    for role in ("attributes", "resource"):
        if role in found and not found[role].type.startswith("MAP(VARCHAR"):
            del found[role]
    return found


def lacking(found: Mapping[str, ParquetColumn]) -> list[str]:
    """Name the columns without which a table is none of spans."""
    return [_CALLED[role] for role in _NEEDED if role not in found]


def own_of(
    columns: Sequence[ParquetColumn], found: Mapping[str, ParquetColumn]
) -> list[ParquetColumn]:
    """Return the columns that are an attribute each, where there is no map of them."""
    if "attributes" in found:
        return []
    return [
        one
        for one in columns
        if "." in one.name and one not in found.values() and not one.plain.startswith("events.")
    ]


def cells(found: Mapping[str, ParquetColumn], own: Sequence[ParquetColumn]) -> Iterator[str]:
    """Yield the SQL of each column of what is read."""
    yield f"{id_cell(found['trace'])} AS trace"
    yield f"{id_cell(found['span'])} AS span"
    yield f"NULLIF({id_cell(found['parent']) if 'parent' in found else 'NULL'}, '') AS parent"
    yield f"{id_cell(found['name'])} AS name"
    began = instant(found["began"])
    yield f"{began} AS began"
    if "ended" in found:
        yield f"NULLIF({instant(found['ended'])}, 0) AS ended"
    elif "duration" in found:
        yield f"TRY({began} + TRY_CAST({found['duration'].sql} AS BIGINT) // 1000) AS ended"
    else:
        yield "CAST(NULL AS BIGINT) AS ended"
    yield f"{attributes_cell(found, own)} AS attributes"
    outer = found.get("resource")
    yield f"{_map(outer) if outer else _EMPTY} AS outer_"


def id_cell(one: ParquetColumn) -> str:
    """Return the SQL of an id, or a name, as text: bytes are hex."""
    return f"lower(hex({one.sql}))" if one.type == "BLOB" else f"CAST({one.sql} AS VARCHAR)"


def instant(one: ParquetColumn) -> str:
    """Return the SQL of an instant in µs: of a timestamp, or of whole ns."""
    if "TIMESTAMP" in one.type:
        return f"epoch_us({one.sql})"
    return f"TRY_CAST({one.sql} AS BIGINT) // 1000"


def _map(one: ParquetColumn) -> str:
    return one.sql if one.type == _MAP else f"CAST({one.sql} AS {_MAP})"


def attributes_cell(found: Mapping[str, ParquetColumn], own: Sequence[ParquetColumn]) -> str:
    """Return the SQL of a span's attributes as a map."""
    if "attributes" in found:
        return _map(found["attributes"])
    if not own:
        return _EMPTY
    known = {one.name for one in own}
    called = [one.name.removeprefix("attributes.") for one in own]
    cells = ", ".join(
        f"{{'k': {quoted(one.name if name in known else name)}, 'v': CAST({one.sql} AS VARCHAR)}}"
        for one, name in zip(own, called, strict=True)
    )
    return f"map_from_entries(list_filter([{cells}], lambda one: one.v IS NOT NULL))"


def suspected(texts: str) -> str:
    """Return the SQL of whether anything may be found in a text; in a shorter one nothing can."""
    return f"strlen({texts}) >= {SHORTEST} AND regexp_matches({texts}, {quoted(SUSPECT)})"


def _joined(bag: str) -> str:
    return f"array_to_string(map_values({bag}), chr(31))"


ATTRIBUTES = _joined("attributes")
"""The SQL of all texts of a span but its name."""

OWN_TEXTS = f"concat_ws(chr(31), name, {ATTRIBUTES})"
"""The SQL of all texts of a span."""

OUTER_TEXTS = _joined("outer_")
"""The SQL of all texts of its resource."""
