"""A folder to a workspace: what is taken, what is said, and what a bad file does not hide."""

import marshal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.errors import CannotRunError
from registry.model.entity import Entity
from registry.model.oncall import Schedule
from registry.model.people import Person, Team
from registry.model.sections import SECTIONS
from registry.model.telemetry import Telemetry
from registry.source import pack
from registry.source.cache import Cache
from registry.span import Location
from registry.workspace import load as loading
from registry.workspace.load import Loaded, load
from registry.workspace.manifest import read_manifest

HEAD = "opmodel: 1\nname: loaded\nstage: pilot\n"


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Loaded]:
    """Write files, and load them."""
    monkeypatch.setattr(pack, "_program", lambda: "program")

    def write_and_load(head: str = HEAD, cache: Cache | None = None, **files: str) -> Loaded:
        (tmp_path / "opmodel.yaml").write_text(head, "utf-8")
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_md", ".md").replace(
                "_yaml", ".yaml"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return load(str(tmp_path), cache=cache)

    return write_and_load


def faults(loaded: Loaded) -> list[tuple[str, str, int]]:
    workspace = loaded.workspace
    return [
        (
            one.code,
            one.primary.location.file,
            (one.primary.span or workspace.resolve(one.primary.location)).start.line,
        )
        for one in loaded.problems
    ]


def test_a_section_may_be_spread(read: Callable[..., Loaded]) -> None:
    loaded = read(
        HEAD + "people: {a: {name: A}}\n",
        x_yaml="people: {b: {name: B}}\nteams: {t: {name: T}}\n",
        deep__y_yaml="people: {c: {name: C}}\n",
        runbooks__r_md="# R\n",
    )
    workspace = loaded.workspace
    assert loaded.problems == ()
    assert list(workspace.all(Person)) == ["c", "a", "b"], "in the files' order"
    assert workspace.count() == 5
    assert workspace.files == ("deep/y.yaml", "opmodel.yaml", "runbooks/r.md", "x.yaml")
    assert workspace.file_of("people", "c") == "deep/y.yaml"
    assert workspace.file_of("people", "nobody") == "opmodel.yaml"
    assert workspace.locate("people", "b", ("name",)) == Location("x.yaml", ("people", "b", "name"))
    assert workspace.raw("people", "b") == {"name": "B"}


def test_the_single_section(read: Callable[..., Loaded]) -> None:
    loaded = read(a_yaml="telemetry: {reviewed: 2026-09-01}\n", b_yaml="telemetry: {}\n")
    assert faults(loaded) == [("OM009", "b.yaml", 1)]
    assert loaded.workspace.all(Telemetry)["telemetry"].reviewed == "2026-09-01"
    assert loaded.workspace.locate("telemetry", "telemetry", ("reviewed",)).path == (
        "telemetry", "reviewed",
    )  # fmt: skip


def test_ids(read: Callable[..., Loaded]) -> None:
    good = ["a", "A-1", "a.b_c", "9", "x" * 128]
    bad = ["-a", ".a", "_a", "a b", "a/b", "é", "x" * 129, "a:b", "", "a\\tb"]
    loaded = read(a_yaml="people:\n" + "".join(f'  "{one}": {{name: N}}\n' for one in good + bad))
    assert faults(loaded) == [("OM006", "a.yaml", 2 + len(good) + n) for n in range(len(bad))]
    assert list(loaded.workspace.all(Person)) == good
    messages = [one.message for one in loaded.problems]
    assert "U+00E9" in messages[5]
    assert "U+0009" in messages[9]
    assert all(len(one) < 300 for one in messages)


def test_the_ids_of_severities_are_fixed(read: Callable[..., Loaded]) -> None:
    loaded = read(a_yaml="severities:\n  sev1: {}\n  sve2: {}\n  critical: {}\n")
    assert faults(loaded) == [("OM006", "a.yaml", 3), ("OM006", "a.yaml", 4)]
    assert [one.help for one in loaded.problems] == ["did you mean `sev2`?", "it is sev1 to sev4"]


