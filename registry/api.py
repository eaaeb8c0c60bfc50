"""The library's front door: what programs call, in few arguments."""

import os
from datetime import UTC, datetime

from registry.checks.engine import check_opened, open_registry
from registry.checks.result import Result
from registry.clock.civil import instant
from registry.errors import CannotRunError
from registry.paging.who import Who, find_subject
from registry.paging.who import who as answer
from registry.workspace.options import Options, this_hour
from registry.workspace.root import root_of
from registry.workspace.workspace import Workspace

Path = str | os.PathLike[str]


def load(path: Path) -> Workspace:
    """Load the registry in the folder `path`: its entities by section and id.

    What is wrong with its files is not said here: `check` says it. Raises CannotRunError where
    there is no registry, or its manifest or policy cannot be opened.
    """
    return open_registry(root_of(os.fspath(path)), _options(None, None)).workspace


def check(
    registry: Path | Workspace, policy: str | None = None, at: datetime | None = None
) -> Result:
    """Check a registry: a folder, or a workspace, whose folder is then read anew.

    `policy` is a built-in pack's name or a path, else what the manifest names; `at` an aware
    date-time, else now. Raises CannotRunError as `load` does, and for a naive `at`.
    """
    options = _options(policy, at)
    return check_opened(open_registry(_root(registry), options), options)


def who(
    registry: Path | Workspace,
    subject: str,
    at: datetime | None = None,
    policy: str | None = None,
) -> Who:
    """Say whose an entity is, who is paged for it, and what they do; of a person, what is theirs.

    `subject` is its id, or `section/id`; the other parameters are those of `check`. Raises
    CannotRunError as `check` does, and for a subject that is unknown, ambiguous or did not load.
    """
    options = _options(policy, at or datetime.now(UTC))
    opened = open_registry(_root(registry), options)
    found = find_subject(opened.workspace, subject)
    return answer(opened.workspace, opened.policy, found, instant(options.at))


def _root(registry: Path | Workspace) -> str:
    return registry.root if isinstance(registry, Workspace) else root_of(os.fspath(registry))


def _options(policy: str | None, at: datetime | None) -> Options:
    if at is not None and at.tzinfo is None:
        raise CannotRunError(f"{at} has no time zone", "pass an aware date-time")
    return Options(at or this_hour(datetime.now(UTC)), policy)
