"""Assess an organisation by its registry: the eight signs, and the stage that it has reached.

The signs tell a gap in how a system is run from one in its tools. The stage that a registry reaches
is what its files bear out; the one that it declares is what it says of itself.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import registry.assess.signs
from registry.assess.answer import AskedSign, Evidence
from registry.assess.patterns import AskedPattern, patterns
from registry.assess.sign import Inquiry, Sign, SignAnswer, Verdict
from registry.checks.engine import check_opened
from registry.checks.result import Result
from registry.checks.rule import Context
from registry.clock.holidays import holidays_version
from registry.clock.zones import tzdata_version
from registry.diagnostic import Diagnostic, Label, Severity
from registry.model.format import STAGES
from registry.model.sections import SECTIONS
from registry.plugins import catalogue
from registry.workspace.baseline import Baseline
from registry.workspace.open import Opened, policy_at
from registry.workspace.options import Options, in_zone, iso
from registry.workspace.references import dangling
from registry.workspace.workspace import Workspace

TOO_MANY = 3
"""True signs from which on more tooling no longer helps: the figure of the article that named them
("Your AI Observability Problem Is Probably Not Technical", April 2026)."""

PLACES = 3
"""Places of one code that an assessment names; the rest are counted."""

_WRITTEN_FOR_A_STAGE = frozenset({"OM010"})
"""A suppression may silence nothing at a stage for which it was not written."""


class Blocking(NamedTuple):
    """The error findings of one rule at one stage: their number, and the first places."""

    code: str
    name: str
    number: int
    places: tuple[Evidence, ...]


class StageCheck(NamedTuple):
    """What the pack of one stage finds, looking `horizon` ahead: `errors` in all, and by rule."""

    stage: str
    policy: str
    horizon: str
    errors: int
    blocking: tuple[Blocking, ...]


class Assessment(NamedTuple):
    """The whole answer. `at` is ISO 8601 in UTC; `stages` are poc, pilot, production, in order.

    `entities`, `files` and `skipped` keep an answer from passing for more than was read.
    """

    registry: str
    at: str
    tzdata: str
    holidays: str
    entities: int
    files: int
    skipped: int
    declared: str
    signs: tuple[AskedSign, ...]
    patterns: tuple[AskedPattern, ...]
    stages: tuple[StageCheck, ...]
    tz: str | None = None

    @property
    def shown_at(self) -> str:
        """The instant for people: in the zone that was asked for, else in UTC."""
        return in_zone(self.at, self.tz)

    def count(self, verdict: Verdict) -> int:
        """Count the signs of one verdict."""
        return sum(one.verdict is verdict for one in self.signs)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts to count: that a sign does not apply only where one does not."""
        return tuple(one for one in Verdict if one is not Verdict.FOREIGN or self.count(one))

    @property
    def is_operational(self) -> bool:
        """Whether so many signs are true that more tooling will not help."""
        return self.count(Verdict.TRUE) >= TOO_MANY

    @property
    def conclusion(self) -> str:
        """Say what so many true signs mean; empty where there are fewer."""
        if not self.is_operational:
            return ""
        return (
            f"With {TOO_MANY} or more true, another tool will change little: what is missing is "
            "somebody whose task it is to act on what the tools already show."
        )

    @property
    def reached(self) -> str | None:
        """The highest stage whose pack finds no error; None where there is none."""
        return next((one.stage for one in reversed(self.stages) if not one.errors), None)

    @property
    def ahead(self) -> tuple[StageCheck, ...]:
        """The stages above the one that is reached."""
        reached = STAGES.index(self.reached) if self.reached else -1
        return self.stages[reached + 1 :]


@cache
def signs() -> tuple[Sign, ...]:
    """Load every sign, in order. Raises ImportError for a module without `SIGN`."""
    return tuple(sorted(catalogue(registry.assess.signs, "SIGN", Sign), key=lambda one: one.number))


