"""What the check says, as sheets: findings, what is accepted, and the rules."""

from collections.abc import Iterator

from registry.checks.engine import Opened
from registry.checks.own import applying
from registry.checks.result import Result
from registry.diagnostic import Diagnostic
from registry.export.workbook.sections import SECTION_SHEETS, Show, row_key
from registry.output.workbook import BookColumn, BookRow, BookSheet, cut

FINDINGS, EXCEPTIONS, RULES = "Findings", "Exceptions", "Rules"


def findings_sheet(result: Result, show: Show) -> BookSheet:
    """Lay out what is wrong, the gravest first."""
    heads = ("severity", "code", "name", "entity", "field", "what", "next", "file", "line")
    found = sorted(result.shown, key=lambda one: one.severity.rank)
    rows = tuple(_finding(number, one, show) for number, one in enumerate(found, 1))
    about = "What `opmodel check` says, errors first; an entity leads to its row."
    return BookSheet(FINDINGS, f"Findings in {result.registry}", _columns(heads), rows, about)


def _finding(number: int, found: Diagnostic, show: Show) -> BookRow:
    field = ".".join(map(str, found.field or ()))
    entity = "/".join(found.entity or ())
    line = str(found.primary.at.start.line)
    cells = (
        found.severity.value, found.code, found.name, entity, field, found.message, found.help,
        found.primary.location.file, line,
    )  # fmt: skip
    links = {1: (RULES, found.code)}
    target = _target(found.entity)
    if target is not None:
        links[3] = target
    return BookRow(str(number), tuple(cut(show(cell)) for cell in cells), "", links)


def _target(entity: tuple[str, str] | None) -> tuple[str, str] | None:
    """Tell the sheet and the row of an entity; None where it has none."""
    if entity is None:
        return None
    section, id_ = entity
    if section == "ownership":
        return "Role matrix", id_
    if section == "schedules":
        return "On call", id_
    for one in SECTION_SHEETS:
        if section in one.sections:
            return one.name, row_key(section, id_)
    return None


def exceptions_sheet(result: Result, show: Show) -> BookSheet:
    """Lay out the findings that somebody accepted, with the reason and where that is written."""
    heads = ("kind", "code", "name", "entity", "what", "reason", "until", "file", "line")
    rows = tuple(_exception(number, one, show) for number, one in enumerate(result.silenced, 1))
    about = "Findings that a comment, a waiver or the baseline accepts, the latter until a day."
    return BookSheet(EXCEPTIONS, f"Exceptions in {result.registry}", _columns(heads), rows, about)


def _exception(number: int, found: Diagnostic, show: Show) -> BookRow:
    kind, reason, file, line, _, until = found.suppressed or ("", "", "", 0, "", "")
    entity = "/".join(found.entity or ())
    cells = (kind, found.code, found.name, entity, found.message, reason, until, file, str(line))
    target = _target(found.entity)
    links = {1: (RULES, found.code)} | ({3: target} if target is not None else {})
    return BookRow(str(number), tuple(cut(show(cell)) for cell in cells), "", links)


def rules_sheet(opened: Opened, result: Result) -> BookSheet:
    """Lay out the rules: what each looks for, how grave it is here, and how often it spoke."""
    heads = ("code", "name", "severity", "what it finds", "why", "mend", "findings")
    title = f"Rules for {result.registry}, stage {result.stage}"
    about = "How grave each rule is by the policy that applies here; `off` does not run."
    return BookSheet(RULES, title, _columns(heads), tuple(_rules(opened, result)), about)


def _rules(opened: Opened, result: Result) -> Iterator[BookRow]:
    counts: dict[str, int] = {}
    for one in result.shown:
        counts[one.code] = counts.get(one.code, 0) + 1
    policy = opened.policy
    for code, rule in applying(policy.own).rules.items():
        level = policy.severities.get(code, rule.severities[policy.stage])
        severity = level.value if level else "off"
        number = str(counts.get(code, "")) if rule.command == "check" else "audit"
        cells = (code, rule.name, severity, rule.summary, rule.why, rule.mend, number)
        yield BookRow(code, tuple(map(cut, cells)))


def _columns(heads: tuple[str, ...]) -> tuple[BookColumn, ...]:
    return tuple(BookColumn(one, one, "severity" if one == "severity" else "") for one in heads)
