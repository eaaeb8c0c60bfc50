"""What is read is noted, by whoever reads it, and the classes are afterwards what they were."""

from dataclasses import dataclass
from operator import attrgetter

import pytest

from registry.model.people import Team
from registry.workspace.reads import ANYTHING, Sections, frame, note, shared, unwatched, watching

FIELDS = {Team: {"name": "teams.name", "lead": "teams.lead", "__eq__": "teams:"}}


@pytest.fixture
def team() -> Team:
    return Team(name="T", lead="p")


class Office:
    """Something that several ask, and that knows a team."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.made = 0

    @shared
    def title(self) -> str:
        """Return a name that is made once."""
        self.made += 1
        return f"{self.team.name}!"

    @shared
    def label(self) -> str:
        """Return what rests on another that is made once."""
        return f"{self.title} {self.team.lead}"


def test_each_frame_notes_its_own_first_reads(team: Team) -> None:
    with watching(FIELDS) as is_watching:
        assert is_watching
        with frame() as first:
            assert [team.name, team.name, team.lead] == ["T", "T", "p"]
        with frame() as second:
            assert attrgetter("lead")(team) == "p"
        with frame() as third:
            pass
    assert (first, second, third) == ({"teams.name", "teams.lead"}, {"teams.lead"}, set())


def test_what_is_read_within_is_read_by_whoever_is_around(team: Team) -> None:
    with watching(FIELDS), frame() as outer:
        assert team.name == "T"
        with frame() as inner:
            assert team.name == "T"
            note("=else")
        assert team.lead == "p"
    assert inner == {"teams.name", "=else"}
    assert outer == {"teams.name", "teams.lead", "=else"}


def test_what_is_made_once_is_read_by_all_who_ask(team: Team) -> None:
    office = Office(team)
    with watching(FIELDS):
        with frame() as first:
            assert office.label == "T! p"
        with frame() as second:
            assert office.title == "T!"
        with frame() as third:
            assert [office.label, office.label] == ["T! p", "T! p"]
    assert office.made == 1
    assert first == third == {"teams.name", "teams.lead"}
    assert second == {"teams.name"}


def test_what_was_made_unwatched_may_rest_on_anything(team: Team) -> None:
    office, other = Office(team), Office(team)
    assert office.title == "T!"
    with watching(FIELDS):
        assert other.title == "T!", "outside of any frame nothing is noted"
        with frame() as read:
            assert office.title == "T!"
        with frame() as of_other:
            assert other.title == "T!"
    assert read == {ANYTHING}
    assert of_other == {"teams.name"}


def test_a_second_object_of_a_class_in_one_frame(team: Team) -> None:
    office, other = Office(team), Office(team)
    with watching(FIELDS):
        with frame() as first:
            assert [office.title, other.title] == ["T!", "T!"]
        with frame() as second:
            assert other.title == "T!"
    assert first == {"teams.name"}
    assert second == {ANYTHING}, "what it was made of is known of the first alone"


def test_what_asks_for_all_of_an_entity(team: Team) -> None:
    with watching(FIELDS), frame() as read:
        assert team == Team(name="T", lead="p")
    assert read == {"teams:"}


def test_the_classes_are_what_they_were(team: Team) -> None:
    def state() -> list[object]:
        return [dict(one.__dict__) for one in (Team, Office, Plain)]

    before = state()
    with watching({**FIELDS, Plain: {"kind": "=kind", "size": "=size"}}), frame() as read:
        plain = Plain(3)
        assert [plain.size, plain.kind, Plain.kind, Office.title.func] == [
            3,
            "k",
            "k",
            Office.title.func,
        ]
        with pytest.raises(AttributeError):
            Team.name  # noqa: B018
        with pytest.raises(AttributeError):
            Plain.size  # noqa: B018
    assert read == {"=size", "=kind"}
    assert state() == before
    with pytest.raises(ZeroDivisionError):
        _failing(team)
    assert state() == before


def _failing(team: Team) -> None:
    with watching(FIELDS), frame():
        assert team.name == "T"
        raise ZeroDivisionError


@dataclass(frozen=True)
class Plain:
    """What has a value of its own for its class."""

    size: int
    kind: str = "k"


def test_one_watches_at_a_time(team: Team) -> None:
    with watching(FIELDS), frame() as read:
        with watching(FIELDS) as is_watching:
            assert not is_watching
        assert team.name == "T"
    assert read == {"teams.name"}


def test_what_is_made_meanwhile_is_nobody_s(team: Team) -> None:
    with unwatched():
        assert team.name == "T"
    with watching(FIELDS), frame() as read:
        assert team.lead == "p"
        with unwatched():
            assert [team.name, team.lead] == ["T", "p"]
            assert "name" not in Team.__dict__
        assert read == {"teams.lead"}
        assert team.name == "T"
    assert read == {"teams.lead", "teams.name"}


def test_sections_note_who_takes_them() -> None:
    found = Sections({"teams": 1, "schedules": 2}, {"schedules": ("holidays", "holidays:")})
    assert (found["teams"], found.get("people"), list(found), len(found)) == (
        1,
        None,
        ["teams", "schedules"],
        2,
    )
    with watching({}), frame() as read:
        assert list(found.values()) == [1, 2]
    assert read == {"teams", "schedules", "holidays", "holidays:"}
