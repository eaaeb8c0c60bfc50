"""Runbooks as pages: what to do, joined with who is paged, why, and what can be switched off.

One page a runbook, and an index. Nothing here depends on the hour: a schedule is shown with all who
take turns on it, and who of them is on call is what `opmodel who` answers; a deputy has the days on
which they stand in, until those are over. A page says where something is not written down, so that
nobody looks for it at night.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from registry.export.edition import NOTHING, Edition, file_names
from registry.export.exporter import Publisher
from registry.export.pages._paged import notified, paged, reached, steps
from registry.model.cadence import Dashboard
from registry.model.failures import Failure
from registry.model.metrics import Alert
from registry.model.runbooks import KillSwitch, Runbook, SwitchUse
from registry.output.markdown import Resolve, bullets, code_block, document, external, link, table
from registry.source.links import slug
from registry.source.prose import Passage, ProseBlock, prose
from registry.workspace.names import NOT_READ, declared

MARK = "<!-- opmodel export runbooks: made from the registry; edit that, not this page -->"
INDEX = "index.md"


def build(edition: Edition, form: str) -> Mapping[str, bytes]:  # noqa: ARG001 - one form
    """Write a page for each runbook, in the files' order, and the index first."""
    runbooks = dict(declared(edition.workspace, Runbook))
    files = file_names(runbooks)
    pages = {INDEX: document(_index(edition, runbooks, files))}
    for id_, runbook in runbooks.items():
        pages[files[id_]] = document(_Page(edition, id_, runbook, files).lines())
    return pages


def _index(
    edition: Edition, runbooks: Mapping[str, Runbook | None], files: Mapping[str, str]
) -> Iterator[str]:
    yield from (MARK, f"# Runbooks of {edition.literal(edition.workspace.manifest.name)}")
    yield from edition.warnings()
    used = edition.roster.graph.alerts_by_runbook
    rows = [
        (
            link(_title(edition, id_, one), files[id_]),
            edition.ids(used.get(id_, ())) or "*none*",
            edition.owner(one.owner) if one else edition.rich(NOT_READ),
            (str(one.reviewed) if one and one.reviewed else "*never*"),
        )
        for id_, one in runbooks.items()
    ]
    headings = ("runbook", "alerts that use it", "owner", "reviewed")
    yield from table(headings, rows) if rows else ("", "The registry has no runbooks.")
    bare = [id_ for id_, one in edition.workspace.all(Alert).items() if one.runbook is None]
    if bare:
        yield from ("", "Alerts without a runbook:", *bullets(map(edition.id, bare)))


def _title(edition: Edition, id_: str, runbook: Runbook | None) -> str:
    return edition.literal((runbook.title if runbook else None) or id_)


