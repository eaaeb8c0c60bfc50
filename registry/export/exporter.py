"""What people ask for by name: a table of `export/tables/`, or documents of `export/pages/`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from registry.export.edition import Edition
from registry.output.table import Table
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace


class Subject(NamedTuple):
    """What a table tells of: a registry, the policy that holds there, and an instant (aware)."""

    workspace: Workspace
    policy: Policy
    at: datetime


class Exporter(NamedTuple):
    """A table that people ask for by `name`; `build` takes its subject and one of `variants`.

    `variants` are what `--by` takes, the default first; empty where there is only one form.
    """

    name: str
    summary: str
    build: Callable[[Subject, str], Table]
    variants: tuple[str, ...] = ()


class Publisher(NamedTuple):
    """Documents that people ask for by `name`; `build` takes an edition and one of `formats`.

    It gives each file's name and whole content, the same bytes for the same edition: one file, or
    with `folder` several that stand in one folder. `formats` are what `--format` takes, the
    default first.
    """

    name: str
    summary: str
    build: Callable[[Edition, str], Mapping[str, bytes]]
    formats: tuple[str, ...]
    folder: bool = False
