"""Scripts that deceive, and those that only stand side by side."""

import pytest

from registry.source.scripts import _script, is_latin, mixed_scripts


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Tоm Reyes", ("Latin", "Cyrillic")), ("Рriya", ("Latin", "Cyrillic")),
        ("ΟpenAI", ("Latin", "Greek")), ("Аccess on call", ("Latin", "Cyrillic")),
        ("Тор Reyes", ("Latin", "Cyrillic")), ("а team", ("Latin", "Cyrillic")),
        ("ΤΟΡ priority", ("Latin", "Greek")), ("Ꭺdmin", ("Latin", "Cherokee")),
        ("Пαyments", ("Latin", "Cyrillic", "Greek")), ("Яα", ("Cyrillic", "Greek")),
        ("日本АBC", ("Latin", "Cyrillic", "Han")),
    ],
)  # fmt: skip
def test_deceiving(text: str, scripts: tuple[str, ...]) -> None:
    assert mixed_scripts(text) == scripts


@pytest.mark.parametrize(
    "text",
    [
        "Priya Natarajan", "José Muñoz", "Łukasz Żółć", "Анна Иванова", "Команда SRE", "IT-отдел",
        "Отчёт о SLA", "Олексій (Alex) Коваль", "Γιώργος Παπαδόπουλος", "田中ゆき", "東京タワーＡ班",
        "APIサーバー担当", "GPT模型", "ㄅㄆㄇ 注音A", "서울팀 A조", "ทีมAPI", "टीम API", "الـAPI",
        "ה-API", "Δ latency in μs", "α release", "µService", "№ 5", "ª team", "👩‍🚀 crew", "Команда",
        "𝐏riya", "ﾃｽﾄ班", "",
    ],
)  # fmt: skip
def test_harmless(text: str) -> None:
    assert mixed_scripts(text) == ()


def test_what_a_glance_takes_for_latin_has_no_other_letters() -> None:
    letters = [chr(point) for point in range(0x3100) if not 0xD800 <= point < 0xE000]
    latin = [one for one in letters if is_latin(one.encode())]
    assert {_script(one) for one in latin} == {None, "LATIN"}
    assert {"a", "é", "ß", "Ł", "–", "…", "“"} <= {*latin}
    assert not {"а", "α", "Ꭺ", "日", "ח", "Ⅰ"}.intersection(latin)
