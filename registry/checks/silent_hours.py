"""What OM306 tells of an escalation that pages at some hours only."""

from collections.abc import Iterator, Sequence

from registry.checks.rule import Context
from registry.clock.words import with_offset
from registry.diagnostic import Diagnostic
from registry.model.oncall import Escalation, Step
from registry.oncall.interval import Interval, difference
from registry.oncall.silence import SilentTimes
from registry.span import KeyPath


def reaches(step: Step) -> str:
    """Say that a step reaches nobody, for certain or by what it may pick."""
    return "may pick one who reaches nobody" if step.is_in_turn else "reaches nobody"


def silent(
    context: Context, id_: str, escalation: Escalation, found: SilentTimes
) -> Iterator[Diagnostic]:
    """Report hours that never open, then when no step, or one of them, reaches anybody."""
    zone = escalation.timezone or context.horizon.known.zone
    places = [place for place, _ in context.places(Escalation, id_, "steps", escalation.steps)]
    for number in found.shut:
        what = f"`{id_}`" if number is None else f"step {number + 1} of `{id_}`"
        at: KeyPath = ("hours",) if number is None else (*places[number], "hours")
        shown = context.tz or zone
        until = with_offset(context.horizon.end, shown)
        message = f"the hours of {what} never open before {until} ({shown})"
        help_ = "correct the hours, or the holidays that close them"
        yield context.finding(Escalation, id_, at, message, help_)
    for place, step in context.places(Escalation, id_, "steps", escalation.steps):
        if not step.notify:
            message = f"step {places.index(place) + 1} of `{id_}` notifies nobody"
            help_ = "name a schedule, a role or a person, or remove the step"
            yield context.missing(Escalation, id_, (*place, "notify"), message, help_)
    what = f"no step of `{id_}` reaches anybody"
    yield from _times(context, id_, (), what, found.whole, zone)
    for number, times in enumerate(found.steps):
        named = escalation.steps[number].notify
        own = list(difference(times, found.whole)) if named else []
        what = f"step {number + 1} of `{id_}` {reaches(escalation.steps[number])}"
        yield from _times(context, id_, (*places[number], "notify"), what, own, zone)


def _times(  # noqa: PLR0913 - where, what and when
    context: Context, id_: str, at: KeyPath, what: str, times: Sequence[Interval], zone: str
) -> Iterator[Diagnostic]:
    for pattern, when in context.horizon.silent(times, zone):
        help_ = "let a step have no hours, or `outside: hold`, or page somebody who is there then"
        message = f"{what} if an alert fires {when}"
        yield context.finding(Escalation, id_, at, message, help_, distinguish=pattern.name)
