"""`opmodel explain`: what a rule finds, why, and how to mend it."""

import argparse

from registry.cli._command import Command
from registry.cli._output import emit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the rule to explain."""
    parser.add_argument("rule", metavar="CODE|NAME", help="as OM204, or unpaged-metric")


def run(args: argparse.Namespace) -> int:
    """Print the explanation."""
    from registry.checks.explain import explain

    emit(explain(args.rule))
    return 0


COMMAND = Command("Explain a rule: what, why, how to mend, with an example.", arguments, run)
