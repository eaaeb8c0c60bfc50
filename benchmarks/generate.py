"""Write a realistic registry of any size: `python benchmarks/generate.py DIR --entities 10000`.

The registry is clean at stage `pilot` when it is looked at from 2026-11-20
(`--at 2026-11-20T09:00:00Z`). The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random

from synthetic import monitoring
from synthetic.company import PEOPLE, company_files
from synthetic.document import Entity, Fields, RegistryFile, render, render_fields
from synthetic.oncall_shapes import schedule_files
from synthetic.owned import owned
from synthetic.response import response
from synthetic.running import running
from synthetic.seeded_errors import break_third
from synthetic.signals import signals
from synthetic.team import LARGE, SMALL, Size, Team, who

_SMALL_BELOW = 500
"""Registries of fewer entities have small teams, so that there are several."""

_JOINERS = 4
"""People whom a large team has beyond its size, on average: they make up the exact count."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the registry that the command line asks for, and say what was written."""
    options = _parser().parse_args(arguments)
    deployed: list[tuple[str, str]] = []
    if options.schedules is not None:
        files = list(schedule_files(options.schedules, options.seed))
    elif options.rules is not None:
        files = list(monitoring.registry_files(options.routes, options.seed))
        deployed += monitoring.deployed_files(
            options.rules, options.routes, options.seed, bare=options.bare
        )
    else:
        files = registry_files(options.entities, options.seed)
    entities = sum(len(file.entities) for file in files)
    counts: dict[str, int] = {}
    if options.broken_third:
        files, counts = break_third(files, options.seed)
    stage = "pilot" if options.entities is not None else "poc"
    size = write(options.directory, files, stage)
    size += sum(_write_text(options.directory / path, text) for path, text in deployed)
    count = len(files) + len(deployed) + 1
    print(f"{options.directory}: {entities} entities, {count} files, {size / 1e6:.2f} MB")
    for kind, count in counts.items():
        print(f"  {kind}: {count} files")
    return 0


def registry_files(entities: int, seed: int) -> list[RegistryFile]:
    """Return the files of a registry with exactly so many entities, the manifest left out."""
    teams = _teams(entities, seed)
    files = list(company_files(teams, seed))
    for team in teams:
        files += team_files(team)
    return files


def team_files(team: Team) -> Iterator[RegistryFile]:
    """Yield the files of a team's folder."""
    entities = [*who(team), *owned(team), *signals(team), *response(team), *running(team)]
    for path, sections in team.size.files:
        # Stable, so that entities of a section keep their order.
        chosen = sorted(
            (entity for entity in entities if entity.section in sections),
            key=lambda entity: sections.index(entity.section),
        )
        heading = f"{team.title}: {', '.join(sections).replace('_', ' ')}"
        yield RegistryFile(f"teams/{team.id}/{path}", heading, tuple(chosen))


def write(root: Path, files: Iterable[RegistryFile], stage: str) -> int:
    """Write the manifest and the files below `root`, a new or empty folder; return the bytes."""
    root.mkdir(parents=True, exist_ok=True)
    if any(root.iterdir()):
        sys.exit(f"{root}: not empty, and nothing is overwritten")
    manifest: Fields = {
        "opmodel": 1,
        "name": "acme-copilots",
        "stage": stage,
        "timezone": "Europe/Berlin",
    }
    size = _write_text(root / "opmodel.yaml", render_fields(manifest))
    for file in files:
        size += _write_text(root / file.path, render(file))
    return size


def _write_text(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(text.encode())


def _teams(entities: int, seed: int) -> list[Team]:
    """Plan as many teams as fit, and spread what is missing over them as people."""
    size = SMALL if entities < _SMALL_BELOW else LARGE
    probe = [
        _team(ordinal, size, range(PEOPLE.stop, PEOPLE.stop + size.people), seed)
        for ordinal in range(3)
    ]
    shared = sum(len(file.entities) for file in company_files(probe, seed))
    each = len(_entities_of(probe[0]))
    count = (entities - shared) // (each + (_JOINERS if size.complete else 0))
    if count < len(probe):
        sys.exit(f"--entities {entities}: too few for a company; 100 is the least")
    missing = entities - shared - count * each
    joiners = [missing // count + (ordinal < missing % count) for ordinal in range(count)]
    ends = accumulate((size.people + more for more in joiners), initial=PEOPLE.stop)
    return [
        _team(ordinal, size, range(start, start + size.people + joiners[ordinal]), seed)
        for ordinal, start in zip(range(count), ends, strict=False)
    ]


def _entities_of(team: Team) -> list[Entity]:
    return [entity for file in team_files(team) for entity in file.entities]


def _team(ordinal: int, size: Size, people: range, seed: int) -> Team:
    return Team(ordinal, size, people, Random(f"{seed}/team/{ordinal}"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="a new or empty folder")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--entities", type=int, metavar="N", help="100, 10000, 100000, or any number from 100 up"
    )
    what.add_argument(
        "--schedules",
        type=int,
        metavar="N",
        help="so many schedules of all shapes, and their people",
    )
    what.add_argument(
        "--rules",
        type=int,
        metavar="N",
        help="so many alerting rules in DIR/deployed, and the registry of who they page",
    )
    parser.add_argument(
        "--routes", type=int, default=1000, metavar="N", help="with --rules: routes of their tree"
    )
    parser.add_argument(
        "--bare", action="store_true", help="with --rules: every label is left to the series"
    )
    parser.add_argument(
        "--broken-third", action="store_true", help="one mistake in each of a third of the files"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
