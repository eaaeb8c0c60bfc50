"""What a rule of an audit sees: the registry, and what is deployed joined to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from registry.audit.directory import PeopleDirectory
from registry.audit.join import Audited
from registry.checks.rule import Context
from registry.deployed.model import Where
from registry.diagnostic import Diagnostic, Label
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace


class AuditContext(Context):
    """All that a rule of an audit may ask of; `audited` is what is deployed.

    `directory` says who works here; None where that was not asked.
    """

    room: ClassVar[str] = "audit"

    def __init__(
        self,
        workspace: Workspace,
        policy: Policy,
        at: datetime,
        audited: Audited,
        directory: PeopleDirectory | None = None,
    ) -> None:
        super().__init__(workspace, policy, at)
        self.audited = audited
        self.directory = directory

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
