"""`opmodel explain`: what a rule finds and how to mend it, or what a field is for."""

import argparse

from registry.cli._command import Command
from registry.cli._output import emit
from registry.cli._policy import add_policy


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to explain, and the policy."""
    parser.add_argument(
        "rule",
        metavar="CODE|NAME|FIELD",
        help="a rule, section, field or setting, as OM204, alerts.when or horizon",
    )
    add_policy(parser)


def run(args: argparse.Namespace) -> int:
    """Print the explanation."""
    from registry.checks.explain import explain, is_field
    from registry.cli._own import rules_for

    if is_field(args.rule):  # a policy is looked for only where a rule may be meant
        emit(explain(args.rule))
    else:
        emit(explain(args.rule, *rules_for(args)))
    return 0


COMMAND = Command(
    "Explain a rule, a section, a field or a setting, with an example.", arguments, run
)
