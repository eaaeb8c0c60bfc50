"""What a plug-in hands over: one descriptor a module, under the name that its package agreed on."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from registry.checks.result import Result

if TYPE_CHECKING:  # a check that is answered from memory loads no model
    from registry.assess.assess import Assessment
    from registry.audit.audit import Audit
    from registry.deployed.model import Deployed
    from registry.export.edition import Edition
    from registry.output.table import Table
    from registry.source.foreign import Value
    from registry.workspace.workspace import Workspace


class Style(NamedTuple):
    """How a report is to look.

    `limit` caps the findings that a report for people prints. `prefix` leads from the folder that
    a report for another system is read in to the registry's root: empty, or it ends with a slash.
    """

    color: bool = False
    show_suppressed: bool = False
    statistics: bool = False
    limit: int = 200
    prefix: str = ""


class Reporter(NamedTuple):
    """A report format: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: Callable[[Result, Style], str]


class AssessmentReporter(NamedTuple):
    """A form of an assessment: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: "Callable[[Assessment, Style], str]"


class AuditReporter(NamedTuple):
    """A form of an audit: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: "Callable[[Audit, Style], str]"


class Exporter(NamedTuple):
    """A table that people ask for by `name`; `build` takes the registry and one of `variants`.

    `variants` are what `--by` takes, the default first; empty where there is only one form.
    """

    name: str
    summary: str
    build: "Callable[[Workspace, str], Table]"
    variants: tuple[str, ...] = ()


class Publisher(NamedTuple):
    """Documents that people ask for by `name`; `build` takes an edition and one of `formats`.

    It gives each file's name and whole content, the same bytes for the same edition: one file, or
    with `folder` several that stand in one folder. `formats` are what `--format` takes, the
    default first.
    """

    name: str
    summary: str
    build: "Callable[[Edition, str], Mapping[str, bytes]]"
    formats: tuple[str, ...]
    folder: bool = False


class Writer(NamedTuple):
    """A file format for tables: `name` is what `--format` takes and the file's suffix.

    `render` gives the whole file, the same bytes for the same table. Raises CannotRunError where
    the format cannot hold the table.
    """

    name: str
    render: "Callable[[Table], bytes]"


class Ingester(NamedTuple):
    """A reader of deployed configuration.

    `option` is the flag that names its files (`rules` for `--rules`), `name` what `init --from`
    takes. A text is divided into documents once, for every reader; `recognizes` says whether one of
    them is this reader's, for files that no flag names, and `read` takes those that are, with the
    file's shown name. A reader of other texts than YAML and JSON has `read_text` instead, and
    `recognizes_name` for the file's name. What it cannot read it says in `not_read`; it raises
    nothing on any input.
    """

    name: str
    option: str
    summary: str
    recognizes: "Callable[[Value], bool]" = lambda _: False
    read: "Callable[[str, Sequence[Value]], Deployed] | None" = None
    recognizes_name: Callable[[str], bool] = lambda _: False
    read_text: "Callable[[str, str], Deployed] | None" = None