def test_the_shared_id_space(read: Callable[..., Loaded]) -> None:
    loaded = read(
        a_yaml="people: {x: {name: X}}\nmetrics: {x: {bucket: cost, response: page}}\n",
        b_yaml="teams: {x: {name: X}}\nchannels: {x: {kind: slack}}\nreviews: {x: {kind: other}}\n",
    )
    assert faults(loaded) == [("OM009", "b.yaml", 1), ("OM009", "b.yaml", 2)]
    assert [label.location.file for one in loaded.problems for label in one.related] == [
        "a.yaml"
    ] * 2
    assert loaded.workspace.kind_of("x") == "people"
    assert loaded.workspace.kind_of("y") is None


def test_what_is_no_section(read: Callable[..., Loaded]) -> None:
    loaded = read(
        HEAD + "alert: {a: {metric: m}}\nimports: [b]\nx-own: 1\nnmae: c\n",
        a_yaml="metric: {m: {}}\nstage: poc\nsystems: {}\nx-own: 1\npeople: {p: {name: P}}\n",
    )
    assert sorted(faults(loaded)) == [
        ("OM003", "a.yaml", 1), ("OM003", "a.yaml", 2), ("OM003", "a.yaml", 3),
        ("OM003", "opmodel.yaml", 4), ("OM003", "opmodel.yaml", 5), ("OM004", "opmodel.yaml", 7),
    ]  # fmt: skip
    assert "did you mean `metrics`?" in [one.help for one in loaded.problems]
    assert "move it to opmodel.yaml" in [one.help for one in loaded.problems]
    assert {"m", "metric"} <= loaded.workspace.hidden


def test_a_section_that_maps_nothing(read: Callable[..., Loaded]) -> None:
    loaded = read(a_yaml="people: [{id: a}, b]\nteams:\nroles: ''\nchannels: 5\nmetrics: {}\n")
    assert faults(loaded) == [("OM006", "a.yaml", 1), ("OM006", "a.yaml", 4)]
    assert "b" in loaded.workspace.hidden


def test_what_a_file_hides(read: Callable[..., Loaded]) -> None:
    loaded = read(
        a_yaml="people:\n  ann: {name: Ann\nteams: x\n",
        runbooks__queue_md="---\nowner: [ann\n---\n",
        c_yaml="people:\n  'no id': {name: hidden-name}\n  bob: {nam: mentioned}\n",
    )
    workspace = loaded.workspace
    assert {"ann", "queue", "no id", "hidden-name"} <= workspace.hidden
    assert not workspace.blind
    assert "mentioned" not in workspace.hidden
    assert {"ann", "mentioned"} <= workspace.uncertain
    assert workspace.count() == 1, "what failed counts"
    assert workspace.has("people", "bob")
    assert not workspace.has("people", "ann")


def test_a_file_that_cannot_be_opened_leaves_all_in_doubt(
    tmp_path: Path, read: Callable[..., Loaded]
) -> None:
    (tmp_path / "people.yaml").symlink_to("/etc/hostname")
    loaded = read()
    assert loaded.workspace.blind
    assert loaded.workspace.files == ("opmodel.yaml",)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", [("OM005", 1)] * 3),
        ("opmodel: 1\nname: a\nstage: poc\nexclude: ['../x', 'y']\n", [("OM006", 4)]),
        ("opmodel: 1\nname: a\nstage: poc\ninclude: ['/x']\npolicy: ../y\n", [("OM006", 4), ("OM006", 5)]),
        ("opmodel: 1\nname: 7\nstage: poc\ninclude: a\n", [("OM006", 4)]),
        ("opmodel: '1'\nname: a\nstage: poc\n", [("OM006", 1)]),
        ("opmodel: true\nname: a\nstage: poc\n", [("OM006", 1)]),
        ("opmodel: v1\nname: a\nstage: poc\n", [("OM006", 1)]),
        ("opmodel: 1\nname: [a]\nstage: prod\npolicy: [b]\nexclude: [c]\n", [("OM006", 2), ("OM006", 3), ("OM006", 4)]),
        ("opmodel: 1\nname: a\nstage: poc\ntimezone: Mars\n", [("OM006", 4)]),
        ("opmodel: 1\nname: a\nstage: [poc]\n", [("OM006", 3)]),
        ("opmodel: 1\nname: a\nstage: {poc: 1}\n", [("OM006", 3)]),
        ("opmodel: 1\nname: [\n", [("OM001", 2)]),
        ("- a\n", [("OM006", 1)]),
        ("opmodel: 1\nname: \x1b\n", [("OM014", 2)]),
    ],
)  # fmt: skip
def test_the_manifest(head: str, found: list[tuple[str, int]], read: Callable[..., Loaded]) -> None:
    loaded = read(head, a_yaml="people: {p: {name: P}}\n")
    assert [(code, line) for code, _, line in faults(loaded)] == found
    assert {file for _, file, _ in faults(loaded)} == {"opmodel.yaml"}
    assert list(loaded.workspace.all(Person)) == ["p"], "what is wrong there hides nothing else"
    assert loaded.workspace.manifest.stage in {"poc", "production"}


