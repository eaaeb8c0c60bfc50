"""The Kubernetes community's sigs.yaml as an operating-model registry.

Each special interest group, working group and committee becomes a team and an ownership row, whose
accountable are its chairs; each subproject becomes a row of its group's team, whose accountable are
the leads that it names. A group's lead is its chair where there is one chair. The groups that a
working group calls its stakeholders are consulted.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.written import slug, write_registry

KINDS = ("sigs", "workinggroups", "usergroups", "committees")
Data = Mapping[str, Any]


def convert(source: Path, folder: Path) -> str:
    """Write the registry into `folder`; return its path."""
    groups = list(_groups(source))
    return write_registry(
        folder,
        "kubernetes-community",
        {
            "people": _people(groups),
            "teams": [(group["dir"], _team(group)) for group in groups],
            "ownership": [row for group in groups for row in _rows(group)],
        },
    )


def _groups(source: Path) -> Iterator[Data]:
    data = yaml.load(source.read_bytes(), Loader=yaml.CSafeLoader)
    for kind in KINDS:
        yield from data[kind] or ()


def _people(groups: list[Data]) -> list[tuple[str, Data]]:
    found: dict[str, Data] = {}
    for group in groups:
        named = [*_chairs(group), *_tech_leads(group)]
        for subproject in group.get("subprojects") or ():
            named += subproject.get("leads") or ()
        for person in named:
            found.setdefault(_id(person), {"name": person["name"]})
    return list(found.items())


def _team(group: Data) -> Data:
    members = dict.fromkeys(map(_id, [*_chairs(group), *_tech_leads(group)]))
    chairs = _chairs(group)
    lead = _id(chairs[0]) if len(chairs) == 1 else None
    return {"name": group["name"], "members": list(members), "lead": lead}


def _rows(group: Data) -> Iterator[tuple[str, Data]]:
    yield (
        group["dir"],
        {
            "title": group["name"],
            "description": (group.get("mission_statement") or "").strip(),
            "team": group["dir"],
            "accountable": list(map(_id, _chairs(group))),
            "responsible": list(dict.fromkeys(map(_id, _tech_leads(group)))),
            "consulted": [
                f"sig-{slug(name).lower()}" for name in group.get("stakeholder_sigs") or ()
            ],
        },
    )
    for subproject in group.get("subprojects") or ():
        yield (
            f"{group['dir']}.{slug(subproject['name'])}",
            {
                "title": subproject["name"],
                "description": (subproject.get("description") or "").strip(),
                "team": group["dir"],
                "accountable": list(map(_id, subproject.get("leads") or ())),
            },
        )


def _chairs(group: Data) -> list[Data]:
    return list(group["leadership"].get("chairs") or ())


def _tech_leads(group: Data) -> list[Data]:
    return list(group["leadership"].get("tech_leads") or ())


def _id(person: Data) -> str:
    return str(person["github"]).lower()
