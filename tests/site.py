"""Whether every link of a built site leads somewhere in it: `python -m tests.site FOLDER`.

The generator asks this of links between pages; this asks it of what it wrote, the theme's own links
and files among them. Nothing is fetched: of an address elsewhere only the form is looked at.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

LEADS = {
    "a": "href",
    "link": "href",
    "img": "src",
    "script": "src",
    "source": "src",
    "form": "action",
}


class Link(NamedTuple):
    """Where an element of a page leads, and whether a browser fetches it by itself."""

    target: str
    is_fetched: bool


class Page(HTMLParser):
    """A page: its links, and the ids that links may name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.anchors = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        target = given.get(LEADS.get(tag, ""))
        if target is not None and given.get("rel") not in {"canonical", "prev", "next"}:
            self.links.append(Link(target, tag not in {"a", "form"}))


def faults(site: Path) -> list[str]:
    """List what is wrong with the links of the pages of a built site, each with its page."""
    pages = {one.resolve(): Page(one.read_text("utf-8")) for one in sorted(site.rglob("*.html"))}
    if not pages:
        return [f"{site}: no page"]
    return [
        f"{path.relative_to(site.resolve())}: {link.target}: {fault}"
        for path, page in pages.items()
        for link in page.links
        if (fault := _fault(path, link, pages))
    ]


def _fault(page: Path, link: Link, pages: dict[Path, Page]) -> str:
    scheme, host, path, _, fragment = urlsplit(link.target)
    if scheme or host:
        if link.is_fetched and scheme != "data":
            return "fetched from elsewhere"
        return "" if scheme == "data" or (scheme == "https" and "." in host) else "no address"
    target = (page.parent / unquote(path)).resolve() if path else page
    if not target.is_file():
        return "no such file"
    known = pages[target].anchors if target in pages else {""}
    return "" if unquote(fragment) in known else "no such place in it"


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]))
    print("\n".join(found) or "every link leads somewhere")
    sys.exit(bool(found))