@pytest.mark.parametrize("version", ["2", "'2'", "v2", "0.9", "2.1"])
def test_another_format_is_one_finding_and_no_other_file_is_read(
    version: str, read: Callable[..., Loaded]
) -> None:
    loaded = read(f"opmodel: {version}\nnme: a\n", a_yaml="people: {p: {nam: [\n")
    assert faults(loaded) == [("OM006", "opmodel.yaml", 1)]
    assert "reads format 1 only" in loaded.problems[0].message
    assert (loaded.workspace.blind, loaded.workspace.skipped) == (True, 1)
    assert loaded.workspace.files == ("opmodel.yaml",)


def test_the_strictest_stage_applies_where_none_is_known(read: Callable[..., Loaded]) -> None:
    assert read("opmodel: 1\nname: a\nstage: prodution\n").workspace.manifest.stage == "production"
    assert read("opmodel: 1\nstage: pilot\n").workspace.manifest.stage == "pilot"
    assert read("opmodel: 1\nstage: pilot\n").workspace.manifest.name == "registry"


def test_no_manifest_and_no_root(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match=r"opmodel\.yaml"):
        read_manifest(str(tmp_path))
    (tmp_path / "opmodel.yaml").write_text(HEAD)
    manifest = read_manifest(str(tmp_path))
    with pytest.raises(CannotRunError, match="absent"):
        load(str(tmp_path / "absent"), manifest)


