"""A question about a deployed alert, looked for in the deployed files where none is declared."""

import argparse
import os

from registry.cli._asked import Asked
from registry.errors import CannotRunError
from registry.model.reference import SHARED_IDS
from registry.paging.who import Who
from registry.workspace.lookup import FIRST


def who_if_deployed(args: argparse.Namespace, asked: Asked) -> Who | None:
    """Answer for a deployed alert, where the subject is `deployed/NAME` or nothing declared."""
    section, slash, name = args.subject.rpartition("/")
    workspace, policy = asked.opened.workspace, asked.opened.policy
    declared = any(workspace.has(one, args.subject) for one in (*FIRST, *SHARED_IDS))
    folder = os.path.isdir(os.path.join(workspace.root, "deployed"))
    if section != "deployed" and (slash or declared or not (args.deployed or folder)):
        return None
    from registry.audit.join import audited
    from registry.audit.who import who_deployed
    from registry.deployed.ingest import Asked as Files
    from registry.deployed.ingest import default, ingest

    files = tuple(Files("", one) for one in args.deployed) or default(workspace.root)
    read = ingest(files, workspace.root)
    found = who_deployed(
        workspace, policy, audited(workspace, policy, read.deployed, asked.at), name
    )
    if not found.answers and section == "deployed":
        raise CannotRunError(f"no deployed alert is called `{name}`", "`opmodel audit` lists them")
    return found if found.answers else None
