"""A first registry from what is deployed: facts as they were read, guesses marked to be confirmed.

Nothing is invented: what the files do not say is left out, and `opmodel check` asks for it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from registry.deployed.draft.bindings import DraftedBindings
from registry.deployed.draft.names import Drafting, LeftOut, slug
from registry.deployed.draft.oncall import DraftedOncall
from registry.deployed.draft.owners import named
from registry.deployed.draft.people import DraftedPeople
from registry.deployed.draft.rules import DraftedRules
from registry.deployed.model import Deployed, Where
from registry.model.format import FORMAT_VERSION, MANIFEST
from registry.output.yaml import CONFIRM, comment, scalar, yaml_file


class Drafted(NamedTuple):
    """The files of a registry by name, the manifest last, and what is not in them."""

    files: dict[str, bytes]
    left_out: tuple[LeftOut, ...]


def draft(
    deployed: Deployed,
    name: str,
    stage: str,
    place: Callable[[Where], str] = str,
    words: Mapping[str, str] | None = None,
) -> Drafted:
    """Write the files of a registry called `name`; `place` shows where a fact stands.

    `words` say what an estate's own words for how grave an alert is mean, in lower case.
    """
    read = named(deployed)
    drafting = Drafting(read.deployed, place)
    who = DraftedPeople(drafting, read.guessed)
    oncall = DraftedOncall(drafting, who.person_ids)
    bound = DraftedBindings(drafting, who, oncall)
    rules = DraftedRules(drafting, words or {})
    bound.bind_alerts(rules)
    bound.bind_owners()
    files = {
        "people.yaml": {"people": who.people, "teams": who.teams},
        "oncall.yaml": {"schedules": oncall.schedules, "escalations": oncall.escalations},
        "channels.yaml": {"channels": bound.channels},
        "alerts.yaml": {"metrics": rules.metrics, "alerts": rules.alerts},
        "objectives.yaml": {"objectives": rules.objectives},
        "runbooks.yaml": {"runbooks": rules.runbooks},
        "bindings.yaml": {"bindings": bound.bindings},
    }
    written = {
        file: yaml_file(sections).encode()
        for file, sections in files.items()
        if any(sections.values())
    }
    left_out = tuple(dict.fromkeys(drafting.left_out))
    return Drafted({**written, MANIFEST: _manifest(name, stage, left_out, place)}, left_out)


def _manifest(
    name: str, stage: str, left_out: Iterable[LeftOut], place: Callable[[Where], str]
) -> bytes:
    manifest: dict[str, str | int] = {
        "opmodel": FORMAT_VERSION,
        "name": slug(name) or "ours",
        "stage": stage,
    }
    head = "".join(f"{key}: {scalar(value)}\n" for key, value in manifest.items())
    about = (
        "# Drafted from what is deployed. A comment that begins with `confirm` marks a guess:\n"
        "# correct what it names, or say that it is right by removing the comment.\n"
    )
    lines = [comment(f"left out, {place(one.where)}: {one.reason}") for one in left_out]
    return (about + "".join(f"# {line}\n" for line in lines) + head).encode()


def guesses(files: Iterable[bytes]) -> int:
    """Count the guesses that are marked in drafted files."""
    mark = f"# {CONFIRM} ".encode()
    return sum(line.lstrip().startswith(mark) for one in files for line in one.split(b"\n"))
