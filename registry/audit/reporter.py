"""A form of an audit: what a module of `audit/report/` hands over."""

from collections.abc import Callable
from typing import NamedTuple

from registry.audit.audit import Audit
from registry.output.style import Style


class AuditReporter(NamedTuple):
    """A form of an audit: `name` is what `--format` takes; `render` gives the whole text."""

    name: str
    render: Callable[[Audit, Style], str]
