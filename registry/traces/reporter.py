"""A form of what traces say: what a module of `traces/report/` hands over."""

from collections.abc import Callable
from typing import NamedTuple

from registry.output.style import Style
from registry.traces.answer import TracesAnswer


class TracesReporter(NamedTuple):
    """A form: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: Callable[[TracesAnswer, Style], str]