def test_progress_is_told(tmp_path: Path, read: Callable[..., Loaded]) -> None:
    read(a_yaml="people: {p: {name: P}}\n", b_yaml="teams: {t: {name: T}}\n")
    seen: list[tuple[int, int]] = []
    load(str(tmp_path), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_closed_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    usual = os.scandir

    def closed(path: str) -> object:
        if path.rstrip("/").endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return usual(path)

    (tmp_path / "opmodel.yaml").write_text(HEAD + "people: {p: {name: P}}\n")
    (tmp_path / "shut").mkdir()
    monkeypatch.setattr(os, "scandir", closed)
    loaded = load(str(tmp_path))
    assert faults(loaded) == [("OM001", "shut/", 1)]


GOOD = "people: {p: {name: P, timezone: Europe/Berlin}}\nteams: {t: {name: T, members: [p]}}\n"


def test_the_cache_changes_nothing(tmp_path: Path, read: Callable[..., Loaded]) -> None:
    folder = tmp_path / "cache"
    plain = read(a_yaml=GOOD, b_yaml="roles: {r: {title: TODO}}\n")
    for _ in range(3):
        cached = read(cache=Cache(str(folder)), a_yaml=GOOD, b_yaml="roles: {r: {title: TODO}}\n")
        assert cached.problems == plain.problems
        assert cached.workspace.entities == plain.workspace.entities
        assert cached.workspace.placeholders == plain.workspace.placeholders
    assert list(cached.workspace.all(Team)) == ["t"]


def test_a_byte_order_mark_from_the_cache(tmp_path: Path, read: Callable[..., Loaded]) -> None:
    folder = tmp_path / "cache"
    for _ in range(2):
        loaded = read(cache=Cache(str(folder)), a_yaml="\ufeff" + GOOD)
        at = loaded.workspace.resolve(loaded.workspace.locate("people", "p"))
        assert at.start == (1, 10)
        assert loaded.workspace.sources.line("a.yaml", 1).startswith("people")


NOTED = "people: {q: {name: Q, version: 1.10}}\n"
"""A file of which something is to be said."""


def told(loaded: Loaded) -> object:
    """Everything of a workspace, made."""
    one = loaded.workspace
    made = [
        (section, id_, entity.model_dump(), entity.model_fields_set)
        for section, entities in one.entities.items()
        for id_, entity in entities.items()
    ]
    days = [schedule.days_of(("h",)) is None for schedule in one.all(Schedule).values()]
    origins = {section: dict(files) for section, files in one.origins.items()}
    rest = (one.failed, one.failed_fields, one.placeholders, one.hidden, one.mentioned, one.unread)
    return loaded.problems, made, days, origins, dict(one.extensions), rest, one.count()


@pytest.mark.parametrize(
    "payload", [b"", b"\xc1", b"\x93", b"\x81\xa1a\xc1", b"\xa1x", b"i\1\0\0\0"]
)
def test_an_entry_of_nonsense_is_read_anew(
    payload: bytes, tmp_path: Path, read: Callable[..., Loaded]
) -> None:
    folder = tmp_path / "cache"
    plain = told(read(a_yaml=GOOD, b_yaml=NOTED))
    read(cache=Cache(str(folder)), a_yaml=GOOD, b_yaml=NOTED)
    names = [one.name for one in folder.iterdir()]
    assert len(names) == 3, "outlines, a part, the rest"
    for name in names:
        Cache(str(folder)).put(name, payload)
        assert told(read(cache=Cache(str(folder)), a_yaml=GOOD, b_yaml=NOTED)) == plain


@pytest.mark.parametrize("wrong", [7, [GOOD], "x", (), (1, 2, 3), {}, b"", b"{"])
def test_one_bad_file_in_an_entry_is_read_anew(
    wrong: object, tmp_path: Path, read: Callable[..., Loaded]
) -> None:
    folder = tmp_path / "cache"
    plain = told(read(a_yaml=GOOD, b_yaml=NOTED))
    read(cache=Cache(str(folder)), a_yaml=GOOD, b_yaml=NOTED)
    for entry in folder.iterdir():
        payload = Cache(str(folder)).get(entry.name)
        assert payload is not None
        spoilt = dict.fromkeys(marshal.loads(payload), wrong)
        Cache(str(folder)).put(entry.name, marshal.dumps(spoilt))  # type: ignore[arg-type]
        assert told(read(cache=Cache(str(folder)), a_yaml=GOOD, b_yaml=NOTED)) == plain


AGAIN: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "an id once more": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: {p: {name: Q}}\n"}),
    "an id in a file before": (
        {"b_yaml": GOOD}, {"b_yaml": GOOD, "a_yaml": "people: {p: {name: Q}}\n"}
    ),
    "an id of another kind": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "roles: {p: {title: R}}\n"}),
    "an id of two kinds in a file": (
        {"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "roles: {q: {title: R}}\npeople: {q: {name: Q}}\n"}
    ),
    "a loop of teams": (
        {"a_yaml": "teams: {t: {name: T, parent: u}}\n"},
        {"a_yaml": "teams: {t: {name: T, parent: u}}\n", "b_yaml": "teams: {u: {name: U, parent: t}}\n"},
    ),
    "their own deputy": (
        {"a_yaml": GOOD},
        {"a_yaml": GOOD, "b_yaml": "people: {q: {name: Q, away: [{from: 2026-01-01, to: 2026-01-02, deputy: q}]}}\n"},
    ),
    "no id": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: {q!: {name: Q}}\n"}),
    "an unknown section": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "persons: {}\n"}),
    "a list for a section": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: [q]\n"}),
    "no entity": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: {}\n"}),
    "a text for an entity": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: {q: Q}\n"}),
    "a secret": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: {q: {name: 'password: walrus-77-u'}}\n"}),
    "a spelling": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "people: {q: {name: 1.10}}\n"}),
    "keys of one's own": (
        {"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "x-y: 1\npeople: {q: {name: Q, x-own: [1]}}\n"}
    ),
    "one thing alone": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "telemetry: {reviewed: 2026-01-01}\n"}),
    "holidays": (
        {"a_yaml": GOOD + "holidays: {h: {country: DE}}\n"},
        {
            "a_yaml": GOOD + "holidays: {h: {country: DE}}\n",
            "b_yaml": "schedules: {s: {holidays: [h], rotations: []}}\n",
        },
    ),
    "a page of the same bytes": (
        {"a_yaml": GOOD}, {"a_yaml": GOOD, "runbooks__a_md": GOOD}
    ),
    "placeholders": ({"a_yaml": GOOD}, {"a_yaml": GOOD, "b_yaml": "roles: {r: {title: TODO}}\n"}),
}  # fmt: skip


