"""`opmodel explain`: what a rule finds and how to mend it, or what a field is for."""

import argparse

from registry.cli._command import Command
from registry.cli._output import emit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to explain."""
    parser.add_argument(
        "rule",
        metavar="CODE|NAME|FIELD",
        help="a rule, section, field or setting, as OM204, alerts.when or horizon",
    )


def run(args: argparse.Namespace) -> int:
    """Print the explanation."""
    from registry.checks.explain import explain

    emit(explain(args.rule))
    return 0


COMMAND = Command(
    "Explain a rule, a section, a field or a setting, with an example.", arguments, run
)
