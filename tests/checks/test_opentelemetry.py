"""The table of OpenTelemetry attribute names: generated, checked for drift, held to the models."""

import ast
import importlib.metadata
import re
from pathlib import Path

import pytest
import yaml

from registry.checks.opentelemetry import SENSITIVE, TABLE, conventions, sensitive

PACKAGE = "opentelemetry-semantic-conventions"
_SUCCESSOR = re.compile(r"`([a-z0-9_]+(?:\.[a-z0-9_]+)+)`")


def _generate() -> str:
    """Build the table from the installed package's sources; nothing of it is imported."""
    files = [
        Path(str(file.locate()))
        for file in importlib.metadata.files(PACKAGE) or ()
        if re.search(r"semconv/(_incubating/)?attributes/\w+_attributes\.py$", str(file))
    ]
    schemas = next(
        Path(str(file.locate()))
        for file in importlib.metadata.files(PACKAGE) or ()
        if str(file).endswith("semconv/schemas.py")
    )
    version = re.findall(r"schemas/([0-9.]+)", schemas.read_text("utf-8"))[-1].rstrip(".")
    rows: dict[str, str] = {}
    for file in files:
        for target, name, text in _constants(ast.parse(file.read_text("utf-8"))):
            rows.setdefault(name, "")
            if text.startswith("Deprecated:") and "Moved to" not in text:
                successors = [one for one in _SUCCESSOR.findall(text) if one != name]
                rows[name] = " ->" + "".join(f" {one}" for one in successors)
            elif target.endswith("_TEMPLATE"):
                rows[name] = ".*"
    lines = [name + rest for name, rest in sorted(rows.items())]
    return "\n".join([f"OpenTelemetry semantic conventions {version}", *lines, ""])


def _constants(tree: ast.Module) -> list[tuple[str, str, str]]:
    """List (constant, attribute name, docstring) of a generated module."""
    found = []
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Constant):
            continue
        doc = after.value if isinstance(after, ast.Expr) else None
        text = str(doc.value).strip() if isinstance(doc, ast.Constant) else ""
        if isinstance(node.target, ast.Name):
            found.append((node.target.id, str(node.value.value), text))
    return found


def test_table_is_current(update: bool) -> None:
    text = _generate()
    if update:
        Path(TABLE).write_text(text, "utf-8")
    assert Path(TABLE).read_text("utf-8") == text


def test_known_names() -> None:
    known = conventions()
    assert re.fullmatch(r"1\.[0-9]+\.[0-9]+", known.version)
    assert known.defines("gen_ai.request.model")
    assert known.defines("session.id")
    assert known.defines("http.request.header.content-type")
    assert not known.defines("http.request.header")
    assert not known.defines("gen_ai.system")
    assert known.deprecated["gen_ai.system"] == ("gen_ai.provider.name",)
    assert known.deprecated["gen_ai.completion"] == ()
    assert "copilot" not in known.namespaces


def test_sensitive_names_are_the_conventions_own() -> None:
    head, *lines = Path(SENSITIVE).read_text("utf-8").splitlines()
    known = conventions()
    assert known.version in head
    assert lines == sorted(lines)
    for line in lines:
        kind, name = line.split()
        assert kind in {"content", "personal"}
        assert known.defines(name.replace("*", "any")) or name in known.deprecated, name
        assert sensitive(name.replace("*", "any")) == kind


def test_what_the_conventions_warn_of_is_sensitive() -> None:
    """An attribute that "contains sensitive (PII) information" by its own note is in the table."""
    warned = re.compile(r"contains sensitive \([^)]*PII[^)]*\)|could contain PII", re.I)
    files = (str(file.locate()) for file in importlib.metadata.files(PACKAGE) or ())
    texts = [Path(file).read_text("utf-8") for file in files if file.endswith("_attributes.py")]
    named = {
        name
        for text in texts
        for _, name, said in _constants(ast.parse(text))
        if warned.search(" ".join(said.split()))
    }
    assert len(named) >= 2
    assert {name for name in named if sensitive(name) is None} == set()


@pytest.mark.parametrize(
    "name",
    ["gen_ai.response.model", "gen_ai", "user", "user.hash", "db.query.parameter", "x.user.id"],
)
def test_what_is_not_sensitive(name: str) -> None:
    assert sensitive(name) is None


@pytest.mark.corpus
@pytest.mark.parametrize("release", ["v1.36.0", "v1.41.0"])
def test_agrees_with_the_model_files(corpus: Path, release: str) -> None:
    """Every gen_ai attribute that a release defines is known now: defined, or deprecated."""
    folder = corpus / f"open-telemetry+semantic-conventions@{release}" / "model" / "gen-ai"
    names = set()
    for path in folder.rglob("registry*.yaml"):
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            names |= {one["id"] for one in group.get("attributes", ()) if "id" in one}
    assert len(names) > 20
    known = conventions()
    unknown = {name for name in names if not known.defines(name) and name not in known.deprecated}
    assert unknown == set()
