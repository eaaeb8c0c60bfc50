"""One row of the matrix while its edited cells are read: who gets which letter; what clashes."""

from collections.abc import Iterator

from registry.edit.change import FieldChange, FieldValue, RefusedChange
from registry.export.tables._raci import letters
from registry.model.ownership import Layer
from registry.model.reference import names

_LISTS = {"R": "responsible", "C": "consulted", "I": "informed"}
_RANK = {"": 9, "I": 3, "C": 2, "R": 1, "A": 0, "A/R": 0}


class EditedRow:
    """A layer as it is, and what its cells ask for.

    `keeps_accountable` is for a template, in which an empty cell says nothing: a letter beside it,
    as `R` for whoever is accountable, is added and takes nothing away.
    """

    def __init__(self, id_: str, layer: Layer, *, keeps_accountable: bool) -> None:
        self.id = id_
        self.layer = layer
        self.keeps_accountable = keeps_accountable
        self._texts: dict[str, tuple[str | None, str]] = {}
        self._who: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._letters: dict[str, list[tuple[str, str]]] = {}

    def say(self, field: str, text: str | None, where: str) -> None:
        """Give a text field another value."""
        self._texts[field] = (text, where)

    def say_who(self, field: str, ids: tuple[str, ...], where: str) -> None:
        """Give `team` or `accountable` other names."""
        self._who.setdefault(field, []).append((ids, where))

    def letter(self, id_: str, letter: str, where: str) -> None:
        """Give somebody a letter; an empty one takes it away."""
        self._letters.setdefault(id_, []).append((letter, where))

    def gone(self, id_: str, where: str) -> None:
        """Note that a name is gone from a cell, unless it has a letter in another one."""
        if not any(letter for letter, _ in self._letters.get(id_, ())):
            self._letters.setdefault(id_, []).append(("", where))

    # -- what clashes ------------------------------------------------------------------------

    def contradictions(self) -> Iterator[RefusedChange]:
        """Yield what cannot all be meant, each with the cells that say it."""
        for id_, said in self._wanted.items():
            if len({letter for letter, _ in said}) > 1:
                shown = " and ".join(f"`{letter}` in {where}" for letter, where in said)
                message = f"`{id_}` has two letters in the row `{self.id}`: {shown}"
                yield RefusedChange(said[-1][1], message, "keep one of the two")
        for field, said_who in self._who.items():
            if len({ids for ids, _ in said_who}) > 1:
                cells = " and ".join(where for _, where in said_who)
                message = f"the `{field}` of `{self.id}` differs: {cells}"
                yield RefusedChange(said_who[-1][1], message, "change both, or leave one as it was")
        yield from self._several("team", self._ids("team"))
        yield from self._several("accountable", self._accountable())
        yield from self._against_the_column()

    @property
    def _wanted(self) -> dict[str, list[tuple[str, str]]]:
        """Letters by id; what is only gone from one cell does not speak against another."""
        found = {}
        for id_, said in self._letters.items():
            kept = [one for one in said if one[0]]
            found[id_] = kept or said
        return found

    def _several(self, field: str, ids: tuple[str, ...]) -> Iterator[RefusedChange]:
        before = names(getattr(self.layer, field))
        if len(ids) > 1 and set(ids) != set(before):
            who = " and ".join(f"`{id_}`" for id_ in ids)
            message = f"{who} would both be the `{field}` of `{self.id}`, and it is one"
            yield RefusedChange(
                self._place_of(field), message, "name one, and empty the other cell"
            )

    def _against_the_column(self) -> Iterator[RefusedChange]:
        """Yield a letter A that the column `accountable`, edited too, gives to somebody else."""
        named = self._who.get("accountable")
        for id_, said in self._wanted.items():
            letter, where = said[-1]
            if named and letter in {"A", "A/R"} and id_ not in named[-1][0]:
                message = f"`{id_}` is accountable here, and {named[-1][1]} names another"
                yield RefusedChange(where, message, "let both say the same")

    def _place_of(self, field: str) -> str:
        if field in self._who:
            return self._who[field][-1][1]
        said = [one[-1][1] for one in self._wanted.values() if one[-1][0] in {"A", "A/R"}]
        return said[-1] if said else ""

    # -- what changes ------------------------------------------------------------------------

    def changes(self) -> Iterator[FieldChange]:
        """Yield each field that becomes another, in the model's order."""
        for field in Layer.model_fields:
            for value, where in self._value(field):
                yield FieldChange("ownership", self.id, field, value, where)

    def _value(self, field: str) -> Iterator[tuple[FieldValue, str]]:
        if field in self._texts:
            yield self._texts[field]
        elif field == "team" and "team" in self._who:
            yield _one(self._ids("team")), self._place_of("team")
        elif field == "accountable":
            found = self._accountable()
            if found != names(self.layer.accountable):
                where = self._place_of("accountable") or self._any_place()
                yield _one(found), where
        elif field in _LISTS.values():
            before: tuple[str, ...] = tuple(getattr(self.layer, field))
            after = self._list(field)
            if after != before:
                yield after or None, self._any_place()

    def _any_place(self) -> str:
        return next(said[-1][1] for said in self._letters.values())

    def _ids(self, field: str) -> tuple[str, ...]:
        if field in self._who:
            return self._who[field][-1][0]
        return names(getattr(self.layer, field))

    def _accountable(self) -> tuple[str, ...]:
        if "accountable" in self._who:
            return self._ids("accountable")
        new = {id_: said[-1][0] in {"A", "A/R"} for id_, said in self._wanted.items()}
        held = names(self.layer.accountable)
        kept = [id_ for id_ in held if self.keeps_accountable or new.get(id_, True)]
        return tuple(dict.fromkeys((*kept, *(id_ for id_, is_new in new.items() if is_new))))

    def _list(self, field: str) -> tuple[str, ...]:
        """Return a list with the names whose letter puts them there.

        A name whose stronger letter hid this one, and still does, stays.
        """
        own = next(letter for letter, name in _LISTS.items() if name == field)
        before = letters(self.layer)
        found = list(getattr(self.layer, field))
        for id_, said in self._wanted.items():
            letter = said[-1][0]
            is_in = own in letter.split("/")
            old = before.get(id_, "")
            is_hidden = _RANK[old] < _RANK[own] and own not in old and _RANK[letter] < _RANK[own]
            if is_in and id_ not in found:
                found.append(id_)
            elif not is_in and not is_hidden:
                found = [one for one in found if one != id_]
        return tuple(found)


def _one(ids: tuple[str, ...]) -> FieldValue:
    return (ids[0] if len(ids) == 1 else ids) if ids else None
