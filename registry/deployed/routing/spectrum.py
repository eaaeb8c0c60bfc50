"""What a label may be, as far as one routing tree can tell, in the bits of whole numbers.

The values that a tree names get a bit each, and so do its patterns. Values that it does not name
are told apart only by the patterns that match them: alerts that a tree cannot tell apart are one.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from registry.deployed.routing.labels import ANY, SOME, Condition, Domain
from registry.deployed.routing.pattern import Pattern, pattern

_EMPTY = 1
"""The bit of the empty value: of a label that is absent."""
_ANY, _SOME = 1, 2
"""The bits of two patterns of which more is known than that they are the same or not."""

_DOTS = _ANY | _SOME


class Choice(NamedTuple):
    """What a label may be: one of the values `listed`, or another one.

    `rest` holds, for each of the others, the patterns that match it. It is None where it may be any
    other value, of which all that is known is that the patterns `yes` match it and `no` do not.
    """

    listed: int
    rest: frozenset[int] | None = None
    yes: int = 0
    no: int = 0


class AskedValues(NamedTuple):
    """The values and patterns that a part of a tree asks for; 0 and 0 where it does not care."""

    values: int
    patterns: int


_Value = TypeVar("_Value")


class Memo(dict[int, _Value]):
    """What follows from the number of a choice, worked out once."""

    __slots__ = ("_follows",)

    def __init__(self, follows: Callable[[int], _Value]) -> None:
        super().__init__()
        self._follows = follows

    def __missing__(self, number: int) -> _Value:
        found = self[number] = self._follows(number)
        return found


class Ask:
    """A condition, ready to be asked of the choices of its label.

    `label` is the label's number, `rank` that of the matcher among all of the tree. It asks whether
    the value is one of `values`, or a pattern of that number matches; with neither it cannot be
    judged. `said` tells whether it holds for every value (True), for none (False), or may do either
    (None); `hit` and `miss` are the choices that are left where it holds, and where it does not.
    """

    __slots__ = ("hit", "label", "miss", "negated", "pattern", "rank", "said", "values")

    def __init__(self, spectrum: "Spectrum", asked: Condition, label: int, rank: int) -> None:
        self.label = label
        self.rank = rank
        self.values, self.pattern = spectrum.bits_of(asked)
        self.negated = asked.negated
        self.said: Memo[bool | None] = Memo(lambda one: spectrum.decides(one, self))
        self.hit: Memo[int] = Memo(lambda one: spectrum.given(one, self, holds=True))
        self.miss: Memo[int] = Memo(lambda one: spectrum.given(one, self, holds=False))

    @property
    def asked(self) -> AskedValues:
        """What it asks for."""
        return AskedValues(self.values or 0, 0 if self.pattern is None else 1 << self.pattern)

    def given(self, state: tuple[int, ...], *, holds: bool) -> tuple[int, ...]:
        """Return the choices of all labels that are left where it holds, or does not."""
        label = self.label
        left = self.hit if holds else self.miss
        return (*state[:label], left[state[label]], *state[label + 1 :])


_NO_OTHER: frozenset[int] = frozenset()

UNASKED = 0
"""The number of the choice of a label for which nothing asks."""


class Spectrum:
    """The values and patterns for which a tree's conditions ask of one label, and its choices."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        known = [one for one in map(pattern, (ANY, SOME)) if isinstance(one, Pattern)]
        self._bits = {"": _EMPTY}
        self._patterns = {one.text: one for one in known}
        for asked in conditions:
            for value in sorted(asked.values or ()):
                self._bits.setdefault(value, 1 << len(self._bits))
            if asked.pattern is not None:
                self._patterns.setdefault(asked.pattern.text, asked.pattern)
        self._numbers = {text: number for number, text in enumerate(self._patterns)}
        self._ordered = tuple(self._patterns.values())
        self._rest = self._ordered[2:]
        self._values = tuple(self._bits)
        self._matching: dict[int, int] = {}
        self._others: dict[str, int] = {}
        self._signatures: dict[str, int] = {}
        self._choices: list[Choice] = [Choice(0)]
        self._known = {Choice(0): UNASKED}
        self.anything = self._number(Choice((1 << len(self._bits)) - 1))
        self.absent = self._number(Choice(_EMPTY, _NO_OTHER))
        self.other = self._number(Choice(0, frozenset({0})))

    def bits_of(self, asked: Condition) -> tuple[int | None, int | None]:
        """Return the values of a condition in bits, and the number of its pattern."""
        values = None if asked.values is None else self._listed(asked.values)
        return values, None if asked.pattern is None else self._numbers[asked.pattern.text]

    def choice(self, domain: Domain) -> int:
        """Return the number of the choice that a label has."""
        if domain.values is not None:
            others = (value for value in domain.values if value not in self._bits)
            listed = self._listed(domain.values)
            return self._number(Choice(listed, frozenset(map(self._signature, others))))
        listed = self._listed(value for value in self._bits if domain.allows(value))
        truths = [
            (1 << self._numbers[text], truth)
            for text, (_, truth) in domain.patterns.items()
            if text in self._numbers
        ]
        yes, no = (sum(bit for bit, truth in truths if truth is said) for said in (True, False))
        for one, truth in domain.patterns.values():
            no |= self._apart(one) if truth else 0
        return self._number(Choice(listed, None, yes, no & ~yes))

    def of_value(self, value: str) -> int:
        """Return the number of the choice of a label that has one value."""
        bit = self._bits.get(value)
        if bit is not None:
            return self._number(Choice(bit, _NO_OTHER))
        return self._number(Choice(0, frozenset((self._signature(value),))))

    def decides(self, number: int, asked: Ask) -> bool | None:
        """Whether a condition holds for every value (True), for none (False), or may do either."""
        choice = self._choices[number]
        said: bool | None
        if asked.values is not None:
            said = _among(choice, asked.values)
        elif asked.pattern is None:
            return None
        elif choice.rest is None:
            said = _open(choice, 1 << asked.pattern)
        else:
            said = self._finite(choice.listed, choice.rest, asked.pattern)
        return None if said is None else said is not asked.negated

    def given(self, number: int, asked: Ask, *, holds: bool) -> int:
        """Return the values for which a condition holds, or does not."""
        listed, rest, yes, no = self._choices[number]
        positive = holds is not asked.negated
        if asked.values is not None:
            if positive:
                return self._number(Choice(listed & asked.values, _NO_OTHER))
            return self._number(Choice(listed & ~asked.values, rest, yes, no))
        if asked.pattern is None:
            return number
        matching, bit = self._matched(asked.pattern), 1 << asked.pattern
        left = listed & matching if positive else listed & ~matching
        if rest is not None:
            others = frozenset(one for one in rest if bool(one & bit) is positive)
            return self._number(Choice(left, others))
        yes, no = (
            (yes | bit, no | self._apart(self._ordered[asked.pattern]))
            if positive
            else (yes, no | bit)
        )
        return self._number(Choice(left, None, yes, no))

    def within(self, number: int, asked: AskedValues) -> int:
        """Forget what a part of a tree cannot tell: values and patterns that it does not ask for.

        Values that are not asked for become others.
        """
        values, patterns = asked
        if not values and not patterns:
            return UNASKED
        listed, rest, yes, no = self._choices[number]
        if patterns & _DOTS:
            values, patterns = values | _EMPTY, patterns | _DOTS
        if rest is None:
            return self._number(Choice(listed & values, None, yes & patterns, no & patterns))
        others = {one & patterns for one in rest}
        dropped = (self._values[bit] for bit in bits(listed & ~values))
        others.update(self._signature(value) & patterns for value in dropped)
        return self._number(Choice(listed & values, frozenset(others)))

    def told_apart(self, number: int, asked: AskedValues) -> int:
        """Do as `within`, but where nothing is asked for, take all for a value that nobody names.

        So what asks for a value is not asked later.
        """
        return self.within(number, asked) if any(asked) else self.other

    def may_be_absent(self, number: int) -> bool:
        """Whether a choice lets some alerts lack the label."""
        return self._choices[number].listed & _EMPTY != 0

    def wants(self, number: int) -> tuple[int, int] | None:
        """Return the values that a choice lists and the patterns that match some of its values.

        None where it may be any value at all.
        """
        listed, rest, _, _ = self._choices[number]
        if rest is None:
            return None
        matching = 0
        for one in (*rest, *(self._signature(self._values[bit]) for bit in bits(listed))):
            matching |= one
        return listed, matching

    def _number(self, choice: Choice) -> int:
        found = self._known.get(choice)
        if found is None:
            found = self._known[choice] = len(self._choices)
            self._choices.append(choice)
        return found

    def _listed(self, values: Iterable[str]) -> int:
        found = 0
        for value in values:
            found |= self._bits.get(value, 0)
        return found

    def _finite(self, listed: int, rest: frozenset[int], number: int) -> bool | None:
        matching, bit = self._matched(number), 1 << number
        some = listed & matching or any(one & bit for one in rest)
        others = listed & ~matching or not all(one & bit for one in rest)
        return None if some and others else bool(some)

    def _matched(self, number: int) -> int:
        """Return the listed values that a pattern matches; each is looked at once."""
        found = self._matching.get(number)
        if found is None:
            one = self._ordered[number]
            found = self._listed(value for value in self._bits if one.matches(value))
            self._matching[number] = found
        return found

    def _apart(self, matching: Pattern) -> int:
        """Return the patterns that match nothing of what one does: they begin otherwise."""
        begin = matching.beginning
        if begin is None:
            return 0
        found = self._others.get(begin)
        if found is None:
            others = enumerate(one.beginning for one in self._ordered)
            found = sum(1 << other for other, one in others if _are_apart(begin, one))
            self._others[begin] = found
        return found

    def _signature(self, value: str) -> int:
        """Return the patterns that match a value; each value is looked at once."""
        found = self._signatures.get(value)
        if found is None:
            # `.` takes all but a line break.
            found = 0 if "\n" in value else _DOTS if value else _ANY
            for number, one in enumerate(self._rest, 2):
                if one.matches(value):
                    found |= 1 << number
            self._signatures[value] = found
        return found


