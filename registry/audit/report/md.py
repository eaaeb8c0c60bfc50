"""An audit as Markdown, to hand round: figures, findings by owner, and each alert in a table."""

from collections.abc import Iterator

from registry.audit.audit import NOBODY, WORDS, Audit, name_of, table
from registry.audit.folded import Fold, folds
from registry.audit.reporter import AuditReporter
from registry.audit.standing import standings
from registry.checks.totals import silenced
from registry.diagnostic import Severity
from registry.output.markdown import automatic, code, literal
from registry.output.style import Style
from registry.wording import counted

_SHOWN = ("alert", "verdict", "receivers", "owner", "runbook", "paged now")


def render(found: Audit, style: Style) -> str:
    """Write the whole audit; every text of a stranger is shown and does nothing."""
    shown = found.result.diagnostics if style.show_suppressed else found.result.shown
    parts = [*_head(found), *_findings(folds(found, shown)), *_alerts(found), *_lists(found)]
    return "\n".join(parts) + "\n"


def _head(found: Audit) -> Iterator[str]:
    counts = found.joined.counts
    yield f"# Audit of {literal(found.result.registry)}"
    yield ""
    yield (
        f"{counted(counts['alerts'], 'deployed alert')}, {counted(found.read, 'file')} of use, "
        f"as of {found.result.shown_at}."
    )
    yield ""
    yield "| owner | alerts | reach nobody | critical | may | not told | errors | warnings |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in standings(found):
        team = name_of(found.workspace, one.team) if one.team else NOBODY
        yield f"| {literal(team)} | {' | '.join(map(str, one[1:]))} |"
    yield ""
    yield "| alerts | share | cannot be told | |"
    yield "| ---: | ---: | ---: | --- |"
    for name, one_of in found.coverage.items():
        share = f"{one_of.percent:.1f}%" if one_of.percent is not None else "unknown"
        yield f"| {one_of.number} | {share} | {one_of.unknown} | {WORDS[name]} |"
    yield f"| {counts['unknown_query']} | | | have a query that could not be told |"
    yield f"| {counts['unknown_way']} | | | have no routing that was read |"
    yield f"| {counts['assumed']} | | | could be changed by a label that an unread server adds |"


def _findings(facts: list[Fold]) -> Iterator[str]:
    if facts:
        yield ""
        yield "## What to mend, the gravest first"
        yield ""
    for fact in facts:
        one = fact.first
        place = code(f"{one.primary.location.file}:{one.primary.at.start.line}")
        level = f"**{one.severity.value}** {one.code}"
        falls = "" if fact.owner == NOBODY else f" Falls to {literal(fact.owner)}."
        help_ = f" {literal(one.help)}." if one.help else ""
        yield f"- {level}, {place}: {literal(one.message)}.{help_}{falls}"
        if fact.others:
            many = counted(len(fact.others), "more alert")
            named = "; ".join(
                ("" if owner == fact.owner else f"{owner}: ") + ", ".join(names)
                for owner, names in fact.rest
            )
            yield f"  The same of {many}: {literal(named)}."


def _alerts(found: Audit) -> Iterator[str]:
    made = table(found)
    places = [made.headings.index(name) for name in _SHOWN]
    yield ""
    yield "## Every alert"
    yield ""
    yield f"| {' | '.join(_SHOWN)} |"
    yield "|" + " --- |" * len(_SHOWN)
    for row in made.rows:
        yield f"| {' | '.join(automatic(row[place]) or literal(row[place]) for place in places)} |"


def _lists(found: Audit) -> Iterator[str]:
    joined = found.joined
    for title, names in (
        ("Declared, and not deployed", list(joined.undeployed)),
        ("Deployed, and not declared", [row.alert.name for row in joined.undeclared]),
        ("Not read", [f"{one.where}: {one.reason}" for one in joined.deployed.not_read]),
    ):
        if names:
            yield ""
            yield f"## {title}"
            yield ""
            yield from (f"- {literal(name)}" for name in names)
    totals = ", ".join(counted(found.result.count(one), one.value) for one in Severity)
    yield ""
    versions = f"time zones {found.result.tzdata}, holidays {found.result.holidays}"
    ahead = f"horizon {found.result.horizon}, {versions}"
    yield f"{totals}, {silenced(found.result)}; stage {literal(found.result.stage)}, {ahead}."


REPORTER = AuditReporter("md", render)
