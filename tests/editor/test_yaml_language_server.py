"""The published schemas in an editor: yaml-language-server completes, hovers, and offers no null."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.cli.main import main
from registry.model.fields import fields
from registry.model.sections import SECTIONS
from tests.conftest import ROOT

SERVER = shutil.which("yaml-language-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not on PATH")

SCHEMA = (ROOT / "schemas" / "registry.schema.json").as_uri()
SETTINGS = {"schemas": {SCHEMA: ["*.yaml"]}, "schemaStore": {"enable": False}, "hover": True,
            "completion": True, "validate": True}  # fmt: skip


class Server:
    """One language server, asked over its standard streams."""

    def __init__(self, folder: Path, settings: dict[str, Any] = SETTINGS) -> None:
        self.folder = folder
        self.settings = settings
        self.last = 0
        self.process = subprocess.Popen(
            [str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        able = {"completion": {"completionItem": {"snippetSupport": False}}, "hover": {}}
        self.ask("initialize", processId=os.getpid(), rootUri=folder.as_uri(),
                 workspaceFolders=[{"uri": folder.as_uri(), "name": "ours"}],
                 capabilities={"textDocument": able, "workspace": {"configuration": True}})  # fmt: skip
        self.send(method="initialized", params={})

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        out = self.process.stdout
        assert out is not None
        lines = iter(lambda: out.readline().strip(), b"")
        length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"Content-L"))
        while out.readline().strip():
            pass
        return dict(json.loads(out.read(length)))

    def ask(self, method: str, **params: Any) -> Any:
        self.last += 1
        self.send(id=self.last, method=method, params=params)
        while (message := self.receive()).get("id") != self.last or "method" in message:
            self.answer(message)
        return message.get("result")

    def answer(self, message: dict[str, Any]) -> None:
        """Give the server the settings that it asks for."""
        if "id" in message and "method" in message:
            wanted = (message.get("params") or {}).get("items", [])
            told = [self.settings if one.get("section") == "yaml" else {} for one in wanted]
            self.send(id=message["id"], result=told or None)

    def faults(self, file: Path) -> list[str]:
        """Open a file, and wait for what is underlined in it."""
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": file.read_text("utf-8")}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        while (message := self.receive()).get("method") != "textDocument/publishDiagnostics" or (
            message["params"]["uri"] != uri
        ):
            self.answer(message)
        return [one["message"] for one in message["params"]["diagnostics"]]

    def at(self, method: str, text: str) -> Any:
        """Open a text in which `|` is the cursor, and ask about that place."""
        before, _, after = text.partition("|")
        uri = (self.folder / f"{self.last}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": before + after}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=position)

    def completions(self, text: str) -> dict[str, str]:
        found = self.at("completion", text) or []
        items = found["items"] if isinstance(found, dict) else found
        return {one["label"]: one.get("textEdit", one).get("newText", "") for one in items}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    one = Server(tmp_path_factory.mktemp("editor"))
    yield one
    one.process.kill()
    one.process.communicate()


@pytest.mark.parametrize(
    "text", ["metrics:\n  m:\n    owner: |\n", "people: |\n", "metrics:\n  m:\n    unit: |\n"]
)
def test_null_is_not_offered(server: Server, text: str) -> None:
    assert "null" not in server.completions(text)


def test_words_are_offered(server: Server) -> None:
    assert set(server.completions("metrics:\n  m:\n    bucket: |\n")) == {
        "reliability", "quality", "safety", "cost", "adoption"}  # fmt: skip
    assert "Europe/Berlin" in server.completions("people:\n  p:\n    timezone: |\n")


@pytest.mark.parametrize("section", [name for name, row in SECTIONS.items() if not row.single])
def test_what_is_completed_is_valid(server: Server, section: str) -> None:
    id_ = (SECTIONS[section].ids or ("a",))[0]
    offered = server.completions(f"{section}:\n  {id_}:\n    |\n")
    known = fields(SECTIONS[section].model)
    assert known.keys() <= offered.keys()
    for snippet in offered.values():
        text = re.sub(r"\$\{?[0-9]+:?([^}]*)\}?", r"\1", snippet).replace("\n", "\n    ")
        data = yaml.safe_load(f"{section}:\n  {id_}:\n    {text}\n")
        assert data[section][id_].keys() <= known.keys()


def test_hover_says_what_to_write(server: Server) -> None:
    found = server.at("hover", "metrics:\n  m:\n    ow|ner: ana\n    bucket: cost\n")
    assert "The ONE person who acts on the metric" in found["contents"]["value"]


# -- the page on editors -------------------------------------------------------------------------

WRONG = {
    "metrics.yaml": "metrics:\n  m: {ownr: ana}\n",
    "parcels/alerts.yaml": "alerts:\n  a: {metrc: m}\n",
    "policies/mine.yaml": "extnds: poc\n",
    "scenarios/night.yaml": "night: {titel: At night}\n",
    "opmodel-baseline.yaml": "format: opmodel.baseline.v1\nentrys: []\n",
    "deployed/rules.yaml": "groups: []\n",
    "evals/case.yaml": "input: hello\n",
}
"""Files of a registry, each with a fault that only its own schema knows; the last two are none."""


def _begun(folder: Path) -> Path:
    root = folder / "operations"
    assert main(["init", str(root), "--stage", "pilot"]) == 0
    assert main(["schema", "-o", str(root / "schemas")]) == 0
    return root


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], Server]]:
    started: list[Server] = []

    def start(settings: dict[str, Any]) -> Server:
        started.append(Server(tmp_path, {"schemaStore": {"enable": False}, **settings}))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


SOUND = ("opmodel.yaml", "metrics.yaml", "policies/ours.yaml")


def test_first_lines_lead_to_the_schemas(
    tmp_path: Path, told: Callable[[dict[str, Any]], Server]
) -> None:
    root = _begun(tmp_path)
    server = told({"validate": True})
    for file in (root / name for name in SOUND):
        assert server.faults(file) == []
        wrong = file.with_stem(f"{file.stem}-wrong")
        wrong.write_text(file.read_text("utf-8") + "peple: {}\n", "utf-8")
        assert server.faults(wrong) == ["Property peple is not allowed."]


def test_settings_of_the_page_lead_to_the_schemas(
    tmp_path: Path, told: Callable[[dict[str, Any]], Server]
) -> None:
    """Those of VS Code, in files without a first line."""
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    block = page.partition("```json\n")[2].partition("```")[0]
    root = _begun(tmp_path)
    for file in root.rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").partition("\n")[2], "utf-8")
    server = told({"validate": True, "schemas": json.loads(block)["yaml.schemas"]})
    assert [name for name in SOUND if server.faults(root / name)] == []
    for name, text in WRONG.items():
        file = root / "more" / name if name == "metrics.yaml" else root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        is_ours = name.partition("/")[0] not in {"deployed", "evals"}
        assert any("is not allowed" in one for one in server.faults(file)) == is_ours, name
