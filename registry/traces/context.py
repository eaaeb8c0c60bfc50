"""What a rule about traces sees: the registry, and what a record shows."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from registry.checks.rule import Context
from registry.diagnostic import Diagnostic, Label
from registry.model.format import MANIFEST
from registry.model.telemetry import Telemetry
from registry.span import Location
from registry.wording import listed
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace

_ID = re.compile(r"[0-9A-Fa-f-]{8,64}")

if TYPE_CHECKING:
    from registry.traces.facts import TraceFacts
    from registry.traces.spend import Spending


class TracesContext(Context):
    """All that a rule about traces may ask of."""

    room: ClassVar[str] = "traces"

    def __init__(  # noqa: PLR0913 - a context, and what was recorded
        self,
        workspace: Workspace,
        policy: Policy,
        at: datetime,
        facts: "TraceFacts",
        spending: "Spending",
        tz: str | None = None,
    ) -> None:
        super().__init__(workspace, policy, at, tz)
        self.facts = facts
        self.spending = spending

    @property
    def unless_unread(self) -> str:
        """What a sentence about absence ends with, where a part of the files was not read."""
        return ", unless in what was not read" if self.facts.recording.unread else ""

    def undeclared(
        self, section: str, id_: str, message: str, help: str, distinguish: str = ""  # noqa: A002
    ) -> Diagnostic:  # fmt: skip
        """Report something recorded that stands in no file: at the telemetry policy, else the name.

        A waiver calls it `section/id_`.
        """
        where = Location(MANIFEST, ("name",))
        for id_of in self.workspace.all(Telemetry):
            where = self.workspace.locate("telemetry", id_of, (), "key")
        return Diagnostic(
            self.code, message, Label(where), help, (), (section, id_), None, distinguish
        )


def share(count: int, total: int) -> str:
    """Say how many of how many, with the share; one that is not all is never called 100%."""
    percent = 100 * count / total if total else 0.0
    shown = f"{percent:.1f}"
    if count < total and shown == "100.0":
        shown = "99.9"
    if count and shown == "0.0":
        shown = "below 0.1"
    return f"{count} of {total} ({shown}%)"


def in_traces(examples: Iterable[str]) -> str:
    """Name some traces as examples, for the end of a sentence; nothing where there are none."""
    names = tuple(examples)
    if not names:
        return ""
    return f", as in {'the traces' if len(names) > 1 else 'the trace'} {listed(names)}"


def shown_id(trace: str) -> str:
    """Show the id of a trace; what is no id, and may be anything, by its digest."""
    if _ID.fullmatch(trace):
        return trace
    return digest(trace)


def digest(text: str) -> str:
    """Stand for a text that is not told: the same for the same text."""
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