def _are_apart(begin: str, other: str | None) -> bool:
    """Whether no value has both beginnings; of None nothing is known."""
    return other is not None and not begin.startswith(other) and not other.startswith(begin)


def _among(choice: Choice, values: int) -> bool | None:
    """Whether a choice is one of some listed values."""
    if not choice.listed & values:
        return False
    return None if choice.rest is None or choice.rest or choice.listed & ~values else True


def _open(choice: Choice, bit: int) -> bool | None:
    """Whether a pattern matches any value at all of which some patterns are known."""
    listed, _, yes, no = choice
    if yes & bit:
        return True
    if no & bit:
        return False
    if not bit & _DOTS:
        return None
    # `.` takes all but a line break, so `.+` is `.*` without the empty value.
    if not listed & _EMPTY:
        return True if yes & _DOTS else False if no & _DOTS else None
    if bit == _SOME:
        return False if no & _ANY else None
    return True if yes & _SOME else None


_IN_BYTE = tuple(tuple(n for n in range(8) if byte >> n & 1) for byte in range(256))
"""The numbers of the bits that are set in each byte."""


def bits(mask: int) -> list[int]:
    """Return the numbers of the bits that are set, in order."""
    data = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
    return [8 * at + number for at, byte in enumerate(data) if byte for number in _IN_BYTE[byte]]