class _Page:
    """One runbook's page; a runbook that failed to load has one too, which says so."""

    def __init__(
        self, edition: Edition, id_: str, runbook: Runbook | None, files: Mapping[str, str]
    ) -> None:
        self.edition = edition
        self.workspace = edition.workspace
        self.id = id_
        self.runbook = runbook
        self.files = files
        used = edition.roster.graph.alerts_by_runbook.get(id_, ())
        self.alerts = {one: self.workspace.all(Alert)[one] for one in used}
        self.resolve: Resolve = self._page_of
        passages = self._passages()
        self.intro = [one for one in passages if one.title in {"", runbook and runbook.title}]
        self.rest = [one for one in passages if one not in self.intro]

    def lines(self) -> Iterator[str]:
        yield from (MARK, f"# {_title(self.edition, self.id, self.runbook)}", "")
        if self.runbook is None:
            yield self.edition.rich(NOT_READ)
        else:
            yield from self.blocks(self.intro)
            yield from self.facts(self.runbook)
            yield from self.edition.unread(Runbook, self.id)
        yield from ("", "## Who is paged", "")
        for id_, alert in self.alerts.items():
            yield from paged(self.edition, id_, alert)
        if not self.alerts:
            read = " that could be read" if self.workspace.may_hide(self.id) else ""
            yield f"No alert{read} uses this runbook."
        if self.runbook is not None:
            yield from self.response(self.runbook)
        yield from self.dashboards()
        yield from self.contacts()
        yield from ("", link("All runbooks", INDEX))

    def facts(self, runbook: Runbook) -> list[str]:
        edition = self.edition
        facts = [f"**Id**: {edition.id(self.id)}", f"**Owner**: {edition.owner(runbook.owner)}"]
        if runbook.url:
            facts.insert(0, f"**Kept at**: {external(runbook.url, runbook.url)}")
        if runbook.covers:
            facts.append(f"**Covers**: {edition.ids(runbook.covers)}")
        facts.append(f"**Reviewed**: {runbook.reviewed or '*never*'}")
        return bullets(facts)

    # -- what to do ----------------------------------------------------------------------------

    def response(self, runbook: Runbook) -> Iterator[str]:
        if runbook.is_elsewhere:
            address = external(runbook.url or "", runbook.url or "")
            yield from ("", f"What to do stands at {address}; none of it is kept here.")
            yield from self.escalation(runbook)
            return
        yield from self.listed("First checks", runbook.first_checks, "1.")
        yield from ("", "## Hypotheses", "")
        told = [
            f"If {self.rich(one.condition)}, check {self.rich(one.check)}"
            + (f"; compare {self.rich(one.compare)}" if one.compare else "")
            + (f"; then {self.rich(one.then)}" if one.then else "")
            for one in runbook.hypotheses
        ]
        yield from bullets(told) if told else [NOTHING]
        yield from self.mitigations(runbook)
        yield from self.escalation(runbook)
        yield from self.listed("Rollback", runbook.rollback)
        yield from self.listed("Communication", runbook.communicate)
        yield from self.listed("Resolved when", runbook.resolved_when)
        yield from self.phases(runbook)
        for passage in self.rest:
            if not _is_escalation(passage):
                yield from ("", f"## {self.rich(passage.title)}", "", *self.blocks([passage]))

    def listed(self, title: str, items: Iterable[str], mark: str = "-") -> list[str]:
        shown = [self.rich(item) for item in items]
        return ["", f"## {title}", "", *(bullets(shown, mark) if shown else [NOTHING])]

    def rich(self, text: str) -> str:
        return self.edition.rich(text, self.resolve)

    def phases(self, runbook: Runbook) -> Iterator[str]:
        if runbook.steps:
            yield from ("", "## Phases", "")
        for phase in runbook.steps:
            within = f" within {phase.within}" if phase.within else ""
            yield from (
                "",
                f"**{phase.phase.capitalize()}**{within}",
                *bullets(map(self.rich, phase.do)),
            )

    def escalation(self, runbook: Runbook) -> Iterator[str]:
        yield from ("", "## Escalation", "")
        target = runbook.escalate_to
        if target is None:
            yield NOTHING
        elif self.workspace.has("escalations", target):
            yield from (f"Start {self.edition.id(target)}:", *steps(self.edition, target))
        else:
            yield f"Call {reached(self.edition, target)}."
        yield from self.blocks([one for one in self.rest if _is_escalation(one)])

    # -- switches ------------------------------------------------------------------------------

    def mitigations(self, runbook: Runbook) -> Iterator[str]:
        yield from ("", "## Mitigation", "")
        told = [
            self.rich(one) if isinstance(one, str) else f"Flip {self.flip(one.switch)}."
            for one in runbook.mitigations
        ]
        yield from bullets(told) if told else [NOTHING]
        own = {one.switch for one in runbook.mitigations if isinstance(one, SwitchUse)}
        others = [id_ for id_ in self.switches if id_ not in own]
        if others:
            flips = ", ".join(map(self.flip, others))
            yield from ("", f"A failure that these alerts detect is also contained by {flips}.")
        for id_ in self.switches:
            yield from self.switch(id_)

    def flip(self, switch: str) -> str:
        return link(self.edition.id(switch), f"#{slug(f'Kill switch {switch}')}")

    @cached_property
    def switches(self) -> tuple[str, ...]:
        """The switches of the mitigations, then those that contain what an alert here detects."""
        mitigations = self.runbook.mitigations if self.runbook else ()
        own = [one.switch for one in mitigations if isinstance(one, SwitchUse)]
        failures = self.workspace.all(Failure).values()
        found = [
            switch
            for failure in failures
            if not self.alerts.keys().isdisjoint(failure.detected_by)
            for switch in failure.contained_by
        ]
        return tuple(dict.fromkeys((*own, *found)))

    def switch(self, id_: str) -> Iterator[str]:
        edition = self.edition
        switch = self.workspace.all(KillSwitch).get(id_)
        yield from ("", f"### Kill switch {edition.id(id_)}")
        if switch is None:
            known = self.workspace.has("kill_switches", id_)
            yield from ("", edition.rich(NOT_READ) if known else "**It does not exist.**")
            return
        scope = ", ".join(f"{key} = {value}" for key, value in switch.scope.items())
        flips = "; ".join(reached(edition, one) for one in switch.operators) or "**nobody**"
        facts = {
            "Does": edition.rich(switch.action) if switch.action else "",
            "Effect": switch.effect,
            "Acts on": ", ".join(
                filter(None, (edition.ids(switch.disables), edition.literal(scope)))
            ),
            "Who may flip it": flips,
            "Flag": edition.id(switch.flag) if switch.flag else "",
            "Takes effect within": switch.takes_effect_within or "*not written down*",
            "Restore": edition.rich(switch.restore) if switch.restore else "*not written down*",
            "Drilled": switch.drilled or "*never*",
            "Owner": edition.owner(switch.owner),
        }
        yield from bullets(f"**{name}**: {value}" for name, value in facts.items() if value)
        yield from edition.unread(KillSwitch, id_)

    # -- dashboards and prose ------------------------------------------------------------------

    def dashboards(self) -> Iterator[str]:
        yield from ("", "## Dashboards", "")
        metrics = {alert.metric for alert in self.alerts.values()}
        shown = [
            self.dashboard(id_, board)
            for id_, board in self.workspace.all(Dashboard).items()
            if not metrics.isdisjoint(board.metrics)
        ]
        yield from bullets(shown) if shown else ["No dashboard shows the metrics of these alerts."]

    def dashboard(self, id_: str, board: Dashboard) -> str:
        edition = self.edition
        name = external(id_, edition.text(board.url)) if board.url else edition.id(id_)
        audience = f" for {edition.who(board.audience)}" if board.audience else ""
        return f"{name}{audience}, owned by {edition.owner(board.owner)}"

    def contacts(self) -> Iterator[str]:
        """List how to reach everybody whom this page names as paged, called or an operator."""
        called = [alert.escalation for alert in self.alerts.values() if alert.escalation]
        called += [self.runbook.escalate_to] if self.runbook and self.runbook.escalate_to else []
        ids = [one for target in called for one in notified(self.edition, target)]
        switches = self.workspace.all(KillSwitch)
        ids += [one for id_ in self.switches if id_ in switches for one in switches[id_].operators]
        people = dict.fromkeys(person for one in ids for person in self.edition.reached.people(one))
        ways = [(person, self.edition.contacts(person)) for person in people]
        told = [f"{self.edition.who(person)}: {way}" for person, way in ways if way]
        if told:
            yield from ("", "## How to reach them", *bullets(told))

    def _page_of(self, target: str) -> str | None:
        """Find the page of the runbook that a relative link leads to."""
        file = self.workspace.file_of("runbooks", self.id)
        path, hash_, _ = target.partition("#")
        if ":" in target or (not path and hash_):
            return None
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        found = (
            name
            for id_, name in self.files.items()
            if self.workspace.file_of("runbooks", id_) == wanted and wanted.endswith(".md")
        )
        return next(found, None)

    def _passages(self) -> list[Passage]:
        file = self.workspace.file_of("runbooks", self.id)
        source = self.workspace.sources.files.get(file)
        return list(prose(source.data)) if source and file.endswith(".md") else []

    def blocks(self, passages: Iterable[Passage]) -> Iterator[str]:
        for block in (block for passage in passages for block in passage.blocks):
            yield from self.block(block)

    def block(self, block: ProseBlock) -> list[str]:
        if block.kind == "code":
            return code_block(self.edition.text(block.text))
        if block.kind == "item":
            return [f"{'  ' * (block.depth - 1)}- {self.rich(block.text)}"]
        return ["", self.rich(block.text), ""]


def _is_escalation(passage: Passage) -> bool:
    return passage.title.strip().rstrip(":").casefold() == "escalation"


PUBLISHER = Publisher("runbooks", "a page a runbook: what to do, who is paged, what to switch off",
                      build, ("md",), folder=True)  # fmt: skip
