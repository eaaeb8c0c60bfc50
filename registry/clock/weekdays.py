"""The days of the week by name, from Monday on: a day's place in each row is its number, from 0."""

from typing import Literal, get_args

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""A weekday as the format writes it."""

DayOrHoliday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "hol"]
"""A weekday, or a day that a calendar of holidays has, as the format writes it."""

DAYS: tuple[Day, ...] = get_args(Day)
HOLIDAY: DayOrHoliday = "hol"
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
