"""`opmodel assess`: the eight signs, and the stage that a registry reaches."""

import argparse
from importlib import import_module

import registry.assess.report
from registry.cli._arguments import add_registry, check_options, root_for
from registry.cli._command import Command
from registry.cli._door import cache_folder
from registry.cli._output import emit, is_colored
from registry.cli._progress import running
from registry.plugins import stems, take
from registry.source.cache import Cache

_DEFAULT = "human"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of an assessment."""
    add_registry(parser, stems(registry.assess.report), _DEFAULT)
    add = parser.add_argument
    add("--color", choices=("auto", "always", "never"), default="auto", help="else auto")


def run(args: argparse.Namespace) -> int:
    """Assess and show; always 0, since a sign is an answer and no finding."""
    from registry.assess.assess import assess
    from registry.assess.reporter import AssessmentReporter
    from registry.output.style import Style
    from registry.workspace.open import open_registry

    options = check_options(args)
    module = import_module(f"registry.assess.report.{args.format}")
    reporter = take(module, "REPORTER", AssessmentReporter)
    opened = open_registry(root_for(args), options, Cache(cache_folder()), running())
    color = args.format == _DEFAULT and is_colored(args.color)
    emit(reporter.render(assess(opened, options), Style(color=color)))
    return 0


COMMAND = Command("Tell the signs of an unowned system, and the stage it reaches.", arguments, run,
                  "assessing")  # fmt: skip
