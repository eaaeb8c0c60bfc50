"""Mistakes that beginners make, each a small registry and a command, and what they then read.

A mistake is a file of `mistakes/`: the command, the files of its folder, and the first lines of
what it answers, which `--update` writes anew. A file's name may be followed by `(utf-16)` or
`(crlf)`, or be a link: `a.yaml -> ../elsewhere.yaml`, to a folder: `teams -> .elsewhere/`.
"""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.txt"))
FIRST = 8
"""Lines of an answer that a beginner reads before they go back to their file."""
_MARK = "--- "


@pytest.mark.no_cover
@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case.stem)
def test_what_a_beginner_reads(case: Path, run: Run, update: bool) -> None:
    command, *rest = case.read_text("utf-8").split(f"\n{_MARK}")
    files = dict(part.split("\n", 1) for part in rest if not part.startswith("answer"))
    for name, text in files.items():
        _write(name, text + "\n" * bool(text))
    ran = run(*command.removeprefix("$ opmodel ").split())
    lines = ran.err.splitlines() + ran.out.splitlines()[:FIRST]
    answer = (
        "\n".join(
            [f"answer {ran.code}", *(line.partition(", horizon ")[0].rstrip() for line in lines)]
        ).rstrip()
        + "\n"
    )
    made = f"\n{_MARK}".join(
        [command, *(f"{name}\n{text}" for name, text in files.items()), answer]
    )
    if update:
        case.write_text(made, "utf-8")
    assert made == case.read_text("utf-8")


def _write(name: str, text: str) -> None:
    name, _, how = name.partition(" ")
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if how.startswith("->"):
        target = how.removeprefix("->").strip()
        path.symlink_to(target)
        if target.endswith("/"):
            Path(target).mkdir(parents=True)
    else:
        text = text.replace("\n", "\r\n") if how == "(crlf)" else text
        path.write_bytes(text.encode("utf-16" if how == "(utf-16)" else "utf-8"))
