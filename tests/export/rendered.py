"""Markdown as a browser gets it: rendered with HTML let through, then read as HTML."""

from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt

ALLOWED = frozenset(
    {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "em", "code", "pre", "a", "br",
     "table", "thead", "tbody", "tr", "th", "td"}
)  # fmt: skip


class Rendered(HTMLParser):
    """What a page shows and does: its text, tags, links and attributes."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.comments: list[str] = []
        self.parts: list[str] = []
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
        self.close()

    @property
    def text(self) -> str:
        """The text that is shown, blanks joined."""
        return " ".join("".join(self.parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [unquote(value or "") for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.tags.add(f"!{decl}")

    def handle_pi(self, data: str) -> None:
        self.tags.add(f"?{data}")

    def unknown_decl(self, data: str) -> None:
        self.tags.add(f"![{data}")


def assert_harmless(markdown: str) -> Rendered:
    """Check that a page has no tag but those of plain text, and leads nowhere odd."""
    found = Rendered(markdown)
    assert found.tags <= ALLOWED, found.tags - ALLOWED
    assert found.attributes <= {("a", "href"), ("ol", "start"), ("th", "style"), ("td", "style")}
    assert all(one.startswith(" opmodel export ") for one in found.comments)
    for target in found.links:
        outward = target.startswith(("https://", "http://", "mailto:"))
        assert outward or ":" not in target.partition("#")[0], target
        assert not target.startswith(("//", "\\"))
    for mark in ("{{", "{%", "{#", "${", "#{", "<%", "%("):
        assert mark not in markdown
    return found
