"""A form of an assessment: what a module of `assess/report/` hands over."""

from collections.abc import Callable
from typing import NamedTuple

from registry.assess.assess import Assessment
from registry.output.style import Style


class AssessmentReporter(NamedTuple):
    """A form of an assessment: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: Callable[[Assessment, Style], str]
