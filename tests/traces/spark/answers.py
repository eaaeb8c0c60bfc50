"""All that `opmodel traces` says of a record, in every form, by whichever engine."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from registry.output.style import Style
from registry.traces.answer import FORMS, check_answer, spend_answer
from registry.traces.check import CheckedTraces, check
from registry.traces.engine import Ask, itself
from registry.traces.quality_answer import quality_answer
from registry.workspace.open import open_registry
from registry.workspace.options import Options
from tests.conftest import AT


def answers(
    root: Path, files: Sequence[Path], ask: Ask = itself, by: tuple[str, ...] = (), at: str = ""
) -> dict[str, str]:
    """Render each part of the command in each of its forms, by `check.json` and the like."""
    options = Options(datetime.fromisoformat(at) if at else AT)
    opened = open_registry(str(root), options)
    with TemporaryDirectory(dir=files[0].parent if root in files[0].parents else None) as folder:
        found = check(opened, list(map(str, files)), options, folder, by, ask)
        parts = {
            "check": check_answer(found, "UTC"),
            "spend": spend_answer(found, "UTC", by),
            "quality": quality_answer(found, opened.policy, "UTC"),
        }
        return {
            f"{part}.{form}": import_module(f"registry.traces.report.{form}").REPORTER.render(
                answer, Style(color=False)
            )
            for part, answer in parts.items()
            for form in FORMS[part]
        }


def messages(found: CheckedTraces) -> list[str]:
    """List what the rules say."""
    return [one.message for one in found.result.diagnostics]
