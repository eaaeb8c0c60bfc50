"""The rules that apply where a command is asked: opmodel's, and those that a policy brings."""

import argparse
import os
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from registry.checks.own import applying, under
from registry.checks.rule import Rule
from registry.cli._output import note
from registry.errors import CannotRunError
from registry.output.terminal import brief
from registry.wording import counted
from registry.workspace.open import policy_of
from registry.workspace.own_rules import OwnRules
from registry.workspace.policy import Policy
from registry.workspace.root import find_root, root_of


class RulesHere(NamedTuple):
    """The rules that apply, with the severities that the policy gives them, and that policy."""

    rules: Mapping[str, Rule]
    policy: Policy | None = None


def rules_for(args: argparse.Namespace) -> RulesHere:
    """Gather the rules that apply; say where some of a policy's own cannot be used.

    Raises CannotRunError where a registry or a policy is named that is not there; one that merely
    lies above this folder is of no account then.
    """
    is_named = bool(args.directory or args.policy)
    try:
        root = root_of(args.directory) if args.directory else find_root(".")
    except CannotRunError:
        if args.directory:
            raise
        root = None
    if root is None and not args.policy:
        return RulesHere(applying(OwnRules()).rules)
    try:
        loaded = policy_of(root, args.policy)
    except CannotRunError as error:
        if is_named:
            raise
        note(f"opmodel: only opmodel's own rules: {brief(str(error))}")
        return RulesHere(applying(OwnRules()).rules)
    found = applying(loaded.policy.own)
    wrong = len(loaded.problems) + len(found.problems)
    if wrong:
        name = brief(shlex.quote(os.path.relpath(root or ".")))
        told = f"`opmodel check {name}` tells {'it' if wrong == 1 else 'them'}"
        note(f"opmodel: {counted(wrong, 'fault')} in {brief(loaded.policy.name)}: {told}")
    return RulesHere(under(loaded.policy, found.rules), loaded.policy)
