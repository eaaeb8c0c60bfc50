"""For authors of plugins: each rule is held against its own fixtures, as opmodel's own are.

A rule's fixtures are folders below one that is called by its code: each holds a registry, the
smallest that is right (`good…`) or wrong (`bad…`). Beside a wrong one's manifest, `expected.txt`
holds what `opmodel check` prints about it.
"""

import os
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path
from types import ModuleType

from registry.checks.engine import check_opened, open_registry
from registry.checks.report.human import REPORTER
from registry.checks.result import Result
from registry.output.style import Style
from registry.span import Location
from registry.workspace.options import Options
from registry.workspace.own_rules import OwnRules, Plugin, rules_in

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""The instant at which fixtures are checked, so that their dates stay where they are."""
EXPECTED = "expected.txt"
"""What `check` prints of a wrong fixture, its last line left out."""


def cases(folder: str | os.PathLike[str]) -> list[Path]:
    """List the fixtures below a folder: `CODE/good…` and `CODE/bad…`, sorted."""
    found = (path for kind in ("good", "bad") for path in Path(folder).glob(f"*/{kind}*"))
    return sorted(path for path in found if path.is_dir())


def rendered(result: Result) -> str:
    """Write what is found as `check` does, silenced findings too.

    The last line is left out: it counts all rules and names versions, which is no rule's business.
    """
    return REPORTER.render(result, Style(show_suppressed=True)).rsplit("\n", 2)[0]


def check_case(package: ModuleType, case: Path, *, update: bool = False, at: datetime = AT) -> None:
    """Hold the rule that a fixture's folder is called by against the fixture.

    `package` holds the plugin's rules, as its entry point names it; it need not be installed.
    `update` writes what is expected of a wrong fixture anew. Raises AssertionError where the rule
    finds something in a right one (a `good-broken…` one holds what does not load), or not what is
    expected in a wrong one, and where the package has no such rule or one that does not work.
    """
    code = case.parent.name
    codes = rules_in(package)
    if code not in codes.values():
        raise AssertionError(f"`{package.__name__}` has no rule {code}: it has {sorted(codes)}")
    result = _checked(package, case, at)
    own = [found for found in result.diagnostics if found.code == code]
    others = [found for found in result.diagnostics if found.code != code]
    is_broken = case.name.startswith("good-broken")
    if bool(others) != is_broken:
        raise AssertionError(
            f"{case}: nothing is wrong with it"
            if is_broken
            else f"{case}: it is not about {code} alone:\n{rendered(result)}"
        )
    if case.name.startswith("good"):
        if own:
            raise AssertionError(f"{case}: {code} speaks of it:\n{rendered(result)}")
        return
    _compare(case, rendered(result), update=update)


def _checked(package: ModuleType, case: Path, at: datetime) -> Result:
    options = Options(at, select=case.parent.name)
    opened = open_registry(os.fspath(case), options)
    plugin = Plugin(package.__name__, package, Location("policy.yaml", ("plugins", 0)))
    own = OwnRules(plugins=(plugin,), codes=rules_in(package))
    return check_opened(opened._replace(policy=opened.policy._replace(own=own)), options)


def _compare(case: Path, text: str, *, update: bool) -> None:
    expected = case / EXPECTED
    if update:
        expected.write_text(text, "utf-8")
    if not expected.exists():
        raise AssertionError(f"{expected} is not there: `update=True` writes it")
    before = expected.read_text("utf-8")
    if text != before:
        lines = unified_diff(before.splitlines(), text.splitlines(), "expected", "found", "", "")
        raise AssertionError("\n".join([f"{case}: other than expected", *lines]))
