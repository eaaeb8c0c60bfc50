"""Telephone numbers and e-mail addresses in free text: found, and put out of sight.

What leaves the registry for others to read holds neither, unless it is asked for. Numbers of other
kinds (versions, dates, thresholds, addresses of machines) look alike in part, so a number counts as
a telephone's only in a form in which telephone numbers are written.
"""

import re

HIDDEN_EMAIL = "[e-mail hidden]"
HIDDEN_PHONE = "[phone hidden]"

_TWINS = {
    **{0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)},  # full width to ASCII
    **dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-"),
    0xFE6B: "@",
}
"""Look-alikes, each one character for one, so that places stay the same."""

_SHORTEST = 6
"""Characters; no address and no telephone number is shorter."""

_HINT = re.compile(
    r"[@\uff20\ufe6b%\uff05]|[\[(\uff3b\uff08]\s?[aA\uff41\uff21]|\d(?:\D{0,3}\d){6}"
)
"""Quick to look for, and in every text that holds a contact."""
_EMAIL = re.compile(
    r"""(?ix)
    (?<![\w.!#$%&'*+/=?^`{|}~-])
    (?!git@)                                   # where code is fetched from, and nobody's inbox
    (?:"[^"\n@]{1,64}"|[\w.!#$&'*+/=?^`{|}~%-]{1,64}?)
    (?:\ ?[\[(]\ ?at\ ?[\])]\ ?|@|%40)
    [^\W_](?:[\w-]{0,62}\.){1,8}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,63})
    (?![\w-])
    """
)
_GAP = "[ ().\\-/\u00ad\u200b-\u200f\u2060\ufeff]"
_PHONE = re.compile(
    rf"""(?ix)
    (?P<says>\b(?:tele)?phone|\btel|\bmobile|\bcell|\bhandy|\bfax)?
    (?(says)(?:\ (?:no|nr|number)\b)?[\W_]{{0,4}})
    (?<![\w.,+]) (?P<number>
      \+\d(?:{_GAP}{{0,3}}\d){{7,14}}                      # +44 20 7946 0018, +49 (0)151 2345678
    | 00[1-9]\d{{0,2}}(?:{_GAP}{{1,2}}\d{{1,8}}){{2,6}}      # 0044 20 7946 0018
    | 00[1-9]\d{{9,13}}
    | \(0\d{{1,5}}\){_GAP}{{0,2}}\d(?:{_GAP}?\d){{4,9}}    # (0151) 234 567 89
    | 0[1-9](?P<by>[ .-])\d\d(?:(?P=by)\d\d){{3}}           # 01 23 45 67 89
    | 0[1-9]\d{{1,4}}[ /-]{{1,3}}\d(?:{_GAP}?\d){{5,9}}    # 020 7946 0018, 0151/23456789
    | 0[1-9]\d{{8,10}}                                     # 015123456789
    | (?:1[-. ])?(?:\([2-9]\d\d\)\ ?|[2-9]\d\d[-.])\d{{3}}[-.]\d{{4}}  # (555) 123-4567
    | (?(says)\d(?:{_GAP}?\d){{6,14}}|(?!))                # phone: 7946 0018
    ) (?!\w|[.,]\d)
    """
)
_THOUSANDS = re.compile(r"\+\d{1,3}(?:[ .]000)+")


def hide_contacts(text: str) -> str:
    """Return the text with each telephone number and e-mail address replaced by a word for it."""
    if len(text) < _SHORTEST or not _HINT.search(text):
        return text
    addresses = [found.span() for found in _EMAIL.finditer(_plain(text))]
    text = _cut(text, addresses, HIDDEN_EMAIL)
    numbers = [
        found.span("number")
        for found in _PHONE.finditer(_plain(text))
        if not _THOUSANDS.fullmatch(found["number"])
    ]
    return _cut(text, numbers, HIDDEN_PHONE)


def _plain(text: str) -> str:
    return text if text.isascii() else text.translate(_TWINS)


def _cut(text: str, spans: list[tuple[int, int]], word: str) -> str:
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += (text[end:start], word)
        end = stop
    return "".join((*parts, text[end:]))
