"""A form of a check's findings: what a module of `checks/report/` hands over."""

from collections.abc import Callable
from typing import NamedTuple

from registry.checks.result import Result
from registry.output.style import Style


class Reporter(NamedTuple):
    """A report format: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: Callable[[Result, Style], str]
