"""An audit as Markdown, to hand round: figures, findings by owner, and each alert in a table."""

from collections.abc import Iterator

from registry.audit.audit import WORDS, Audit, table
from registry.audit.reporter import AuditReporter
from registry.diagnostic import Diagnostic, Severity
from registry.output.markdown import code, literal
from registry.output.style import Style
from registry.wording import counted

_SHOWN = ("alert", "verdict", "receivers", "owner", "runbook", "paged now")


def render(found: Audit, style: Style) -> str:
    """Write the whole audit; every text of a stranger is shown and does nothing."""
    shown = found.result.diagnostics if style.show_suppressed else found.result.shown
    parts = [
        *_head(found),
        *_findings(found, sorted(shown, key=lambda one: one.severity.rank)),
        *_alerts(found),
        *_lists(found),
    ]
    return "\n".join(parts) + "\n"


def _head(found: Audit) -> Iterator[str]:
    counts = found.joined.counts
    yield f"# Audit of {literal(found.result.registry)}"
    yield ""
    yield (
        f"{counted(counts['alerts'], 'deployed alert')} in {counted(found.read, 'file')}, as of "
        f"{found.result.at}."
    )
    yield ""
    yield "| alerts | share | |"
    yield "| ---: | ---: | --- |"
    for name, (number, share) in found.coverage.items():
        yield f"| {number} | {share:.1f}% | {WORDS[name]} |"
    yield f"| {counts['unknown_query']} | | have a query that could not be told |"
    yield f"| {counts['unknown_way']} | | have no routing that was read |"


def _findings(found: Audit, shown: list[Diagnostic]) -> Iterator[str]:
    owners = found.owners()
    groups: dict[str, list[Diagnostic]] = {}
    for one in shown:
        groups.setdefault(owners.get(one.entity or ("", ""), ""), []).append(one)
    for owner, ones in groups.items():
        yield ""
        yield f"## {literal(owner) or 'The routing itself'}"
        yield ""
        for one in ones:
            place = code(f"{one.primary.location.file}:{one.primary.at.start.line}")
            level = f"**{one.severity.value}** {one.code}"
            yield f"- {level}, {place}: {literal(one.message)}. {literal(one.help)}"


def _alerts(found: Audit) -> Iterator[str]:
    made = table(found)
    places = [made.headings.index(name) for name in _SHOWN]
    yield ""
    yield "## Every alert"
    yield ""
    yield f"| {' | '.join(_SHOWN)} |"
    yield "|" + " --- |" * len(_SHOWN)
    for row in made.rows:
        yield f"| {' | '.join(literal(row[place]) for place in places)} |"


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
    yield f"{totals}; stage {literal(found.result.stage)}, time zones {found.result.tzdata}."


REPORTER = AuditReporter("md", render)
