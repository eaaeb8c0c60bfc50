"""What a rule of an audit sees: the registry, and what is deployed joined to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from registry.audit.differs import not_compared
from registry.audit.directory import PeopleDirectory
from registry.audit.join import Audited, Row
from registry.audit.rotas import DeployedRota, rotas
from registry.checks.rule import Context
from registry.clock.civil import instant
from registry.deployed.model import Where
from registry.diagnostic import Diagnostic, Label
from registry.model.metrics import Alert
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace


class AuditContext(Context):
    """All that a rule of an audit may ask of; `audited` is what is deployed.

    `directory` says who works here; None where that was not asked.
    """

    room: ClassVar[str] = "audit"

    def __init__(  # noqa: PLR0913 - a context, and what is deployed
        self,
        workspace: Workspace,
        policy: Policy,
        at: datetime,
        audited: Audited,
        directory: PeopleDirectory | None = None,
        tz: str | None = None,
    ) -> None:
        super().__init__(workspace, policy, at, tz)
        self.audited = audited
        self.directory = directory

    def rotas(self) -> tuple[DeployedRota, ...]:
        """Hold each of the pager's schedules against the registry's that it is bound to."""
        return tuple(rotas(self.workspace, self.audited.deployed, instant(self.at)))

    def not_compared(self, row: Row) -> tuple[str, ...]:
        """Name the fields of a row's alert, as the registry has it, that nothing can be held to."""
        declared = row.registry_alert
        return not_compared(row, self.workspace.all(Alert)[declared] if declared else None)

    def whole(self, file: str) -> Where:
        """Return the place of a whole file."""
        return Where(file)

    def found_at(  # noqa: PLR0913 - one finding has that many parts
        self,
        where: Where,
        entity: tuple[str, str],
        message: str,
        help: str,  # noqa: A002 - the diagnostic's own word
        *,
        related: Iterable[Label] = (),
        distinguish: str = "",
        says: str = "",
    ) -> Diagnostic:
        """Report a fault in a deployed file; `entity` is what a waiver calls what it is about."""
        return Diagnostic(
            self.code, message, where.label(says), help, tuple(related), entity, None, distinguish
        )
