"""Merge keys as Go's `yaml.v2` fills a structure with them, which is not what YAML says.

It sets field after field in the order in which they stand, the merged mapping's where the merge
key is: whatever comes last stays, be it the merged one. Mappings are filled up, a list that a type
reads by itself is added to, and null empties. Of several merged mappings the first comes last.
"""

from collections.abc import Collection

from registry.source.foreign import Value
from registry.span import Span


def filled(
    value: Value, appended: Collection[str], maps: Collection[str]
) -> tuple[Value, list[tuple[str, Span]]]:
    """Return a value with its merge keys undone, and the keys of `maps` that were set twice.

    `appended` are lists that are added to.
    """
    filler = _Filler(frozenset(appended), frozenset(maps))
    return filler.value(value), filler.twice


class _Filler:
    def __init__(self, appended: frozenset[str], maps: frozenset[str]) -> None:
        self.appended = appended
        self.maps = maps
        self.twice: list[tuple[str, Span]] = []
        self._known: dict[int, tuple[Value, Value]] = {}

    def value(self, value: Value) -> Value:
        if value.items is None and value.fields is None:
            return value
        # An alias shares its anchor's value, which is kept so that its identity stays its own.
        if id(value) not in self._known:
            self._known[id(value)] = (value, self._value(value))
        return self._known[id(value)][1]

    def _value(self, value: Value) -> Value:
        if value.items is not None:
            return value._replace(items=tuple(map(self.value, value.items)))
        if not value.written:
            fields = {key: self.value(one) for key, one in value.pairs()}
            return value._replace(fields=fields)
        found: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        self._fill(value, found, keys)
        return value._replace(fields=found, keys=keys, written=())

    def _fill(self, value: Value, found: dict[str, Value], keys: dict[str, Span]) -> None:
        for key, one in value.written or tuple(value.pairs()):
            if key != "<<":
                found[key] = self._set(key, found.get(key), self.value(one))
                keys[key] = value.keys.get(key, one.at)
            elif one.items is not None:
                for each in reversed(one.items):
                    self._fill(each, found, keys)
            else:
                self._fill(one, found, keys)

    def _set(self, key: str, before: Value | None, now: Value) -> Value:
        if before is None or now.is_null:
            return now
        if key in self.appended and before.items is not None and now.items is not None:
            return now._replace(items=(*before.items, *now.items))
        if before.fields is None or now.fields is None:
            return now
        if key in self.maps:
            self.twice += [
                (one, now.keys.get(one, now.at)) for one in now.fields if one in before.fields
            ]
        fields = {**before.fields, **now.fields}
        return now._replace(fields=fields, keys={**before.keys, **now.keys})
