"""The site made of these pages: `sphinx-build -nW docs build`.

The pages are written to be read as they stand, on GitHub and in an editor. Two things are put in
for the site alone: the contents at the side, which are the links of `index.md`, and the address of
the repository, for links that lead out of this folder.
"""

import os
import re

from sphinx.application import Sphinx

project = "opmodel"
html_title = "opmodel"
extensions = ["myst_parser"]
exclude_patterns = ["first-team"]  # registries that pages show, with runbooks in Markdown
myst_heading_anchors = 6  # each heading has the anchor that GitHub gives it
# What GitHub would show as it stands is no markup here.
myst_disable_syntax = ["myst_role", "myst_target", "myst_line_comment", "myst_block_break"]
html_theme = "furo"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
smartquotes = False
highlight_language = "none"  # a block without a language is what a command prints
REPOSITORY = os.environ.get("GITHUB_REPOSITORY", "OWNER/opmodel")


def contents(index: str) -> str:
    """Write the contents at the side: a group a heading of the index, a page a link."""
    groups = re.findall(r"(?ms)^## ([^\n]+)\n(.*?)(?=^## |\Z)", index)
    return "".join(
        "\n".join(["", "```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""])
        for title, text in groups
        if (pages := re.findall(r"(?m)^- \[[^]\n]+\]\(([\w-]+)\.md\)", text))
    )


def prepare(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put the contents into the index, and whole addresses into links that leave the folder."""
    text = source[0].replace("](../", f"](https://github.com/{REPOSITORY}/blob/main/")
    source[0] = text + contents(text) if page == "index" else text


def setup(app: Sphinx) -> None:
    """Have each page prepared when it is read."""
    app.connect("source-read", prepare)
