"""What changes the text and not the data changes no finding but its position."""

import json
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.checks.engine import check
from registry.checks.result import Result
from registry.diagnostic import Diagnostic
from registry.model.sections import SECTIONS
from registry.source.composer import compose
from registry.workspace.options import Options
from tests.conftest import AT, ROOT

pytestmark = pytest.mark.no_cover

Data = dict[str, Any]

SEEDED: Data = {
    "people": {
        "priya": {"name": "Priya Natarajan", "email": "priya at acme", "until": "2026-11-01"},
        "tom": {"name": "TODO"}, "Tom": {"name": "Tоm", "away": [{"from": "2027-01-02", "to": "2026-12-24"}]},
        "mei": {"name": "Mei Lin", "x-password": "walrus-77-umbrella"},
    },
    "teams": {"assistant": {"name": "Assistant", "lead": "priya", "members": ["priya", "ghost", "TBD"]}},
    "ownership": {"cost": {"accountable": ["priya", "mei"], "team": "asistant"}, "retrieval": {}},
    "metrics": {
        "groundedness": {"bucket": "quality", "response": "page", "owner": "assistant", "unit": "TODO"},
        "latency": {"bucket": "reliabilty", "response": "ticket", "ownr": "mei"},
        "spend": {"bucket": "cost", "response": "analytics", "query": "sum(rate(x[5m])"},
    },
    "alerts": {
        "drop": {"metric": "groundedness", "severity": "sev4", "response": "page", "when": {"above": 1, "below": 2}},
        "slow": {"metric": "latencies", "severity": "sev1", "response": "ticket", "labels": {"a": "b"}},
    },
    "schedules": {"ic": {"rotations": []}},
    "escalations": {"ai": {"steps": [{"after": "5m", "notify": ["ic", "nobody"]}, {"after": "1 hour"}]}},
    "telemetry": {"approved_by": ["priya"]},
    "fields": {"prompt": {"group": "input", "classification": "content", "stores": ["traces"]}},
    "stores": {"traces": {"kind": "traces", "access": ["everyone"]}},
    "runbooks": {"drop": {"title": "Drop", "owner": "mei", "mitigations": [{"switch": "off"}, "wait"]}},
    "budgets": {"chat": {"limit": 12, "scope": {"intent": "x"}}},
}  # fmt: skip
"""One organisation with mistakes of every kind."""

MANIFEST = "opmodel: 1\nname: metamorphic\nstage: production\n"


def tell(result: Result) -> Counter[tuple[str, str, str, str, str]]:
    """What a result says, positions and files left out; lines named in messages, too."""

    def say(one: Diagnostic) -> tuple[str, str, str, str, str]:
        message = re.sub(r"lines \d+ and \d+", "lines", one.message)
        field = ".".join(str(key) for key in one.field or () if isinstance(key, str))
        return one.code, one.severity.value, "/".join(one.entity or ()), field, message

    return Counter(map(say, result.diagnostics))


def dump(data: Data, **options: Any) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, **options)


