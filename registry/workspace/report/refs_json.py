"""`refs` for scripts: the format `opmodel.refs.v1`."""

from collections.abc import Iterable

from registry.output.json import dump
from registry.workspace.refs import Ref, Refs

FORMAT = "opmodel.refs.v1"


def render(found: Refs) -> str:
    """Write the references, one a line."""
    subject = {name: getattr(found, name) for name in ("section", "id", "path", "line")}
    head = dump({"format": FORMAT, "subject": subject, "doubts": list(found.doubts)})
    to, by = _list(found.refers_to), _list(found.referred_to_by)
    return f'{head[:-1]},\n "refers_to": {to},\n "referred_to_by": {by}}}\n'


def _list(rows: Iterable[Ref]) -> str:
    lines = ",\n".join(f"  {dump(row._asdict())}" for row in rows)
    return f"[\n{lines}\n ]" if lines else "[]"
