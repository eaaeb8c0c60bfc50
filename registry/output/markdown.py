"""Markdown out of strangers' text: what they wrote is shown, and does nothing.

Every text is escaped for CommonMark, for GitHub and for the template languages that sites of pages
are built with (`{{ }}`, `{% %}`, `${ }`, `<% %>`): no character that could begin any of them is
left bare. Only `http`, `https` and `mailto` become links, and links to pages that are there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from registry.output.terminal import brief, escape
from registry.source.inline import Piece, pieces
from registry.source.text import SUSPICIOUS, describe

Resolve = Callable[[str], str | None]
"""Turns a relative link of a text into the name of a page that is there; None where none is."""

_MARKS = re.compile(r"[\\`*_{}\[\]<>&~$|!#@]|(?<=[{<])%|(?<=%)\(")
_START = re.compile(r"[-+=:]|[0-9]{1,9}(?=[.)])")
_AUTOMATIC = re.compile(r"(?i)(?<=www)\.|(?<!\\):(?=//)")
_CALLING = re.compile(r"\\[@#]")
_PLAIN = re.compile(r"[A-Za-z0-9._/:, -]+")
_PROSE = re.compile(r"(?:(?!www\.)[A-Za-z0-9 ,;.()'\"?/+=-])*", re.IGNORECASE)
"""What means nothing but itself, unless it begins a line: no need to read it as Markdown."""
_TEMPLATED = re.compile(r"\{[{%#]|[}%#]\}|[$#]\{|<%|%>|%\(")
_TARGET = re.compile(
    r"(?i)(?:https?://[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?(?::[0-9]{1,5})?(?:[/?#]{rest})?"
    r"|mailto:[a-z0-9.+_-]{1,64}@[a-z0-9.-]{1,253}(?:\?{rest})?)".replace(
        "{rest}", r"[A-Za-z0-9._~:/?#\[\]@!&'()*+,;=%-]*"
    )
)
_BARE = re.compile(r"(?i)\bhttps?://[^\s<>\"`]+")
_REFERENCE = re.compile(r"&#?[A-Za-z0-9]+;")
_MAIL_GONE = re.compile(r"\[([^\[\]]*)\]\(mailto:\[e-mail hidden\][^()]*\)")


def literal(text: str) -> str:
    """Escape a text so that it reads as it is; what cannot be seen is named, breaks are blanks."""
    line = " ".join(visible(text).split())
    escaped = _MARKS.sub(r"\\\g<0>", line)
    start = _START.match(escaped)
    if start:
        at = start.end() if start[0].isdigit() else 0
        escaped = f"{escaped[:at]}\\{escaped[at:]}"
    return _AUTOMATIC.sub(lambda found: f"&#{ord(found[0])};", escaped)


def code(text: str) -> str:
    """Show an id as code; what is none, such as a name that nothing has, as escaped text."""
    return f"`{text}`" if _PLAIN.fullmatch(text) and text == text.strip() else literal(f"`{text}`")


def sentence(text: str) -> str:
    """Escape a sentence of ours, at most as long as a person would read; quotes are shown as code.

    A host of pull requests tells whoever is named after an `@`, and links what has a `#`, escaped
    or not, but for code: so a blank without width stands behind each of these.
    """
    shown = brief(text)
    parts = shown.split("`")
    if len(parts) % 2 == 0:
        return _inert(shown)
    return "".join(quoted(part) if at % 2 else _stretch(part) for at, part in enumerate(parts))


def _stretch(text: str) -> str:
    """Escape a part of a sentence: the blanks at its ends stay."""
    before, after = (" " if text[at:][:1].isspace() else "" for at in (0, -1))
    return f"{before}{_inert(text)}{after if text.strip() else ''}"


def _inert(text: str) -> str:
    return _CALLING.sub(r"\g<0>&#8203;", literal(text))


def quoted(text: str) -> str:
    """Show a name or a path as code, in which nothing is read; escaped where that cannot be."""
    is_plain = "`" not in text and text == text.strip() != "" and escape(text) == text
    return f"`{text}`" if is_plain and not _TEMPLATED.search(text) else _inert(f"`{text}`")


def safe_target(url: str) -> str | None:
    """Return a link's target if it is one of `http`, `https`, `mailto` and hides nothing.

    None for other schemes, a name or password before the host, characters beyond plain ASCII
    (hosts that only look alike), and whatever a template language or HTML could take for its own.
    """
    return url if _TARGET.fullmatch(url) and len(url) <= 2000 else None


def automatic(text: str) -> str | None:
    """Write a text that is nothing but a safe web address as a link that shows it.

    None for any other text, and for an address in which HTML could read a character of its own.
    """
    is_web = text.lower().startswith(("https://", "http://"))
    is_safe = is_web and safe_target(text) is not None and not _REFERENCE.search(text)
    return f"<{text}>" if is_safe else None


def link(label: str, target: str) -> str:
    """Write a link; `label` is Markdown already, `target` a page's name or a safe target."""
    return f"[{label}](<{target.replace('&', '&amp;')}>)"


