"""A sentence about a change: our own words, and those of strangers, told apart."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from registry.wording import counted


class Id(NamedTuple):
    """An id, or what is written in the registry: a stranger's, to be shown as code."""

    text: str


class Name(NamedTuple):
    """A name of a person, a path or a message: a stranger's, to be shown as text."""

    text: str


Word = str | Id | Name
"""A piece of a sentence; a plain text is ours."""

Sentence = tuple[Word, ...]


class Fact(NamedTuple):
    """One fact, under one of the headings of `HEADINGS`."""

    heading: str
    sentence: Sentence


def row(words: Iterable[Word], joint: str = " and ") -> Sentence:
    """Put words in a row as a sentence does: a, b and c."""
    *most, last = words
    found: list[Word] = []
    for number, word in enumerate(most):
        found += [", ", word] if number else [word]
    return (*found, joint, last) if found else (last,)


def ids(found: Sequence[str]) -> Sentence:
    """List ids, all of them, as code."""
    return row([Id(one) for one in found])


def numbered(found: Sequence[str], noun: str) -> Sentence:
    """List ids with their noun, and how many they are where one would have to count."""
    many = f" ({counted(len(found), noun)})" if len(found) > 3 else ""
    return (*ids(found), many)
