"""The findings of an audit as people read them: the gravest first, and one fact but once."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from registry.audit.audit import NOBODY, Audit, name_of
from registry.audit.falls import Falls
from registry.diagnostic import Diagnostic, Severity

_SILENT = frozenset({"OM902", "OM912", "OM914", "OM915", "OM917", "OM918"})
_GRAVEST = ("OM917", "OM902", "OM918", "OM914", "OM915", "OM912", "OM913", "OM930", "OM919",
            "OM901", "OM910", "OM909", "OM904", "OM908", "OM903", "OM911", "OM907")  # fmt: skip
"""Of findings of one severity the first: that nobody hears of it comes before who owns it."""
_PLACES = {code: place for place, code in enumerate(_GRAVEST)}


class Fold(NamedTuple):
    """One fact: the finding that tells it, to whom it falls, and the others that only repeat it.

    `others` are pairs of a name and the owner, in the files' order.
    """

    first: Diagnostic
    owner: str
    others: tuple[tuple[Diagnostic, str], ...]

    @property
    def is_grave(self) -> bool:
        """Whether nothing of it is to be left out: an error, or that nobody hears of an alert."""
        return self.first.severity is Severity.ERROR or self.first.code in _SILENT

    @property
    def rest(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What the other findings are about, by owner: pairs of an owner and the names.

        Of what is grave they have their places, too.
        """
        found: dict[str, list[str]] = {}
        for one, owner in self.others:
            file, line = one.primary.location.file, one.primary.at.start.line
            near = "" if file == self.first.primary.location.file else f"{file}:"
            place = f" ({near}{line})" if self.is_grave else ""
            found.setdefault(owner, []).append(f"{name(one) or one.code}{place}")
        return tuple((owner, tuple(names)) for owner, names in found.items())


def folds(found: Audit, shown: Iterable[Diagnostic]) -> list[Fold]:
    """Return the facts of an audit, by weight."""
    falls, names = found.falls, dict[str | None, str]()
    groups: dict[tuple[str, ...], list[tuple[Diagnostic, str]]] = {}
    for one in sorted(shown, key=lambda one: _weight(falls, one)):
        owner = falls.owner(one)
        if owner not in names:
            names[owner] = NOBODY if owner is None else name_of(found.workspace, owner)
        groups.setdefault(_kind(one), []).append((one, names[owner]))
    return [Fold(*ones[0], tuple(ones[1:])) for ones in groups.values()]


def _weight(falls: Falls, one: Diagnostic) -> tuple[int, int, bool, int]:
    """Order findings: by severity, what they say, alerts that are called critical first."""
    place = _PLACES.get(one.code, len(_PLACES))
    is_about = one.entity is not None and one.entity[0] == "deployed"
    row = falls.row(one) if is_about else None
    is_critical = row is not None and row.severity is not None and row.severity.pages
    return (one.severity.rank, place if place < 3 else 3, not is_critical, place)


def _kind(found: Diagnostic) -> tuple[str, ...]:
    """Tell apart what is more than the same fact about another alert.

    The alert's own name makes no difference, nor does its spelling as an id; where an owner is
    asked for, nor does the registry's alert that a draft made of it.
    """
    own = name(found)
    bare = _bare(own)

    def is_own(quoted: str) -> bool:
        if found.code == "OM901":
            return bool(own) and _bare(quoted).startswith(bare)
        return quoted != own and _bare(quoted) == bare

    def common(text: str) -> str:
        parts = text.replace(f"`{own}`", "", 1).split("`")
        # Every other part is quoted; the last is not where a mark has no partner.
        for place in range(1, len(parts) - 1, 2):
            parts[place] = "" if is_own(parts[place]) else f"`{parts[place]}`"
        if len(parts) % 2 == 0:
            parts[-1] = f"`{parts[-1]}"
        return "".join(parts)

    help_ = found.help or ""
    if own in help_:
        help_ = _without(help_, own)
    help_ = common(help_)
    parts = (found.code, found.severity.value, common(found.message), help_)
    silenced = found.suppressed.reason if found.suppressed else ""
    place = "" if own else f"{found.primary.location.file} {found.primary.at}"
    return (*parts, silenced, place)


def _without(text: str, word: str) -> str:
    """Take a word out wherever it stands for itself.

    No pattern is compiled: each finding has a word of its own.
    """
    kept: list[str] = []
    begin = 0
    at = text.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        if _parts(text, at) and _parts(text, end):
            kept.append(text[begin:at])
            begin = at = end
        else:
            at += 1
        at = text.find(word, at)
    return "".join((*kept, text[begin:]))


def _parts(text: str, at: int) -> bool:
    """Whether a word begins or ends at a place of a text."""
    before, behind = text[at - 1 : at] if at else "", text[at : at + 1]
    return _is_word(before) is not _is_word(behind)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def name(found: Diagnostic) -> str:
    """Name the alert that a finding is about; empty where it is about something else."""
    return found.entity[1] if found.entity is not None and found.entity[0] == "deployed" else ""


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def filled(texts: Iterable[str], columns: int, start: str, *, whole: bool) -> Iterator[str]:
    """Lay names out behind a start, in lines of so many columns; unless `whole`, in one, cut."""
    line = start
    left = list(texts)
    for place, text in enumerate(left):
        more = f" and {len(left) - place} more"
        if len(line) + len(text) + 2 + (0 if whole else len(more)) > columns and line != start:
            if not whole:
                yield line.rstrip(", ") + more
                return
            yield line
            line = " " * (len(start) - len(start.lstrip()))
        line += text if line.endswith(" ") else f" {text}"
        line += "," if place < len(left) - 1 else ""
    yield line
