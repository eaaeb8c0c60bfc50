"""`opmodel rules`: the catalogue."""

import argparse
import json

from registry.cli._command import Command
from registry.cli._output import emit
from registry.model.format import STAGES

FORMATS = ("table", "json", "markdown")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the format."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="else table")


def run(args: argparse.Namespace) -> int:
    """Print every rule with its severity at each stage."""
    from registry.checks.catalogue import rules
    from registry.checks.docs import rule_tables

    if args.format == "markdown":
        emit(rule_tables(rules()) + "\n")
    else:
        emit(_json() if args.format == "json" else _table())
    return 0


def _table() -> str:
    from registry.checks.catalogue import rules
    from registry.checks.explain import levels

    rows = [["code", "name", *STAGES]]
    rows += [[one.code, one.name, *levels(one).values()] for one in rules().values()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _json() -> str:
    from registry.checks.catalogue import rules
    from registry.checks.explain import defaults, levels

    rows = [
        {
            **dict(zip(("code", "name", "summary", "why", "mend"), one, strict=False)),
            "severities": levels(one),
            "settings": defaults(one),
        }
        for one in rules().values()
    ]
    return json.dumps({"format": "opmodel.rules.v1", "rules": rows}, indent=1) + "\n"


COMMAND = Command("List the rules, with their severity at each stage.", arguments, run)
