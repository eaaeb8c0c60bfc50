"""How a deployed alert differs from the registry's alert that it stands for.

Only what is certain counts, and what the registry's alert does not set differs in nothing.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from registry.audit.owners import TYING, OwnerSources
from registry.deployed.model import DeployedAlert, folded
from registry.deployed.promql.compared import compared, milliseconds, window
from registry.model.cadence import Budget
from registry.model.metrics import Alert, When
from registry.model.oncall import Escalation
from registry.model.people import Role
from registry.model.runbooks import Runbook
from registry.workspace.workspace import Workspace

if TYPE_CHECKING:
    from registry.audit.join import Row

BUDGET = "opmodel_budget"
"""An annotation that names the budget of the registry which a rule warns of."""

_SIGNS = {"above": (">", ">="), "below": ("<", "<=")}
_PAGED = frozenset({"escalations", "schedules", "people", "roles"})


class Difference(NamedTuple):
    """A field of the registry's alert, what it declares, and what is deployed; None: nothing."""

    field: str
    declared: str
    deployed: str | None


class Drift:
    """Compares the deployed alerts with those of a registry."""

    def __init__(self, workspace: Workspace, claims: OwnerSources) -> None:
        self.workspace = workspace
        self.claims = claims

    def of(self, row: "Row") -> tuple[Difference, ...]:
        """Tell every difference of an alert, in the order of the registry's fields."""
        declared = self.workspace.all(Alert).get(row.registry_alert or "")
        if declared is None:
            return ()
        failed = self.workspace.failed_fields.get(("alerts", row.registry_alert or ""), ())
        found = (
            *_severity(row, declared), *_response(row, declared), *self._paged(row, declared),
            *(() if self._is_of_budget(row) else _condition(row.alert, declared.when)),
            *self._runbook(row, declared),
            *self._owner(row),
        )  # fmt: skip
        return tuple(one for one in found if one.field.partition(".")[0] not in failed)

    def _is_of_budget(self, row: "Row") -> bool:
        """Whether it warns of a budget whose alert it is sent as: at a share of the limit."""
        text = row.alert.annotations.get(BUDGET)
        budget = self.workspace.all(Budget).get(text.value) if text is not None else None
        return budget is not None and budget.alert == row.registry_alert

    # -- whom it pages -------------------------------------------------------------------------

    def _paged(self, row: "Row", declared: Alert) -> Iterator[Difference]:
        if declared.escalation is None or declared.response != "page":
            return
        pagers = [one for one in row.stops if one.reached.notifies and one.pages is not False]
        is_told = row.is_sent and row.way.verdict != "unknown"
        if not is_told or any(one.meaning is None for one in pagers):
            return
        meant = self._targets(declared.escalation)
        ids = [one.meaning.id for one in pagers if one.meaning and one.meaning.section in _PAGED]
        paged = {target for id_ in ids for target in self._targets(id_)}
        is_sure = row.way.verdict == "always" and not row.silence.always
        if not meant or (meant == paged if is_sure else not meant.isdisjoint(paged)):
            return
        yield Difference(
            "escalation", declared.escalation, " and ".join(dict.fromkeys(ids)) or None
        )

    def _targets(self, id_: str) -> frozenset[str]:
        """Name whom the first pages to an id reach: people and schedules."""
        escalation = self.workspace.all(Escalation).get(id_)
        if escalation is not None:
            first = (one for step in escalation.steps[:1] for one in step.notify)
            return frozenset(target for one in first if one != id_ for target in self._targets(one))
        role = self.workspace.all(Role).get(id_)
        held = (role.holder or role.schedule) if role is not None else id_
        return frozenset({held}) if held else frozenset()

    # -- the rest ------------------------------------------------------------------------------

    def _runbook(self, row: "Row", declared: Alert) -> Iterator[Difference]:
        meant, text = declared.runbook, row.runbook
        if meant is None or not self.workspace.has("runbooks", meant):
            return
        if text is None:
            yield Difference("runbook", meant, None)
            return
        url, known = self._url(meant), self.workspace.all(Runbook)
        if "{{" in text.value or _leads(text.value, meant, url):
            return
        others = (one for one in known if one != meant)
        is_other = any(_leads(text.value, one, self._url(one)) for one in others)
        if is_other or (url is not None and "://" in text.value):
            yield Difference("runbook", url or meant, text.value)

    def _url(self, id_: str) -> str | None:
        """Return the address of a runbook that is elsewhere."""
        url = getattr(self.workspace.all(Runbook).get(id_), "url", None)
        return None if url is None else str(url)

    def _owner(self, row: "Row") -> Iterator[Difference]:
        said = [one for one in row.claims if one.owner is not None and one.source in TYING]
        mine = next((one.owner for one in said if one.source == "registry"), None)
        others = [one.owner for one in said if one.source != "registry" and one.owner is not None]
        if mine is None or not others:
            return
        if not any(self.claims.is_within(mine, one) for one in others):
            yield Difference("owner", mine.id, others[0].id)


