"""One of two registries that are compared: loaded and checked."""

from collections.abc import Callable
from typing import NamedTuple

from registry.checks.engine import check_opened, open_registry
from registry.checks.result import Result
from registry.compare.findings import Checked
from registry.source.cache import Cache
from registry.source.sources import Sources
from registry.workspace.load import Progress
from registry.workspace.open import Opened
from registry.workspace.options import Options


class Side(NamedTuple):
    """A registry under the name by which the user knows it, with its own check."""

    name: str
    opened: Opened
    result: Result

    @property
    def checked(self) -> Checked:
        """Its check, and the files that it read."""
        return Checked(self.result, frozenset(self.opened.workspace.files))

    @property
    def horizon(self) -> str:
        """How far its policy looks ahead, as `--horizon` takes it."""
        return str(self.opened.policy.settings.horizon)


def open_side(  # noqa: PLR0913 - what was read before, and how
    name: str,
    root: str,
    options: Options,
    read: Callable[[str], bytes | None] | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Side:
    """Load and check the registry at `root`, by its own policy, comments and waivers.

    `read` opens a policy that `options` name as it was; where it was not there, the registry's own
    policy judges. Raises CannotRunError as `open_registry` and `check_opened` do.
    """
    opened = open_registry(root, options, cache, progress, read=read)
    return Side(name, opened, check_opened(opened, options))


def judged_by(side: Side, policy: Side, options: Options) -> Checked:
    """Check one side's registry by the other's policy, waivers included."""
    own, other = side.opened, policy.opened
    files = other.workspace.sources.files
    packs = {name: files[name] for name in other.beside if name in files}
    sources = Sources({**own.workspace.sources.files, **packs})
    opened = own._replace(
        workspace=own.workspace.with_sources(sources), policy=other.policy, read=other.read
    )
    return side._replace(result=check_opened(opened, options)).checked


def has_same_policy(one: Side, other: Side) -> bool:
    """Whether two sides are judged alike, wherever and in whatever words their packs say so."""
    return _judgement(one.opened) == _judgement(other.opened)


def _judgement(opened: Opened) -> object:
    policy = opened.policy
    return (
        policy.stage,
        policy.severities,
        policy.settings,
        [placed.waiver for placed in policy.waivers],
        {section: opened.read(path) for section, (path, _) in policy.extensions.items()},
    )
