"""What people ask for by name: a table of `export/tables/`, or documents of `export/pages/`."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from registry.export.edition import Edition
from registry.output.table import Table
from registry.workspace.workspace import Workspace


class Exporter(NamedTuple):
    """A table that people ask for by `name`; `build` takes the registry and one of `variants`.

    `variants` are what `--by` takes, the default first; empty where there is only one form.
    """

    name: str
    summary: str
    build: Callable[[Workspace, str], Table]
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
