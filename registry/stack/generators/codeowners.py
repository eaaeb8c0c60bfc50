"""CODEOWNERS: who reviews the files of a component, by its `paths`: the team of its layer.

An owner is written as a binding says, else as `@` and the id, which the registry reads back as
that team or role. The last line that fits decides, so what is broad comes before what is narrow.
"""

import re
from collections.abc import Iterator

from registry.deployed.ingest import ingesters
from registry.model.bindings import Binding
from registry.model.ownership import Component, Layer
from registry.model.reference import names
from registry.stack.generator import Generated, Generator, Missing, Order, only
from registry.stack.header import header


def build(order: Order) -> Generated:
    """Write a line for each pattern, with everybody who owns a component that has it."""
    components = order.workspace.all(Component)
    bound = _bound(order)
    owners: dict[str, dict[str, None]] = {}
    missing: list[Missing] = []
    made = 0
    for id_, component in components.items():
        owner = _owner(order, id_, component) if component.paths else None
        if owner is None:
            missing.append(order.missing("components", id_, ("paths",), "missing: no line"))
            continue
        if isinstance(owner, Missing):
            missing.append(owner)
            continue
        if owner not in bound:
            missing.append(_unbound(order, owner))
        kept = [one for one in component.paths if _is_read(one)]
        missing += _odd(order, id_, component)
        made += bool(kept)
        for one in kept:
            owners.setdefault(one, {})[bound.get(owner, f"@{owner}")] = None
    lines = [f"{_escaped(one)} {' '.join(owners[one])}" for one in sorted(owners, key=_breadth)]
    head = [f"# {one}" for one in header("codeowners", order)]
    text = "\n".join([*head, *lines, ""]) if lines else ""
    counts = {"component": (made, len(components))}
    return only(order, text, dict.fromkeys(missing), counts)


def _bound(order: Order) -> dict[str, str]:
    """Map ids to how an owner is written, by the first binding of each."""
    found: dict[str, str] = {}
    for one in order.workspace.all(Binding).values():
        if one.owner is not None and one.means is not None and _is_read("x", one.owner):
            found.setdefault(one.means, one.owner)
    return found


def _owner(order: Order, id_: str, component: Component) -> str | Missing:
    """Name the team of a component's layer, else who answers for it."""
    if component.layer is None:
        return order.missing("components", id_, ("layer",), "missing: nothing says whose it is")
    row = order.workspace.all(Layer)[component.layer]
    for value in (row.team, row.accountable):
        if len(names(value)) == 1:
            return names(value)[0]
    message = f"missing, or several: no line for the component `{id_}`"
    return order.missing("ownership", component.layer, ("team",), message)


def _unbound(order: Order, owner: str) -> Missing:
    section = str(order.workspace.kind_of(owner))
    message = f"`@{owner}` is written for it: say in `bindings` what its host calls it, as"
    return order.missing(section, owner, (), f'{message} {{owner: "@ORG/{owner}", means: {owner}}}')


def _odd(order: Order, id_: str, component: Component) -> Iterator[Missing]:
    """Yield the patterns that no CODEOWNERS file can hold."""
    for index, one in order.workspace.places("components", id_, ("paths",), component.paths):
        if not _is_read(one):
            message = f"`{order.text(one)}` is no pattern of a CODEOWNERS file"
            yield order.missing("components", id_, index, message)


def _is_read(pattern: str, owner: str = "@x") -> bool:
    """Whether a line is read back as what it says."""
    reader = ingesters()["codeowners"].read_text
    lines = reader("CODEOWNERS", f"{_escaped(pattern)} {owner}").code_owners if reader else ()
    return [(one.pattern, [each.value for each in one.owners]) for one in lines] == [
        (pattern, [owner])
    ]


def _escaped(pattern: str) -> str:
    return pattern.replace(" ", "\\ ")


def _breadth(pattern: str) -> tuple[int, int, str]:
    """Order patterns: fewer folders first, then those with more that stands for anything."""
    folders = [one for one in pattern.split("/") if one]
    named = sum(not re.search(r"[*?]", one) for one in folders)
    return named, len(folders), pattern


GENERATOR = Generator("codeowners", "who reviews the files of each component", build, "CODEOWNERS")
