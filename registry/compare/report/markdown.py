"""`diff` as the summary at the top of a pull request: headings and bullets, the gravest first."""

from collections.abc import Iterator

from registry.clock.words import date_and_time
from registry.compare.difference import RegistryDifference
from registry.compare.facts import facts
from registry.compare.report._summary import notes, summary, title, told_of
from registry.compare.sentence import Id, Name, Sentence
from registry.output.bounded import BOUND, ROOM_FOR_MORE, Item, size, within
from registry.output.markdown import literal, quoted, sentence


def render(found: RegistryDifference, zone: str, tz: str | None = None) -> str:
    """Write the facts as a page of a bounded size; see the human form for the parameters."""
    days = f"{date_and_time(found.start, zone)} – {date_and_time(found.end, zone)} {zone}"
    head = [f"## {literal(title(found))}", literal(days)]
    head += (f"**{literal(line)}**" for line in summary(found))
    foot = list(map(literal, notes(found)))
    items = [
        Item(heading, text) for heading, told in facts(found, tz) for text in _items(heading, told)
    ]
    room = BOUND - size(*head, *foot) - ROOM_FOR_MORE
    return "\n\n".join([*head, *within(items, len(items), room, _more), *foot]) + "\n"


def _items(heading: str, told: list[Sentence]) -> Iterator[str]:
    shown = told_of(heading, told)
    for fact in shown:
        yield "".join(map(_shown, fact))
    if len(told) > len(shown):
        yield _more(len(told) - len(shown))


def _more(number: int) -> str:
    return f"… and {number} more: `opmodel diff` with `--format json` lists them all"


def _shown(word: str | Id | Name) -> str:
    if isinstance(word, Id):
        return quoted(word.text)
    return sentence(word.text) if isinstance(word, Name) else word
