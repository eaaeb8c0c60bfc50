"""An audit for scripts: the format `opmodel.audit.v2`, one deployed alert a line."""

from typing import Any

from registry.audit.audit import Audit
from registry.audit.differs import not_compared
from registry.audit.join import Row
from registry.audit.owners import OwnerSource
from registry.audit.reporter import AuditReporter
from registry.deployed.model import Where
from registry.diagnostic import Severity
from registry.model.metrics import Alert
from registry.output.finding import finding
from registry.output.json import dump, rows
from registry.output.style import Style
from registry.workspace.workspace import Workspace

FORMAT = "opmodel.audit.v2"


def render(found: Audit, style: Style) -> str:
    """Write the whole audit, in ASCII; suppressed findings only with `style.show_suppressed`."""
    findings = found.result.diagnostics if style.show_suppressed else found.result.shown
    head = dump(_head(found))
    alerts = rows(_row(one, found.workspace) for one in found.joined.rows)
    falls = found.falls
    diagnostics = rows({**finding(one), "owner": falls.owner(one)} for one in findings)
    return f'{head[:-1]},\n "alerts": {alerts},\n "diagnostics": {diagnostics}}}\n'


def _head(found: Audit) -> dict[str, Any]:
    result, joined = found.result, found.joined
    shares = {
        name: {
            "count": one.number,
            "unknown": one.unknown,
            "percent": None if one.percent is None else round(one.percent, 2),
        }
        for name, one in found.coverage.items()
    }
    return {
        "format": FORMAT,
        "registry": result.registry,
        "stage": result.judged_as,
        "at": result.at,
        "summary": _summary(found),
        "coverage": shares,
        "declared_not_deployed": list(joined.undeployed),
        "deployed_not_declared": [
            {"alert": row.alert.name, **_place(row.alert.where)} for row in joined.undeclared
        ],
        "not_read": [
            {**_place(one.where), "reason": one.reason} for one in joined.deployed.not_read
        ],
        "skipped": [
            {"path": one.file, "what": one.what, "count": one.number}
            for one in joined.deployed.skipped
        ],
    }


def _summary(found: Audit) -> dict[str, Any]:
    result, joined, counts = found.result, found.joined, found.joined.counts
    return {
        "files": found.read,
        "alerts": counts["alerts"],
        "routers": len(joined.deployed.routers),
        "servers": len(joined.deployed.senders),
        "receivers": len(joined.destinations),
        "unknown_queries": counts["unknown_query"],
        "unknown_ways": counts["unknown_way"],
        "not_read": len(joined.deployed.not_read),
        "horizon": result.horizon,
        "tzdata": result.tzdata,
        "holidays": result.holidays,
        **{severity.value: result.count(severity) for severity in Severity},
        "suppressed": len(result.suppressed),
        "baselined": len(result.baselined),
    }


def _row(row: Row, workspace: Workspace) -> dict[str, Any]:
    alert, owner = row.alert, row.owner
    declared = workspace.all(Alert).get(row.registry_alert or "")
    meaning = owner.owner if owner is not None else None
    return {
        "alert": alert.name,
        "group": alert.group,
        **_place(alert.where),
        "labels": {key: text.value for key, text in alert.labels.items()},
        "receivers": {
            "verdict": row.way.verdict,
            "names": list(row.way.names),
            "because": list(row.way.because),
            "muted_now": [one for one in row.way.names if one in row.muted_now],
        },
        "owner": {"id": meaning.id, "source": owner.source, "weak": owner.is_weak}
        if owner and meaning
        else None,
        "sources": [_claim(one) for one in row.claims],
        "runbook": row.runbook.value if row.runbook is not None else None,
        "registry_alert": row.registry_alert,
        "paged_now": [{"id": one.id, "name": one.name} for one in row.paged_now],
        "query_told": row.told,
        "dropped": row.dropped,
        "loaded": row.alert.unloaded is None,
        "not_loaded_because": row.alert.unloaded,
        "assumes_no_external_labels": row.assumes,
        "severity_source": row.severity.source if row.severity is not None else None,
        "may_be_inhibited_by": list(row.silence.names),
        "may_be_inhibited_by_more": row.silence.more,
        "always_inhibited_by": list(row.silence.always),
        "differs": [one._asdict() for one in row.differs],
        "not_compared": list(not_compared(row, declared)),
    }


def _claim(one: OwnerSource) -> dict[str, Any]:
    return {
        "source": one.source,
        "written": one.written,
        "owner": one.owner.id if one.owner is not None else None,
        **_place(one.where),
    }


def _place(where: Where) -> dict[str, Any]:
    return {"path": where.file, "line": where.at.start.line}


REPORTER = AuditReporter("json", render)
