"""Documents made from the rules: the README's table, and the severities of the built-in packs.

`python -m registry.checks.docs` rewrites both in a checkout; everything else in those files is
written by hand and stays as it is.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from registry.checks.catalogue import rules
from registry.checks.rule import Rule
from registry.diagnostic import Severity
from registry.model.format import STAGES

BEGIN, END = "<!-- rules: begin (generated) -->", "<!-- rules: end -->"

_FAMILIES = {
    "OM0": "Files and format",
    "OM1": "Ownership",
    "OM2": "Metrics and alerts",
    "OM3": "On call",
    "OM4": "Runbooks",
    "OM5": "Telemetry",
    "OM6": "Failures and kill switches",
    "OM7": "Dashboards, gates, reviews, experiments",
    "OM8": "Incidents, budgets, objectives",
    "OM9": "The real monitoring stack",
}
_RULES_BLOCK = re.compile(r"^rules:.*\n(?: .*\n)*", re.MULTILINE)


def rule_tables(catalogue: Mapping[str, Rule]) -> str:
    """Write one Markdown table for each family of rules, with the severity at each stage."""
    families = groupby(catalogue.values(), key=lambda one: one.code[:3])
    return "\n\n".join(_table(family, list(found)) for family, found in families)


def readme(text: str, catalogue: Mapping[str, Rule]) -> str:
    """Return the README's text with its rule tables made anew.

    Raises ValueError where the markers are not there, each once and in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in after or END in after:
        raise ValueError(f"the README needs `{BEGIN}` and then `{END}`, once each")
    return f"{before}{BEGIN}\n\n{rule_tables(catalogue)}\n\n{END}{after}"


def pack(text: str, stage: str, catalogue: Mapping[str, Rule]) -> str:
    """Return a built-in pack's text with its `rules:` made anew.

    Raises ValueError where it has not exactly one such part.
    """
    if len(_RULES_BLOCK.findall(text)) != 1:
        raise ValueError(f"the pack {stage} needs one `rules:`")
    levels = {one.code: _shown(one.severities[stage]) for one in catalogue.values()}
    lines = [f"  {code}: {{severity: {level}}}\n" for code, level in levels.items()]
    return _RULES_BLOCK.sub(lambda _: "".join(["rules:\n", *lines]), text)


def documents(root: Path) -> dict[Path, str]:
    """Make every generated document of the checkout at `root`: path to whole text."""
    catalogue = rules()
    made = {root / "README.md": readme((root / "README.md").read_text("utf-8"), catalogue)}
    for stage in STAGES:
        path = root / "policies" / f"{stage}.yaml"
        made[path] = pack(path.read_text("utf-8"), stage, catalogue)
    return made


def write(root: Path) -> None:
    """Rewrite the generated documents of the checkout at `root`."""
    for path, text in documents(root).items():
        path.write_text(text, "utf-8")


def _table(family: str, found: Iterable[Rule]) -> str:
    title = _FAMILIES.get(family, f"{family}xx")
    head = "| code | name | finds | poc | pilot | production |\n|---|---|---|---|---|---|"
    return "\n".join([f"### {title}", "", head, *map(_row, found)])


def _row(one: Rule) -> str:
    levels = (_shown(one.severities[stage]) for stage in STAGES)
    cells = (one.code, f"`{one.name}`", one.summary.replace("|", "\\|"), *levels)
    return f"| {' | '.join(cells)} |"


def _shown(severity: Severity | None) -> str:
    return severity.value if severity else "off"


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent.parent)
