"""`diff` for a person at a terminal: a line each, the gravest first."""

from collections.abc import Iterator

from registry.clock.words import date_and_time
from registry.compare.difference import RegistryDifference
from registry.compare.facts import facts
from registry.compare.report._summary import notes, summary, title, told_of
from registry.compare.sentence import Id, Name, Sentence
from registry.output.style import BOLD, painted
from registry.output.terminal import brief, escape


def render(
    found: RegistryDifference, zone: str, tz: str | None = None, *, color: bool = False
) -> str:
    """Lay the facts out under their headings; days are told in `zone`, hours in `tz` or their own.

    Of a heading with very many facts the first are shown, but all of the gravest.
    """
    days = f"{date_and_time(found.start, zone)} – {date_and_time(found.end, zone)} {zone}"
    lines = [painted(BOLD, escape(title(found)), on=color), days, *map(escape, summary(found)), ""]
    for heading, told in facts(found, tz):
        lines.append(painted(BOLD, heading, on=color))
        lines += _lines(heading, told)
        lines.append("")
    lines += (escape(line) for line in notes(found))
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(heading: str, told: list[Sentence]) -> Iterator[str]:
    shown = told_of(heading, told)
    for sentence in shown:
        line = "".join(map(_shown, sentence))
        # At a line's start, two colons would be a command to a runner of GitHub Actions.
        yield "  " + (line.replace("::", r"\x3a:", 1) if line.startswith("::") else line)
    if len(told) > len(shown):
        yield f"  … and {len(told) - len(shown)} more: `--format json` lists them all"


def _shown(word: str | Id | Name) -> str:
    if isinstance(word, Id):
        return f"`{brief(word.text)}`"
    return brief(word.text) if isinstance(word, Name) else word