@pytest.mark.parametrize("case", AGAIN)
def test_what_is_read_beside_plain_files(
    case: str, tmp_path: Path, read: Callable[..., Loaded]
) -> None:
    """A file that was there before and one that is new, then both known: as without a cache."""
    before, after = AGAIN[case]
    plain = told(read(**after))
    for name in after.keys() - before.keys():
        next(tmp_path.rglob(name.rpartition("__")[2].replace("_", "."))).unlink()
    cache = Cache(str(tmp_path / "cache"))
    read(cache=cache, **before)
    for _ in range(3):
        assert told(read(cache=cache, **after)) == plain


def test_a_section_of_plain_files_is_not_made_before_it_is_asked_for(
    tmp_path: Path, read: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, made = Cache(str(tmp_path / "cache")), list[str]()
    read(cache=cache, a_yaml=GOOD)
    usual = loading.decode

    def counted(model: type[Entity], *rest: Any) -> Any:
        made.append(model.__name__)
        return usual(model, *rest)

    monkeypatch.setattr(loading, "decode", counted)
    workspace = read(cache=cache, a_yaml=GOOD).workspace
    assert [one for one in made if one in {"Person", "Team"}] == []
    assert list(workspace.all(Team)) == ["t"]
    assert "Person" not in made
    assert list(workspace.entities) == list(SECTIONS)
    with pytest.raises(KeyError):
        workspace.entities["persons"]
    assert workspace.entities.get("persons") is None


def test_what_a_closed_folder_holds_may_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that holds no registry files too: nothing is said to be missing from it."""
    import os

    usual = os.scandir

    def closed(path: str) -> object:
        if path.rstrip("/").endswith(("evals", "shut")):
            raise PermissionError(13, "Permission denied")
        return usual(path)

    (tmp_path / "opmodel.yaml").write_text(HEAD + "people: {p: {name: P}}\n")
    for name in ("evals", "a/shut", "open"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "open" / "case.yaml").write_text("people: {q: {name: Q}}\n")
    monkeypatch.setattr(os, "scandir", closed)
    workspace = load(str(tmp_path)).workspace
    assert workspace.blind
    assert workspace.unread == {"a/shut/"}
    for name in ("evals/x.yaml", "evals/deep/x.yaml#part", "a/shut/y", "evals", "open/case.yaml"):
        assert workspace.has_file(name), name
    for name in ("open/x.yaml", "eval/x.yaml", "a/x.yaml", "shut/y", "open/case.yaml/z"):
        assert not workspace.has_file(name), name


def test_a_closed_folder_in_which_nothing_would_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no pattern of `include` reaches is not asked for."""
    import os

    usual = os.scandir

    def closed(path: str) -> object:
        if path.rstrip("/").endswith("data"):
            raise PermissionError(13, "Permission denied")
        return usual(path)

    (tmp_path / "opmodel.yaml").write_text(HEAD + "include: [teams/**]\npeople: {p: {name: P}}\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "teams").mkdir()
    (tmp_path / "teams" / "t.yaml").write_text("teams: {t: {name: T}}\n")
    monkeypatch.setattr(os, "scandir", closed)
    loaded = load(str(tmp_path))
    assert faults(loaded) == []
    assert loaded.workspace.is_read
