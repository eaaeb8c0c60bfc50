"""Which Unicode scripts a text mixes, and whether that may deceive its reader.

The sets that may stand together are those of Unicode Technical Standard #39, section 5.2: Japanese,
Chinese and Korean beside Latin ("highly restrictive"), and Latin beside one script none of whose
letters pass for Latin ones ("moderately restrictive"). A text is looked at word by word, so that an
English term in a Russian title is no fault.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_TOGETHER = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
_LIKE_LATIN = frozenset({"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC", "LISU"})
"""Scripts with letters that pass for Latin ones."""

_NAMES = {"CJK": "HAN", "HALFWIDTH": "KATAKANA", "FULLWIDTH": "LATIN"}
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
_CYRILLIC = "АВЕЅІЈКМНОРСТУХҮԚԜЗабеѕіјкорсухһԁԛԝүзѵɡ"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυιγκχτω"
LOOKALIKES = frozenset(_CYRILLIC + _GREEK)
"""Cyrillic and Greek letters that are drawn like Latin letters or digits (UTS #39)."""


_OTHERS = re.compile(rb"[\xca-\xe1\xe3-\xff]|\xe2(?!\x80)")
"""Where UTF-8 may spell a letter of another script: from U+0280 on, but for U+2000 to U+203F."""


def is_latin(data: bytes) -> bool:
    """Whether UTF-8 has no letters but Latin ones, as far as a glance can tell."""
    return data.isascii() or not _OTHERS.search(data)


def mixed_scripts(text: str) -> tuple[str, ...]:
    """Name the scripts that `text` mixes in a way that may deceive, Latin first; else nothing.

    Deceiving is a word in scripts that do not stand together, and a word wholly of letters that
    pass for Latin ones where no other letter of its script shows that it is none.
    """
    if text.isascii():
        return ()
    for word in _WORD.findall(text):
        scripts = _scripts(word)
        if not _stand_together(scripts, word):
            return _named(scripts)
    scripts = _scripts(text)
    foreign = [char for char in text if _script(char) not in {None, "LATIN"}]
    alone = len(foreign) == 1 and "GREEK" in scripts  # as in "α release"
    if "LATIN" in scripts and foreign and LOOKALIKES.issuperset(foreign) and not alone:
        return _named(scripts)
    return ()


def _stand_together(scripts: frozenset[str], word: str) -> bool:
    if len(scripts) < 2 or any(scripts <= together for together in _TOGETHER):
        return True
    if len(scripts) > 2 or "LATIN" not in scripts:
        return False
    if "GREEK" in scripts:
        return LOOKALIKES.isdisjoint(word)
    return not scripts & _LIKE_LATIN


def _scripts(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(_script, text)))


def _script(char: str) -> str | None:
    """Tell a letter's script by the first word of its name; None for what belongs to none."""
    if char.isascii():
        return "LATIN" if char.isalpha() else None
    if unicodedata.category(char) not in _LETTERS:
        return None
    script = unicodedata.name(char, "").split(" ", 1)[0].split("-", 1)[0]
    return _NAMES.get(script, script) if script not in _COMMON else None


_COMMON = frozenset({"", "MICRO", "MATHEMATICAL", "MODIFIER", "FEMININE", "MASCULINE", "DOUBLE"})
"""First words of the names of letters that all scripts share."""


def _named(scripts: frozenset[str]) -> tuple[str, ...]:
    others = sorted(script.capitalize() for script in scripts - {"LATIN"})
    return ("Latin", *others) if "LATIN" in scripts else tuple(others)
