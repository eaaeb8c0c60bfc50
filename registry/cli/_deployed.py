"""A question about a deployed alert, looked for in the deployed files where none is declared."""

import argparse
import os
from typing import TYPE_CHECKING

from registry.cli._asked import Question
from registry.errors import CannotRunError
from registry.model.reference import SHARED_IDS
from registry.paging.who import Who
from registry.source import seen
from registry.workspace.lookup import FIRST

if TYPE_CHECKING:
    from registry.audit.join import Audited, Row


def who_if_deployed(args: argparse.Namespace, asked: Question) -> Who | None:
    """Answer for a deployed alert, where the subject is `deployed/NAME` or nothing declared."""
    section, slash, name = args.subject.rpartition("/")
    workspace, policy = asked.opened.workspace, asked.opened.policy
    known = (*FIRST, *SHARED_IDS)
    declared = any(workspace.has(one, args.subject) for one in known) and not args.firing
    folder = seen.is_folder(os.path.join(workspace.root, "deployed"))
    if section != "deployed" and (slash or declared or not (args.deployed or folder)):
        return None
    from registry.audit.join import audited
    from registry.audit.who import who_deployed
    from registry.deployed.ingest import NamedFiles as Files
    from registry.deployed.ingest import default, ingest

    files = tuple(Files("", one) for one in args.deployed) or default(workspace.root)
    read = ingest(files, workspace.root)
    joined = audited(workspace, policy, read.deployed, asked.at)
    others = tuple(row for one in args.firing for row in _firing(joined, one))
    found = who_deployed(workspace, policy, joined, name, others, args.tz)
    if not found.answers and section == "deployed":
        raise CannotRunError(f"no deployed alert is called `{name}`", "`opmodel audit` lists them")
    return found if found.answers else None


def _firing(joined: "Audited", name: str) -> "tuple[Row, ...]":
    """Find the alerts of a name that is said to fire. Raises CannotRunError where there is none."""
    rows = joined.find(name.removeprefix("deployed/"))
    if not rows:
        reason = f"--firing: no deployed alert is called `{name}`"
        raise CannotRunError(reason, "`opmodel audit` lists them")
    return rows
