"""Hold recorded traces against a registry: what is read, counted, and found."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.checks.engine import run_rules
from registry.checks.result import Result
from registry.diagnostic import Diagnostic
from registry.model.metrics import Metric
from registry.model.people import Person, Role
from registry.model.reference import names
from registry.model.telemetry import Telemetry
from registry.paging.charge import Charges
from registry.traces.context import TracesContext
from registry.traces.duck import Duck
from registry.traces.engine import Ask, itself
from registry.traces.facts import TraceFacts
from registry.traces.reading import read
from registry.traces.recording import Recording
from registry.traces.spend import Spending
from registry.traces.wanted import wanted
from registry.workspace.open import Opened
from registry.workspace.options import Options
from registry.workspace.workspace import Workspace


class CheckedTraces(NamedTuple):
    """What the traces of some files show, with the findings."""

    result: Result
    facts: TraceFacts
    spending: Spending
    workspace: Workspace

    @property
    def recording(self) -> Recording:
        """What was read."""
        return self.facts.recording

    @property
    def is_partial(self) -> bool:
        """Whether no span was read, or not all: then nothing is said to be fine."""
        return not self.recording.spans or bool(self.recording.unread)

    def owner(self, found: Diagnostic) -> str | None:
        """Return the id of whoever a finding falls to; None where nobody is known."""
        return None if found.entity is None else owner_of(self.workspace, *found.entity)


def check(  # noqa: PLR0913
    opened: Opened,
    paths: Sequence[str],
    options: Options,
    folder: str,
    by: tuple[str, ...] = (),
    ask: Ask = itself,
) -> CheckedTraces:
    """Read files of traces and run the rules about them, as of `options.at`.

    What is read becomes tables in `folder`, which is the caller's to remove; spending can be split
    by the fields `by`, besides those of budgets. `ask` hands the tables to the engine that answers;
    without one they answer by themselves. Raises CannotRunError for a file that cannot be opened,
    and for a code that is no rule's.
    """
    workspace = opened.workspace
    tables = Duck(folder)
    recording = read(paths, wanted(workspace, by), tables)._replace(store=ask(tables))
    facts = TraceFacts(recording)
    spending = Spending(recording, workspace, repeats=facts.repeats)
    context = TracesContext(
        workspace, opened.policy, options.at, facts, spending, options.tz
    )  # fmt: skip
    return CheckedTraces(run_rules(opened, options, context, {}), facts, spending, workspace)


def owner_of(workspace: Workspace, section: str, id_: str) -> str | None:
    """Return whoever owns an entity, or answers for its row.

    A field has no owner of its own: it falls to the owner of the first metric that is computed
    from it or split by it. What is about the record as a whole falls to the first who approved the
    telemetry policy.
    """
    if workspace.has(section, id_):
        charge = Charges(workspace).of(section, id_)
        named = charge.owner or charge.accountable
        if named is not None:
            return named.via
    metrics: Mapping[str, Metric] = workspace.all(Metric)
    for metric in metrics.values() if section == "fields" else ():
        if id_ in metric.fields or id_ in metric.slices:
            return next(iter(names(metric.owner)), None)
    approved = [who for one in workspace.all(Telemetry).values() for who in one.approved_by]
    known = {*workspace.all(Person), *workspace.all(Role)}
    return next((who for who in approved if who in known), None)