def assess(opened: Opened, options: Options) -> Assessment:
    """Ask an open registry for each sign, and check it with the pack of each stage.

    A user's own pack counts over the built-in one of each stage, so that what it waives or asks
    for besides holds at all of them. A baseline counts at none.
    """
    workspace = opened.workspace
    context = Context(workspace, opened.policy, options.at)
    inquiry = Inquiry(context, _doubtful(opened))
    asked = tuple(_asked(workspace, one, _answer(one, inquiry)) for one in signs())
    checked = {stage: _check(opened, options, stage) for stage in STAGES}
    return Assessment(
        workspace.manifest.name,
        iso(options.at),
        tzdata_version(),
        holidays_version(),
        workspace.count(),
        len(workspace.files),
        workspace.skipped,
        workspace.manifest.stage,
        asked,
        patterns(workspace, asked, checked[STAGES[-1]].shown),
        tuple(_stage(opened, stage, result) for stage, result in checked.items()),
        options.tz,
    )


# -- signs ---------------------------------------------------------------------------------------


def _doubtful(opened: Opened) -> Mapping[str, str]:
    """Say for each section why not all of it counts, as `Inquiry.doubtful`."""
    workspace = opened.workspace
    if workspace.blind or workspace.hidden:
        return dict.fromkeys(SECTIONS, "part of the registry could not be read")
    twice = {one.entity[0] for one in opened.problems if one.code == "OM009" and one.entity}
    unread = {section for section, _ in workspace.failed_fields} | workspace.failed.keys()
    loose = {one.section for one in dangling(workspace)}
    return {
        **{one: f"part of `{one}` refers to what does not exist" for one in loose},
        **{one: f"part of `{one}` stands there twice" for one in twice},
        **{one: f"part of `{one}` could not be read" for one in unread},
    }


def _answer(sign: Sign, inquiry: Inquiry) -> SignAnswer:
    manifest = inquiry.workspace.manifest
    if sign.of_model and not manifest.has_model:
        because = f"a system of the profile {manifest.profile} has no model in it"
        return SignAnswer(Verdict.FOREIGN, because)
    return sign.ask(inquiry)


def _asked(workspace: Workspace, sign: Sign, answer: SignAnswer) -> AskedSign:
    return AskedSign(
        sign.id,
        sign.number,
        sign.title,
        sign.definition,
        answer.verdict,
        workspace.sources.masked(answer.because),
        tuple(_place(workspace, label) for label in answer.evidence),
        workspace.sources.masked(answer.step),
    )


def _place(workspace: Workspace, label: Label) -> Evidence:
    start = workspace.resolve(label.location).start
    entity, _ = workspace.entity_at(label.location)
    message = workspace.sources.masked(label.message)
    return Evidence(message, entity, label.location.file, start.line, start.column)


# -- stages --------------------------------------------------------------------------------------


def _check(opened: Opened, options: Options, stage: str) -> Result:
    policy = policy_at(opened, options, stage)
    nothing = Baseline(opened.baseline.name)  # what is accepted is not reached
    return check_opened(opened._replace(policy=policy, baseline=nothing), options)


def _stage(opened: Opened, stage: str, result: Result) -> StageCheck:
    foreign = stage != opened.workspace.manifest.stage
    errors = [
        one
        for one in result.shown
        if one.severity is Severity.ERROR and not (foreign and one.code in _WRITTEN_FOR_A_STAGE)
    ]
    return StageCheck(stage, result.policy, result.horizon, len(errors), tuple(_blocking(errors)))


def _blocking(errors: Iterable[Diagnostic]) -> list[Blocking]:
    """Group findings by code, the one with the most first."""
    found: dict[tuple[str, str], list[Diagnostic]] = {}
    for one in errors:
        found.setdefault((one.code, one.name), []).append(one)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        Blocking(code, name, len(ones), tuple(map(_evidence, ones[:PLACES])))
        for (code, name), ones in ordered
    ]


def _evidence(found: Diagnostic) -> Evidence:
    at = found.primary
    line, column = at.at.start
    return Evidence(found.message, found.entity, at.location.file, line, column)
