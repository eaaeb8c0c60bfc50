"""`opmodel rules`: the catalogue."""

import argparse
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from registry.cli._command import Command
from registry.cli._output import emit
from registry.cli._policy import add_policy
from registry.model.format import STAGES

if TYPE_CHECKING:
    from registry.checks.rule import Rule

FORMATS = ("table", "json", "markdown")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the policy and the format."""
    add_policy(parser)
    parser.add_argument("--format", choices=FORMATS, default="table", help="else table")


def run(args: argparse.Namespace) -> int:
    """Print every rule with its severity at each stage, the policy's own last."""
    from registry.checks.docs import rule_tables
    from registry.cli._own import rules_for

    rules = rules_for(args).rules
    shown = {"markdown": lambda one: rule_tables(one) + "\n", "json": _json, "table": _table}
    emit(shown[args.format](rules))
    return 0


def _table(rules: "Mapping[str, Rule]") -> str:
    from registry.checks.explain import levels

    rows = [["code", "name", *STAGES]]
    rows += [[one.code, one.name, *levels(one).values()] for one in rules.values()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _json(rules: "Mapping[str, Rule]") -> str:
    from registry.checks.explain import defaults, levels

    rows = [
        {
            **dict(zip(("code", "name", "summary", "why", "mend"), one, strict=False)),
            "severities": levels(one),
            "settings": defaults(one),
        }
        for one in rules.values()
    ]
    return json.dumps({"format": "opmodel.rules.v1", "rules": rows}, indent=1) + "\n"


COMMAND = Command("List the rules, with their severity at each stage.", arguments, run)
