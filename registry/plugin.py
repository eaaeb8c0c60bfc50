"""What a plug-in hands over: one descriptor a module, under the name that its package agreed on."""

from collections.abc import Callable
from typing import NamedTuple

from registry.result import Result


class Style(NamedTuple):
    """How a report is to look. `limit` caps the findings that a report for people prints."""

    color: bool = False
    show_suppressed: bool = False
    statistics: bool = False
    limit: int = 200


class Reporter(NamedTuple):
    """A report format: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: Callable[[Result, Style], str]
