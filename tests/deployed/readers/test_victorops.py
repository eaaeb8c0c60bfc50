"""VictorOps's public API: by hand, spoilt, and real answers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as when

from registry.deployed.readers.victorops import READER
from registry.source.foreign import documents
from tests.deployed.readers.fuzzed import bears, given, parsed, spoilt, values

USER = {
    "username": "ada",
    "firstName": "Ada",
    "lastName": "Obi",
    "email": "ada@acme.example",
    "_selfUrl": "https://api.example/me",
}
TEAM = {"name": "Search", "slug": "search", "_membersUrl": "https://api.example/members"}


@pytest.mark.parametrize(
    "document",
    [{"users": [USER], "_selfUrl": "x"}, {"users": [[USER]], "_selfUrl": "x"}, [USER], USER],
)
def test_users(document: Any) -> None:
    (user,) = given(READER, document).users
    assert (user.id, user.name, user.email) == ("ada", "Ada Obi", "ada@acme.example")


def test_teams_and_their_members() -> None:
    assert [(one.name, one.title) for one in given(READER, [TEAM]).groups] == [("search", "Search")]
    found = given(READER, {"_teamUrl": "x", "members": [{"username": "ada"}, {"username": "ben"}]})
    assert [one[1:] for one in found.skipped] == [
        ("members of teams that the file does not name", 2)
    ]
    assert found.users == ()


def test_what_is_not_read() -> None:
    found = given(READER, {"schedule": [], "_selfUrl": "x"})
    assert [one.reason for one in found.not_read] == [
        "an answer of VictorOps about neither users nor teams"
    ]
    found = given(READER, {"users": [], "_selfUrl": "x"})
    assert [one[1:] for one in found.skipped] == [("answers that hold nothing", 1)]


@pytest.mark.parametrize(
    "document", [{"users": [{"username": "ada"}]}, [{"slug": "a"}], [], "users"]
)
def test_other_programs_documents(document: Any) -> None:
    assert not any(map(READER.recognizes, parsed(document)))


@pytest.mark.no_cover
@when(spoilt([USER, TEAM]))
def test_a_spoilt_answer(document: Any) -> None:
    bears(READER, document)


@pytest.mark.no_cover
@when(values({"users", "members", "username", "slug", "name", "_selfUrl", "_teamUrl", "email"}))
def test_any_document(document: Any) -> None:
    bears(READER, document)
    bears(READER, {"_selfUrl": "x", "users": document})


@pytest.mark.corpus
def test_every_real_answer(corpus: Path) -> None:
    folder = corpus / "firehydrant+signals-migrator/pager/testdata/TestVictorOps/apiserver"
    counts = {}
    for path in sorted(folder.glob("*.json")):
        assert READER.read is not None
        found = READER.read(
            path.name, [one for one in documents(path.read_bytes()) if READER.recognizes(one)]
        )
        counts[path.name] = {key: len(value) for key, value in found._asdict().items() if value}
    assert counts == {
        "api-public-v1-team-team-rocket-members.json": {"skipped": 1},
        "api-public-v1-team.json": {"groups": 1},
        "api-public-v2-user.json": {"users": 1},
    }
