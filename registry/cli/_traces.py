"""What the parts of `opmodel traces` are asked, and how their answers are shown."""

import argparse
import tempfile
from collections.abc import Sequence
from importlib import import_module

from registry.cli._delivery import opened_for
from registry.cli._output import emit, is_colored, note
from registry.cli._reports import prefix, prefix_for
from registry.errors import CannotRunError
from registry.model.telemetry import TelemetryField
from registry.output.style import Style
from registry.plugins import take
from registry.traces.answer import FORMS, TracesAnswer, check_answer, spend_answer
from registry.traces.check import check
from registry.traces.quality_answer import ToldQuality, quality_answer, told_quality
from registry.traces.reporter import TracesReporter
from registry.traces.unread import said_of
from registry.wording import did_you_mean
from registry.workspace.open import Opened
from registry.workspace.options import Options

RULES = {"spend": "OM925,OM926"}
"""The rules that run for each part; all of them where it names none."""

_ALL = "OM92"
"""What all of them begin with: for quality none is asked."""


def answered(args: argparse.Namespace, options: Options) -> TracesAnswer:
    """Open the registry, read the files, and answer; what is read is gone afterwards.

    Raises CannotRunError for an engine that is none, for a form that a part has not, and for a
    field that none is.
    """
    if args.engine != "duckdb":
        what = "is not built yet" if args.engine == "spark" else "is no engine"
        raise CannotRunError(f"--engine: `{args.engine}` {what}", "leave it out, or write duckdb")
    if args.format not in FORMS[args.action]:
        known = ", ".join(FORMS[args.action])
        raise CannotRunError(f"`traces {args.action}` has no form {args.format}", f"it has {known}")
    if args.action in RULES and not options.select:
        options = options._replace(select=RULES[args.action])
    if args.action == "quality":
        options = options._replace(ignore=_ALL)
    opened = opened_for(args, options)
    by = tuple(dict.fromkeys(args.by))
    if args.format == "csv" and len(by) > 1:
        raise CannotRunError("csv is one table, and there is one of each --by", "name one of them")
    _hold(by, opened)
    zone = args.tz or opened.workspace.manifest.timezone or "UTC"
    with tempfile.TemporaryDirectory(prefix="opmodel-") as folder:
        checked = check(opened, args.files, options, folder, by)
        if args.action == "spend":
            return spend_answer(checked, zone, by)
        if args.action == "quality":
            return quality_answer(checked, opened.policy, zone)
        return check_answer(checked, zone)


def read_quality(
    opened: Opened, files: Sequence[str], options: Options, tz: str | None
) -> ToldQuality:
    """Read files of traces for what they say of quality; raises CannotRunError as `check` does."""
    zone = tz or opened.workspace.manifest.timezone or "UTC"
    with tempfile.TemporaryDirectory(prefix="opmodel-") as folder:
        checked = check(opened, files, options._replace(ignore=_ALL), folder)
        return told_quality(checked, opened.policy, zone)


def _hold(by: tuple[str, ...], opened: Opened) -> None:
    fields = opened.workspace.all(TelemetryField)
    for one in by:
        if one not in fields:
            help_ = did_you_mean(one, list(fields), "name a telemetry field")
            raise CannotRunError(f"--by: there is no field `{one}`", help_)
        if fields[one].attribute is None:
            raise CannotRunError(
                f"--by: no attribute carries `{one}`", "set its `attribute` under `fields`"
            )


def show(found: TracesAnswer, args: argparse.Namespace) -> None:
    """Write an answer to standard output in the form that is asked for."""
    module = import_module(f"registry.traces.report.{args.format}")
    color = args.format == "human" and is_colored(args.color)
    root = found.checked.workspace.root
    way = prefix_for("sarif", root) if args.format == "sarif" else prefix(root)
    style = Style(color=color, show_suppressed=args.show_suppressed, prefix=way)
    found = found._replace(allows_unread=args.allow_unread)
    emit(take(module, "REPORTER", TracesReporter).render(found, style))
    if args.format == "csv":  # rows alone: what was not read has no place among them
        recording = found.checked.recording
        for said in said_of(recording.unread, recording.spans):
            note(f"opmodel: {said.text}")
