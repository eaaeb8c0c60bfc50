"""VictorOps (Splunk On-Call): users and teams, as its public API gives them.

Its rotations and policies are not read: an answer about them is said to be not read.
"""

from collections.abc import Iterator, Sequence

from registry.deployed.model import Deployed, Group, NotRead, PagerUser, Skipped, Where
from registry.deployed.reader import Reader
from registry.source.foreign import Value

_OWN = frozenset({"_selfUrl", "_teamUrl", "_membersUrl", "_policiesUrl", "_adminsUrl"})
_LISTS = ("users", "members")


def recognizes(document: Value) -> bool:
    """Whether a document is an answer of VictorOps's API."""
    return any(not _OWN.isdisjoint(one.fields or {}) for one in _parts(document))


def read(name: str, found: Sequence[Value]) -> Deployed:
    """Read the users and teams of every answer in a file."""
    users: dict[str, PagerUser] = {}
    teams: dict[str, Group] = {}
    not_read: list[NotRead] = []
    members = 0
    for document in found:
        members += sum(one.string("username") is not None for one in document.each("members"))
        for one in _records(document):
            where = Where(name, one.at)
            login, slug = one.string("username"), one.string("slug")
            if login:
                names = filter(None, (one.string("firstName"), one.string("lastName")))
                users[login] = PagerUser(login, where, " ".join(names), one.string("email"))
            elif slug:
                teams[slug] = Group(slug, where, one.string("name") or "")
            else:
                not_read.append(
                    NotRead(where, "an answer of VictorOps about neither users nor teams")
                )
    left = {
        "answers that hold nothing": not (users or teams or not_read or members),
        "members of teams that the file does not name": members,
    }
    return Deployed(
        users=tuple(users.values()),
        groups=tuple(teams.values()),
        not_read=tuple(not_read),
        skipped=tuple(Skipped(name, what, int(number)) for what, number in left.items() if number),
    )


def _parts(document: Value) -> Iterator[Value]:
    yield document
    yield from document.items or ()


def _records(document: Value) -> Iterator[Value]:
    """Yield each user and team: of a list, or the answer itself; members have no address."""
    if document.items is not None:
        yield from document.items
    elif not any(document.get(key) is not None for key in _LISTS):
        yield document
    for one in document.each("users"):
        yield from one.items if one.items is not None else (one,)


READER = Reader("victorops", "victorops", "VictorOps's users and teams", recognizes, read)
