"""Windows in words."""

import pytest

from registry.model.oncall import Step, hours_in_words
from registry.model.windows import Window, in_words

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "09:00–17:00"),
        ({"days": WEEKDAYS}, "mon–fri 09:00–17:00"),
        ({"days": ["tue", "mon"]}, "mon/tue 09:00–17:00"),
        ({"days": ["sun", "mon", "wed"]}, "mon/wed/sun 09:00–17:00"),
        ({"days": [*WEEKDAYS, "hol"]}, "mon/tue/wed/thu/fri/hol 09:00–17:00"),
        ({"days": ["hol"]}, "hol 09:00–17:00"),
        ({"days": ["fri"], "to_day": "mon"}, "fri 09:00–mon 17:00"),
        ({"days": []}, "never 09:00–17:00"),
    ],
)
def test_in_words(fields: dict[str, object], words: str) -> None:
    window = Window.model_validate({"from": "09:00", "to": "17:00", **fields}, strict=False)
    assert in_words((window, window)) == f"{words}, {words}"


@pytest.mark.parametrize("outside", ["hold", "skip"])
def test_hours_in_words(outside: str) -> None:
    hours = {"days": WEEKDAYS, "from": "09:00", "to": "17:00"}
    step = Step.model_validate({"after": "5m", "hours": hours, "outside": outside})
    does = {"hold": "held", "skip": "skipped"}[outside]
    assert hours_in_words(step) == f"in mon–fri 09:00–17:00 alone, else {does}"
    assert hours_in_words(Step.model_validate({"after": "5m"})) == ""
