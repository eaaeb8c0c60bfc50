"""A form of a check's findings: what a module of `checks/report/` hands over."""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from registry.checks.result import Result
from registry.checks.totals import grand_total
from registry.output.style import Style
from registry.output.terminal import brief, escape


class Reported(NamedTuple):
    """One of several registries in one report: its folder as it was given, and its check.

    `repository` leads to its root from the top of the git work tree that holds it, as a prefix
    does; None outside of any. `lead` is the one to put before every path, where `in_repository`
    chose it.
    """

    folder: str
    result: Result
    style: Style
    repository: str | None = None
    lead: str | None = None

    @property
    def title(self) -> str:
        """Name the registry by its folder and its own name."""
        return f"{escape(self.folder)} ({brief(self.result.registry)})"

    @property
    def way(self) -> str:
        """Lead to the root from the working folder, or from where its paths are to be read.

        Empty, or with a slash at its end.
        """
        if self.lead is not None:
            return self.lead
        folder = os.path.normpath(self.folder).replace(os.sep, "/")
        return self.style.prefix or ("" if folder == "." else f"{folder.rstrip('/')}/")

    def in_repository(self) -> "Reported":
        """Return the same with paths from the repository's top, where it stands in one."""
        if self.repository is None:
            return self
        style = self.style._replace(prefix=self.repository)
        return self._replace(style=style, lead=self.repository)

    @property
    def led(self) -> Result:
        """The check, with paths that lead as `way` does and not from the root."""
        return self.result.below(self.way)


Render = Callable[[Result, Style], str]
Join = Callable[[Render, Sequence[Reported]], str]


def headed(render: Render, several: Sequence[Reported]) -> str:
    """Write several registries one after the other, each below its name, and what they total."""
    parts = [f"registry {one.title}\n\n{render(one.led, one.style)}\n" for one in several]
    return "".join([*parts, grand_total([one.result for one in several]), "\n"])


class Reporter(NamedTuple):
    """A report format: `name` is what `--format` takes; `render` gives the whole text.

    `join` makes one text of several registries. `is_totalled` tells whether the text says what was
    looked at and how much is silenced; where it cannot, that is told beside it. `is_for_repository`
    tells whether it is read by what shows a repository, which knows files by their paths in it.
    """

    name: str
    render: Render
    join: Join = headed
    is_totalled: bool = True
    is_for_repository: bool = False
