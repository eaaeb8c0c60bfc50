"""`diff` as the summary at the top of a pull request: headings and bullets, the gravest first."""

from collections.abc import Iterator

from registry.clock.words import date_and_time
from registry.compare.difference import RegistryDifference
from registry.compare.facts import facts
from registry.compare.report._summary import MOST, notes, summary, title
from registry.compare.sentence import Id, Name, Sentence
from registry.output.markdown import bullets, document, literal, quoted, sentence


def render(found: RegistryDifference, zone: str, tz: str | None = None) -> str:
    """Write the facts as a page; see the human form for the parameters."""
    days = f"{date_and_time(found.start, zone)} – {date_and_time(found.end, zone)} {zone}"
    lines = [f"## {literal(title(found))}", "", literal(days)]
    for line in summary(found):
        lines += ["", f"**{literal(line)}**"]
    for heading, told in facts(found, tz):
        lines += ["", f"### {heading}", *bullets(_items(told))]
    for line in notes(found):
        lines += ["", literal(line)]
    return document(lines).decode("utf-8")


def _items(told: list[Sentence]) -> Iterator[str]:
    for fact in told[:MOST]:
        yield "".join(map(_shown, fact))
    if len(told) > MOST:
        yield f"… and {len(told) - MOST} more: `opmodel diff` with `--format json` lists them all"


def _shown(word: str | Id | Name) -> str:
    if isinstance(word, Id):
        return quoted(word.text)
    return sentence(word.text) if isinstance(word, Name) else word
