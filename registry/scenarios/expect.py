"""What a scenario expects, held against what follows: each expectation that is not met, and why.

Nothing is taken for met that cannot be told: somebody is only who surely is, and nobody is only
where nothing that did not load can hide anybody.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry.clock.words import delay
from registry.model.people import Person
from registry.model.runbooks import KillSwitch
from registry.model.scenario import Expect, ExpectedPage
from registry.paging.pager import Place
from registry.scenarios.scene import COMMANDER, Scene, SentPage, length
from registry.span import KeyPath
from registry.wording import quoted

_SHOWN = 4
"""Pages that a reason lists."""


class Unmet(NamedTuple):
    """An expectation that is not met: its path, what happens instead, and what decided that."""

    path: KeyPath
    reason: str
    because: Place | None = None


def unmet(expect: Expect, scene: Scene) -> Iterator[Unmet]:
    """Yield what of an expectation is not met, in the order of its fields."""
    held = _HeldExpectations(expect, scene)
    for check in (
        held.fires, held.pages, held.paged, held.not_paged, held.second, held.skills,
        held.told, held.read_by, held.reaches, held.runbook, held.switches,
        held.accountable, held.commander,
    ):  # fmt: skip
        yield from check()


class _HeldExpectations:
    def __init__(self, expect: Expect, scene: Scene) -> None:
        self.expect = expect
        self.scene = scene

    def fires(self) -> Iterator[Unmet]:
        wanted, scene = self.expect.fires, self.scene
        if wanted is None:
            return
        actual = scene.firing.alerts
        if set(wanted) != set(actual):
            instead = _each(wanted) or "nothing"
            told = f"fires {_each(actual)}, not {instead}"
            reason = told if actual else f"{instead} does not fire: {scene.nothing()}"
            yield Unmet(("fires",), reason, scene.place)
        elif scene.firing.doubts:
            yield Unmet(("fires",), _unknown(scene.firing.doubts), scene.place)

    def pages(self) -> Iterator[Unmet]:
        scene = self.scene
        if self.expect.pages == "somebody" and not scene.reaches_somebody:
            reason = f"nobody is surely paged: {scene.nothing()}"
            if not scene.named:
                reason = f"nobody is paged: {scene.nothing()}"
            yield Unmet(("pages",), reason, scene.place)
        if self.expect.pages == "nobody":
            first = next((page for page in scene.sent if page.people), None)
            if first is not None:
                be = "is" if first.turn is None else "may be"
                reason = f"{_each(first.named)} {be} paged, through `{first.via}`"
                yield Unmet(("pages",), reason, first.place)
            elif scene.unsure_pages:
                yield Unmet(("pages",), _unknown(scene.unsure_pages), scene.place)

    def paged(self) -> Iterator[Unmet]:
        for index, page in enumerate(self.expect.paged):
            alike = [one for one in self.scene.sent if _is_it(one, page)]
            if any(all(_meets(one, page) for one in group) for group in self.scene.choices):
                continue
            if any(_reaches(one, page) for one in alike):
                others = _each(one.via for one in self.scene.sent if one.turn == alike[0].turn)
                reason = _unknown([f"one of {others} is paged, in turn"])
                yield Unmet(("paged", index), reason, alike[0].place)
            elif alike:
                yield Unmet(("paged", index), _fails(alike[0], page), alike[0].place)
            else:
                yield Unmet(("paged", index), self.instead(page), self.closest(page))

    def closest(self, page: ExpectedPage) -> Place | None:
        sent = self.scene.sent
        same = [one for one in sent if page.after is None or one.after == length(page.after)]
        return (same or sent)[0].place if sent else self.scene.place

    def instead(self, page: ExpectedPage) -> str:
        named = [f"`{page.person}`"] if page.person else []
        named += [f"through `{page.via}`"] if page.via else []
        wanted = " ".join(named) if page.person else " ".join(["somebody", *named])
        when = f" after {page.after}" if page.after is not None else ""
        sent = self.scene.sent
        if not sent:
            return f"{wanted} is not paged{when}: {self.scene.nothing()}"
        found = "; ".join(
            f"{delay(one.after)} {_each(one.named) or 'nobody'} through `{one.via}`"
            for one in sent[:_SHOWN]
        )
        more = f" and {len(sent) - _SHOWN} more" if len(sent) > _SHOWN else ""
        return f"{wanted} is not paged{when}; pages go to: {found}{more}"

    def not_paged(self) -> Iterator[Unmet]:
        for index, name in enumerate(self.expect.not_paged):
            path: KeyPath = ("not_paged", index)
            page = next((one for one in self.scene.sent if self.scene.stands_for(name, one)), None)
            if page is not None and page.people:
                be = "is" if page.turn is None else "may be"
                reason = f"`{name}` {be} paged after {delay(page.after)}"
                yield Unmet(path, reason, page.place)
            elif self.scene.unsure_pages:
                yield Unmet(path, _unknown(self.scene.unsure_pages), self.scene.place)

    def second(self) -> Iterator[Unmet]:
        limit, scene = self.expect.second_person_within, self.scene
        if limit is None:
            return
        # Whoever may be reached alone, by whichever pages are sent.
        lonely = {frozenset[str]()}
        for choices in scene.choices:
            chosen = {one.union(page.reached) for one in lonely for page in choices}
            lonely = {people for people in chosen if len(people) < 2}
            if not lonely:
                if choices[0].after > length(limit):
                    reason = f"a second person is reached only after {delay(choices[0].after)}"
                    yield Unmet(("second_person_within",), reason, choices[0].place)
                return
        only = min(lonely, key=sorted)
        reason = (
            f"only {_each(only)} is reached" if only else f"nobody is reached: {scene.nothing()}"
        )
        yield Unmet(("second_person_within",), reason, scene.place)

    def skills(self) -> Iterator[Unmet]:
        """Hold whom the first pages reach against the skills, of which one is enough."""
        wanted, scene = self.expect.responder_skills, self.scene
        if not wanted:
            return
        first = next((page for page in scene.sent if page.reached), None)
        if first is None:
            reason = f"nobody is paged: {scene.nothing()}"
            yield Unmet(("responder_skills",), reason, scene.place)
            return
        same = [group for group in scene.choices if group[0].after == first.after]
        if not any(all(self._is_able(page, wanted) for page in group) for group in same):
            people = [id_ for group in same for page in group for id_ in page.reached]
            lacks = "has" if all(len(group) == 1 for group in same) else "may be one who has"
            reason = f"{_each(people)} is paged first, and {lacks} none of the skills"
            yield Unmet(("responder_skills",), f"{reason} {_each(wanted)}", first.place)

    def _is_able(self, page: SentPage, wanted: Iterable[str]) -> bool:
        """Whether a page reaches somebody with one of the skills."""
        known = self.scene.workspace.all(Person)
        found = {
            one.casefold() for id_ in page.reached if id_ in known for one in known[id_].skills
        }
        return not found.isdisjoint(skill.casefold() for skill in wanted)

    def told(self) -> Iterator[Unmet]:
        for index, name in enumerate(self.expect.told):
            if name not in self.scene.told:
                others = self.scene.told
                why = f"told are {_each(others)}" if others else self.scene.nothing()
                yield Unmet(("told", index), f"`{name}` is not told: {why}", self.scene.place)

    def read_by(self) -> Iterator[Unmet]:
        for index, name in enumerate(self.expect.read_by):
            if name not in self.scene.readers:
                others = self.scene.readers
                why = f"{_each(others)} reads it" if others else self.scene.nothing()
                reason = f"`{name}` does not read of it: {why}"
                yield Unmet(("read_by", index), reason, self.scene.place)

    def reaches(self) -> Iterator[Unmet]:
        scene = self.scene
        if self.expect.reaches == "somebody" and not (scene.reaches_somebody or scene.readers):
            yield Unmet(("reaches",), f"it reaches no person: {scene.nothing()}", scene.place)
        if self.expect.reaches == "nobody":
            found = (*scene.named, *scene.readers)
            if found:
                yield Unmet(("reaches",), f"it reaches {_each(found)}", scene.place)
            elif scene.unsure_reach:
                yield Unmet(("reaches",), _unknown(scene.unsure_reach), scene.place)

    def runbook(self) -> Iterator[Unmet]:
        wanted, answers = self.expect.runbook, self.scene.answers
        actual = tuple(one.runbook.id for one in answers if one.runbook)
        if wanted is None or wanted in actual:
            return
        reason = f"no runbook applies, `{wanted}` neither: {self.scene.nothing()}"
        if answers:
            why = "; ".join(dict.fromkeys(one.no_runbook for one in answers if one.no_runbook))
            reason = f"the runbook is not `{wanted}`: {why}"
        if actual:
            reason = f"the runbook is {_each(actual)}, not `{wanted}`"
        yield Unmet(("runbook",), reason, self.scene.place)

    def switches(self) -> Iterator[Unmet]:
        known, answers = self.scene.workspace.all(KillSwitch), self.scene.answers
        applies = [switch for one in answers for switch in one.kill_switches]
        actual = tuple(one.id for one in applies if one.id in known)
        for index, name in enumerate(self.expect.switches):
            if name in actual:
                continue
            has = f"there are {_each(actual)}" if actual else "there is none"
            has = has if answers else self.scene.nothing()
            why = next((one.but for one in applies if one.id == name), None) or has
            reason = f"the switch `{name}` does not apply: {why}"
            yield Unmet(("switches", index), reason, self.scene.place)

    def accountable(self) -> Iterator[Unmet]:
        wanted, actual = self.expect.accountable, self.scene.accountable
        if wanted is None:
            return
        doubt = self.scene.unsure_accountable
        if doubt is not None:
            yield Unmet(("accountable",), _unknown([doubt]), self.scene.place)
        elif wanted not in actual:
            has = f"{_each(actual)} answers for it" if actual else "nobody answers for it"
            yield Unmet(("accountable",), f"{has}, not `{wanted}`", self.scene.place)

    def commander(self) -> Iterator[Unmet]:
        wanted, scene = self.expect.commander, self.scene
        named = [one for one in scene.commanders if one.people]
        if wanted == "somebody" and not any(one.reached for one in named):
            buts = [one.doubt or _but(one) for one in named]
            what = "; ".join(buts) or "; ".join(scene.unsure_commander) or (
                "nobody is on call for it" if scene.commanders else f"no role covers `{COMMANDER}`"
            )  # fmt: skip
            place = scene.commanders[0].place if scene.commanders else None
            yield Unmet(("commander",), f"nobody commands: {what}", place)
        if wanted == "nobody" and named:
            yield Unmet(("commander",), f"{_each(named[0].named)} commands", named[0].place)
        elif wanted == "nobody" and scene.unsure_commander:
            yield Unmet(("commander",), _unknown(scene.unsure_commander))


def _unknown(doubts: Iterable[str]) -> str:
    return f"cannot be told: {'; '.join(doubts)}"


def _is_it(sent: SentPage, page: ExpectedPage) -> bool:
    """Whether a page that goes out is the one that is expected, be it to nobody who hears it."""
    return (
        (page.after is None or sent.after == length(page.after))
        and (page.person is None or page.person in sent.named)
        and (page.via is None or page.via == sent.via)
        and bool(sent.people)
    )


def _meets(sent: SentPage, page: ExpectedPage) -> bool:
    return _is_it(sent, page) and _reaches(sent, page)


def _reaches(sent: SentPage, page: ExpectedPage) -> bool:
    return page.person in sent.reached if page.person else bool(sent.reached)


def _fails(sent: SentPage, page: ExpectedPage) -> str:
    """Say what a page that goes out as expected fails on."""
    if sent.doubt is not None:
        return _unknown([sent.doubt])
    return f"the page after {delay(sent.after)} fails: {_but(sent, page.person)}"


def _but(sent: SentPage, person: str | None = None) -> str:
    return "; ".join(
        f"`{one.id}` {one.but}" for one in sent.people if one.but and person in {None, one.id}
    )


def _each(names: Iterable[str]) -> str:
    """List ids in backticks, each once, and all of them."""
    return quoted(dict.fromkeys(names), " and ")
