"""A Backstage catalogue as an operating-model registry.

Each component, API, resource, system and domain becomes an ownership row whose accountable is its
owner, and whose team is that owner where it is a group of the catalogue. Groups become teams with
the members that they or the users themselves name.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.written import slug, write_registry

OWNED = ("Component", "API", "Resource", "System", "Domain")
Data = Mapping[str, Any]


def entities(catalogue: Path) -> list[Data]:
    """Read every entity below a folder that stands in plain YAML; templates are left out."""
    found = [one for path in sorted(catalogue.rglob("*.y*ml")) for one in _documents(path)]
    kinds = {"Group", "User", *OWNED}
    return [
        one
        for one in found
        if str(one.get("apiVersion", "")).startswith("backstage.io/") and one.get("kind") in kinds
    ]


def convert(catalogue: Path, folder: Path) -> str:
    """Write the registry into `folder`; return its path."""
    found = entities(catalogue)
    users = {_name(one): {"name": _called(one)} for one in found if one["kind"] == "User"}
    groups = {_name(one): one for one in found if one["kind"] == "Group"}
    rows = [
        (f"{one['kind'].lower()}.{_name(one)}", _row(one, groups))
        for one in found
        if one["kind"] in OWNED
    ]
    return write_registry(
        folder,
        slug(catalogue.name),
        {
            "people": list(users.items()),
            "teams": [(name, _team(name, one, found)) for name, one in groups.items()],
            "ownership": rows,
        },
    )


def _documents(path: Path) -> Iterator[Data]:
    try:
        for one in yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader):
            if isinstance(one, dict):
                yield one
    except yaml.YAMLError:
        return


def _row(entity: Data, groups: Mapping[str, Data]) -> Data:
    owner = _reference((entity.get("spec") or {}).get("owner"))
    return {
        "title": _called(entity),
        "description": (entity["metadata"].get("description") or "").strip(),
        "accountable": owner,
        "team": owner if owner in groups else None,
    }


def _team(name: str, group: Data, found: list[Data]) -> Data:
    named = map(_reference, (group.get("spec") or {}).get("members") or ())
    own = [one for one in named if one is not None]
    joined = [
        _name(one)
        for one in found
        if one["kind"] == "User"
        and name in map(_reference, (one.get("spec") or {}).get("memberOf") or ())
    ]
    return {"name": _called(group), "members": list(dict.fromkeys(own + joined))}


def _reference(text: str | None) -> str | None:
    """Read `group:default/platform` as `platform`; another namespace stays in the name."""
    if text is None:
        return None
    return text.lower().rpartition(":")[2].removeprefix("default/")


def _name(entity: Data) -> str:
    return str(entity["metadata"].get("name") or "unnamed").lower()


def _called(entity: Data) -> str:
    profile = (entity.get("spec") or {}).get("profile") or {}
    return str(profile.get("displayName") or entity["metadata"].get("title") or _name(entity))