def not_compared(row: "Row", declared: Alert | None) -> tuple[str, ...]:
    """Name the fields that the registry's alert sets, and that cannot be held against the rule."""
    when = declared.when if declared is not None else None
    if when is None:
        return ()
    if row.alert.expr is None or not _is_like(row.alert.expr.value, when):
        return ("when",)
    is_untold = when.over is not None and window(row.alert.expr.value) is None
    return ("when.over",) if is_untold else ()


def _severity(row: "Row", declared: Alert) -> Iterator[Difference]:
    said = row.severity
    if said is None or said.source == "binding" or said.may_be(declared.severity):
        return
    yield Difference("severity", declared.severity, said.text.value)


def _response(row: "Row", declared: Alert) -> Iterator[Difference]:
    if declared.response == "ticket" and any(
        one.pages and one.reached.certain for one in row.stops
    ):
        yield Difference("response", "ticket", "page")


def _condition(alert: DeployedAlert, when: When | None) -> Iterator[Difference]:
    """Compare threshold, window and wait, where the rule is of the kind that the registry says."""
    if when is None or alert.expr is None or not _is_like(alert.expr.value, when):
        return
    yield from _threshold(alert.expr.value, when)
    seen = window(alert.expr.value)
    if when.over is not None and seen is not None and seen != when.over.milliseconds:
        yield Difference("when.over", str(when.over), _length(seen))
    if when.holds_for is not None and alert.system == "prometheus":
        written = alert.wait.value if alert.wait is not None else "0s"
        waits = milliseconds(written)
        if waits is not None and waits != when.holds_for.milliseconds:
            yield Difference("when.for", str(when.holds_for), written)


def _is_like(query: str, when: When) -> bool:
    return when.operators[0] in _SIGNS and compared(query) is not None


def _threshold(query: str, when: When) -> Iterator[Difference]:
    found, name = compared(query), when.operators[0]
    if found is None:
        return
    quantity = getattr(when, name)
    numbers = {quantity.value, quantity.value / 100} if quantity.is_percent else {quantity.value}
    same = any(abs(found.number - one) <= 1e-9 * max(1.0, abs(one)) for one in numbers)
    if found.operator not in _SIGNS[name] or not same:
        yield Difference(f"when.{name}", str(quantity), f"{found.operator} {found.number:g}")


def _length(milliseconds_: int) -> str:
    """Write a length of time in the largest unit that gives a whole number."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds_ % size == 0:
            return f"{milliseconds_ // size}{unit}"
    return f"{milliseconds_}ms"


def _leads(text: str, id_: str, url: str | None) -> bool:
    """Whether a text is a runbook's id or address, or an address that ends with its id."""
    plain = text.strip().rstrip("/")
    if plain == id_ or (url is not None and plain == url.rstrip("/")):
        return True
    return any(folded(one) == folded(id_) for one in _endings(plain))


def _endings(text: str) -> Iterable[str]:
    """Yield what may name a page at the end of an address: its fragment, its last part."""
    path, _, fragment = text.partition("#")
    last = path.partition("?")[0].rstrip("/").rpartition("/")[2]
    for one in (fragment, last):
        yield from (one, one.rpartition(".")[0] or one)