def run(folder: Path, files: dict[str, str]) -> Result:
    for old in sorted(folder.rglob("*"), reverse=True):
        old.unlink() if old.is_file() else old.rmdir()
    for name, text in {"opmodel.yaml": MANIFEST, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return check(str(folder), Options(AT))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("metamorphic")


@pytest.fixture(scope="module")
def plain(folder: Path) -> Result:
    result = run(folder, {"a.yaml": dump(SEEDED)})
    assert len({one.code for one in result.diagnostics}) > 25
    return result


def shuffled(data: Any, chance: random.Random) -> Any:
    """Reorder every mapping, at every depth; lists keep their order, for it carries meaning."""
    if isinstance(data, dict):
        items = [(key, shuffled(value, chance)) for key, value in data.items()]
        chance.shuffle(items)
        return dict(items)
    return [shuffled(item, chance) for item in data] if isinstance(data, list) else data


def test_order(folder: Path, plain: Result) -> None:
    for seed in range(6):
        text = dump(shuffled(SEEDED, random.Random(seed)))
        assert tell(run(folder, {"a.yaml": text})) == tell(plain), seed


def test_style(folder: Path, plain: Result) -> None:
    styles: list[dict[str, Any]] = [
        {"default_flow_style": True}, {"default_flow_style": False, "indent": 4}, {"width": 20},
        {"default_style": "'"}, {"default_style": '"'}, {"explicit_start": True, "explicit_end": True},
    ]  # fmt: skip
    for style in styles:
        if "default_style" in style:  # a number in quotes is a text, and so another value
            numbers = re.compile(r"""['"]([0-9]+)['"]|!!int |!!float """)
            text = numbers.sub(lambda found: found[1] or "", dump(SEEDED, **style))
        else:
            text = dump(SEEDED, **style)
        assert tell(run(folder, {"a.yaml": text})) == tell(plain), style


def test_comments_blank_lines_and_line_ends(folder: Path, plain: Result) -> None:
    text = dump(SEEDED)
    chance = random.Random(1)
    noisy = "".join(
        line
        + chance.choice(["", "", "  # a remark: [x] {y} 'z'", " #"])
        + chance.choice(["\n", "\n\n", "\n# - x\n"])
        for line in text.splitlines()
    )
    assert tell(run(folder, {"a.yaml": noisy})) == tell(plain)
    for changed in (
        text.replace("\n", "\r\n"),
        "\ufeff" + text,
        text.rstrip("\n"),
        text + "\n\n   \n",
    ):
        assert tell(run(folder, {"a.yaml": changed})) == tell(plain)


def split(data: Data, chance: random.Random, parts: int) -> dict[str, str]:
    """Deal the entities out to files in folders."""
    files: list[Data] = [{} for _ in range(parts)]
    for section, content in data.items():
        if SECTIONS[section].single:
            files[chance.randrange(parts)][section] = content
            continue
        for id_, raw in content.items():
            files[chance.randrange(parts)].setdefault(section, {})[id_] = raw
    return {
        f"d{n % 3}/f{n}.y{'a' if n % 2 else ''}ml": dump(one) for n, one in enumerate(files) if one
    }


def test_splitting_and_joining(folder: Path, plain: Result) -> None:
    for seed in range(6):
        files = split(SEEDED, random.Random(seed), 2 + seed * 3)
        assert tell(run(folder, files)) == tell(plain), seed
    inside = run(folder, {"opmodel.yaml": MANIFEST + dump(SEEDED)})
    assert tell(inside) == tell(plain)


def test_renaming_files(folder: Path, plain: Result) -> None:
    for name in ("z.yml", "teams/deep/er/x.yaml", "ä ö.yaml"):
        assert tell(run(folder, {name: dump(SEEDED)})) == tell(plain)


def test_the_order_of_the_listing(
    folder: Path, plain: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = split(SEEDED, random.Random(3), 9)
    expected = run(folder, files)
    usual = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: reversed(list(usual(path))))
    assert check(str(folder), Options(AT)) == expected


def test_json_is_yaml(folder: Path, plain: Result) -> None:
    text = json.dumps(SEEDED, ensure_ascii=False, indent=1)
    assert tell(run(folder, {"a.yaml": text})) == tell(plain)


def test_aliases_for_equal_values(folder: Path, plain: Result) -> None:
    text = (
        dump(SEEDED)
        .replace("owner: mei", "owner: &m mei")
        .replace("accountable:\n    - priya\n    - mei", "accountable:\n    - priya\n    - *m")
    )
    start, end = text.index("ownership:"), text.index("metrics:")
    moved = text[:start] + text[end:] + text[start:end]
    assert "*m" in moved
    assert tell(run(folder, {"a.yaml": moved})) == tell(plain)


LEAVES = st.sampled_from(
    [
        "TODO",
        "",
        None,
        7,
        1.5,
        True,
        [],
        {},
        "ghost",
        ["a", 7],
        {"a": {"b": "c"}},
        "2026-02-30",
        "0d",
    ]
)


@settings(max_examples=12)
@given(st.randoms(use_true_random=False), st.lists(LEAVES, min_size=1, max_size=4), st.booleans())
def test_any_mutation_in_any_order_and_split(
    folder: Path, chance: random.Random, leaves: list[Any], flow: bool
) -> None:
    """Whatever a value is replaced by: the findings are those of the data, not of its text."""
    data = json.loads(json.dumps(SEEDED))
    for leaf in leaves:
        section = chance.choice(sorted(data))
        target = data[section]
        while isinstance(target, dict) and target:
            key = chance.choice(sorted(target))
            if not isinstance(target[key], dict) or chance.random() < 0.3:
                target[key] = leaf
                break
            target = target[key]
    one = run(folder, {"a.yaml": dump(data)})
    assert one.diagnostics
    assert tell(
        run(folder, {"a.yaml": dump(shuffled(data, chance), default_flow_style=flow)})
    ) == tell(one)
    if all(isinstance(data[name], dict) for name in data):
        assert tell(run(folder, split(data, chance, 5))) == tell(one)


def test_every_position_is_in_its_file(folder: Path, plain: Result) -> None:
    result = run(folder, split(SEEDED, random.Random(5), 7))
    for one in result.diagnostics:
        for label in (one.primary, *one.related):
            lines = (folder / label.location.file).read_text("utf-8").split("\n")
            start, end = label.at
            assert 1 <= start.line <= len(lines)
            assert 1 <= start.column <= len(lines[start.line - 1]) + 1
            assert start <= end
            assert (
                label.excerpt[:150] == ""
                or "*" in label.excerpt
                or label.excerpt in lines[start.line - 1]
            )


@pytest.mark.parametrize(
    "example",
    sorted(one.name for one in (ROOT / "examples").iterdir() if (one / "opmodel.yaml").exists()),
)
def test_examples(example: str, tmp_path: Path) -> None:
    """The examples, dumped anew by another program, check as they do by hand."""
    root = ROOT / "examples" / example
    copy = tmp_path / "copy"
    for path in sorted(root.rglob("*")):
        target = copy / path.relative_to(root)
        if path.is_dir():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        data = (
            compose(path.read_bytes(), path.name).data if path.suffix in {".yaml", ".yml"} else None
        )
        own = data is not None and path.parent.name not in {
            "policies",
            "schemas",
            "scenarios",
            "deployed",
        }
        target.write_bytes(dump(data).encode() if own and data else path.read_bytes())
    before = check(str(root), Options(AT))
    comments = {one.code for one in before.suppressed}
    after = check(str(copy), Options(AT))
    if not comments:
        assert tell(after) == tell(before)
    assert after.entities == before.entities
