"""A registry written from another organisation's own files, for one test run and nothing else."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Entities = Iterable[tuple[str, Mapping[str, Any]]]


def slug(text: str) -> str:
    """Make an id of any name; what two names share shows as a duplicate."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._") or "unnamed"


def write_registry(folder: Path, name: str, sections: Mapping[str, Entities]) -> str:
    """Write a production registry, a file a section; an id that is given twice is written twice.

    Fields without a value are left out. Returns the folder's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opmodel.yaml").write_text(f"opmodel: 1\nname: {name}\nstage: production\n", "utf-8")
    for section, entities in sections.items():
        lines = [f"{section}:"]
        for id_, fields in entities:
            given = {key: value for key, value in fields.items() if value not in (None, [], "")}
            lines.append(f"  {json.dumps(id_)}: {json.dumps(given)}")
        if len(lines) > 1:
            (folder / f"{section}.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return str(folder)