def external(label: str, url: str) -> str:
    """Write a link to a stranger's address if it is safe, else the label with the address."""
    shown = automatic(url) if label == url else None
    target = safe_target(url)
    if target is None:
        return f"{literal(label)} ({literal(url)})"
    return shown or link(literal(label), target)


def rich(text: str, resolve: Resolve = lambda _: None) -> str:
    """Write a text in which people may have used Markdown: code, stress and links stay.

    HTML is text, images are links, and a link that may not be one is its text with the target
    behind it. `resolve` finds pages of our own.
    """
    if _PROSE.fullmatch(text):
        return _leading(" ".join(text.split()))
    line = _MAIL_GONE.sub(r"\1 ([e-mail hidden])", " ".join(visible(text).split()))
    closing: list[str] = []
    parts: list[str] = []
    for piece in pieces(line):
        if piece.kind == "end":
            parts.append(closing.pop())
        elif piece.kind in {"strong", "emphasis"}:
            stress = "**" if piece.kind == "strong" else "*"
            parts.append(stress)
            closing.append(stress)
        elif piece.kind == "link":
            before, after = _around(piece.target, resolve)
            parts.append(before)
            closing.append(after)
        else:
            parts.append(_written(piece, in_link=any(one.endswith(")") for one in closing)))
    return _leading("".join(parts))


def _around(target: str, resolve: Resolve) -> tuple[str, str]:
    """Return what stands before and after the text of a link."""
    found = safe_target(target) or resolve(target)
    if found is None:
        return "", f" ({literal(target)})"
    return "[", f"](<{found.replace('&', '&amp;')}>)"


def _written(piece: Piece, *, in_link: bool) -> str:
    if piece.kind == "code":
        return _code_span(piece.text)
    if piece.kind == "image":
        return literal(piece.text) if in_link else external(piece.text or "image", piece.target)
    return _mid(piece.text) if in_link else _linked(piece.text)


def _code_span(text: str) -> str:
    """Keep code as code, unless a template language or a table would read it: then escape it."""
    if _TEMPLATED.search(text) or "`" in text or "|" in text:
        return _mid(f"`{text}`")
    return f"`{text}`" if text.strip() else _mid(text)


def _linked(text: str) -> str:
    """Escape a text, its addresses made links."""
    parts: list[str] = []
    end = 0
    for found in _BARE.finditer(text):
        url = found[0].rstrip(".,;:!?'\"*_)]}")
        if safe_target(url):
            parts += (_mid(text[end : found.start()]), link(_mid(url), url))
            end = found.start() + len(url)
    return "".join((*parts, _mid(text[end:])))


def _mid(text: str) -> str:
    """Escape a stretch within a line: the blanks at its ends stay."""
    escaped = _MARKS.sub(r"\\\g<0>", text)
    return _AUTOMATIC.sub(lambda found: f"&#{ord(found[0])};", escaped)


def _leading(line: str) -> str:
    """Keep a line's first characters from beginning a list, a rule or a heading."""
    line = line.strip()
    start = _START.match(line)
    if not start:
        return line
    at = start.end() if start[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def visible(text: str) -> str:
    """Name each character that nobody can see, as `<U+202E>`."""
    return SUSPICIOUS.sub(lambda found: f"<{describe(found[0])}>", text)


# -- blocks --------------------------------------------------------------------------------------


def code_block(text: str) -> list[str]:
    """Write lines of code; escaped, and with hard breaks, where a template would read them."""
    lines = [visible(line) for line in text.split("\n")]
    if not _TEMPLATED.search(text):
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return ["", fence, *lines, fence, ""]
    shown = [_leading(_mid(line.strip())) for line in lines if line.strip()]
    return ["", *(f"{line}\\" for line in shown[:-1]), *shown[-1:], ""]


def bullets(items: Iterable[str], mark: str = "-") -> list[str]:
    """Write items, Markdown already, as a list; `1.` for `mark` numbers them."""
    return ["", *(f"{mark} {item}" for item in items), ""]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a table of cells that are Markdown already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return ["", *(f"| {' | '.join(line)} |" for line in lines), ""]


def document(lines: Iterable[str]) -> bytes:
    """Join lines to a page: never two empty ones in a row, one line break at the end."""
    return ("\n".join(_tidy(lines)).strip("\n") + "\n").encode("utf-8", "backslashreplace")


def _tidy(lines: Iterable[str]) -> Iterator[str]:
    last = ""
    for line in lines:
        if line or last:
            yield line
        last = line
