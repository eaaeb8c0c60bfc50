"""JSON (`opmodel.table.v1`): the columns in order, and each row, on its own line, by heading."""

import json

from registry.output.table import Table, Writer


def render(table: Table) -> bytes:
    """Write the table as one JSON document with a line break at its end."""
    headings = table.headings
    rows = [f"\n  {_json(dict(zip(headings, row, strict=True)))}" for row in table.rows]
    head = f'"format": "opmodel.table.v1", "export": {_json(table.name)}'
    text = f'{{{head},\n "columns": {_json(headings)},\n "rows": [{",".join(rows)}]}}\n'
    return text.encode("utf-8")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


WRITER = Writer("json", render)
