"""The published schemas in an editor: yaml-language-server completes, hovers, and offers no null."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.last = 0
        self.process = subprocess.Popen(
            [str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        able = {"completion": {"completionItem": {"snippetSupport": False}}, "hover": {}}
        self.ask("initialize", processId=os.getpid(), rootUri=None,
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
            if "id" in message and "method" in message:
                wanted = (message.get("params") or {}).get("items", [])
                told = [SETTINGS if one.get("section") == "yaml" else {} for one in wanted]
                self.send(id=message["id"], result=told or None)
        return message.get("result")

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
