"""The people and teams of a draft: of the pager, of a catalogue, of what alerts name."""

from collections.abc import Iterator, Mapping

from registry.deployed.draft.names import Drafting, slug
from registry.deployed.model import CatalogueUser, Group, Where
from registry.output.yaml import Json, YamlEntry


class DraftedPeople:
    """People and teams by their new ids; `person_ids` and `team_ids` lead from the estate's own.

    `guessed` says of the names that files only mention why they are drafted.
    """

    def __init__(self, drafting: Drafting, guessed: Mapping[str, str]) -> None:
        self._drafting = drafting
        self._guessed = guessed
        self.person_ids: dict[str, str] = {}
        self.team_ids: dict[str, str] = {}
        self.people = dict(self._read_people())
        self.teams = dict(self._read_teams())

    def _read_people(self) -> Iterator[tuple[str, YamlEntry]]:
        by_email: dict[str, str] = {}
        for user in self._drafting.deployed.users:
            if user.id in self.person_ids:
                continue
            id_ = self._drafting.ids.new(user.name, user.id, kind="person")
            self.person_ids[user.id] = id_
            fields: dict[str, Json] = {"name": user.name or user.id}
            if user.email:
                by_email[user.email.lower()] = id_
                fields["email"] = user.email
            unread: tuple[str, ...] = ()
            if user.blocked:  # the turns are as they were, and nothing reaches the person
                fields.pop("email", None)
                unread = (
                    "the user is blocked in the pager and gets nothing: no way to be reached",
                )
            else:
                fields["contact"] = {"pager": user.id}
            self._drafting.leave(user.where, f"of `{user.name or user.id}`", unread)
            yield id_, YamlEntry(fields, self._drafting.at(user.where), unread)
        for one in self._drafting.deployed.catalogue_users:
            if one.name in self.person_ids:
                continue
            known = by_email.get((one.email or "").lower()) if one.email else None
            if known is not None:
                self.person_ids[one.name] = known
                continue
            yield self._catalogue_person(one)

    def _catalogue_person(self, one: CatalogueUser) -> tuple[str, YamlEntry]:
        id_ = self._drafting.ids.new(one.name.rpartition("/")[2], one.title, kind="person")
        self.person_ids[one.name] = id_
        fields: dict[str, Json] = {"name": one.title or one.name.rpartition("/")[2]}
        if one.email:
            fields["email"] = one.email
        return id_, YamlEntry(fields, self._drafting.at(one.where), self._guess(one.name))

    def _guess(self, name: str) -> tuple[str, ...]:
        """Say why somebody is drafted who is only named."""
        return tuple(filter(None, [self._guessed.get(name)]))

    def _read_teams(self) -> Iterator[tuple[str, YamlEntry]]:
        for group in self._drafting.deployed.groups:
            if group.name in self.team_ids:
                continue
            id_ = self._drafting.ids.new(group.name.rpartition("/")[2], group.title, kind="team")
            self.team_ids[group.name] = id_
            yield id_, self._team(group)
        for label, value, where, number in self.labels():
            if slug(value) in self.team_ids.values():
                continue
            id_ = self._drafting.ids.new(value, kind="team")
            self.team_ids[value] = id_
            alerts = "1 alert says" if number == 1 else f"{number} alerts say"
            yield (
                id_,
                YamlEntry(
                    {"name": value},
                    self._drafting.at(where),
                    (f"a team? {alerts} `{label}: {value}`",),
                ),
            )

    def _team(self, group: Group) -> YamlEntry:
        fields: dict[str, Json] = {"name": group.title or group.name.rpartition("/")[2]}
        members = [self.person_ids[one] for one in group.members if one in self.person_ids]
        members += [
            self.person_ids[one.name]
            for one in self._drafting.deployed.catalogue_users
            if group.name in one.groups and one.name in self.person_ids
        ]
        if group.lead is not None and group.lead in self.person_ids:
            fields["lead"] = self.person_ids[group.lead]
        if members:
            fields["members"] = list(dict.fromkeys(members))
        return YamlEntry(fields, self._drafting.at(group.where), self._guess(group.name))

    def labels(self) -> list[tuple[str, str, Where, int]]:
        """List the values of the labels `team` and `owner`, each with its first place and count."""
        found: dict[tuple[str, str], list[Where]] = {}
        for alert in self._drafting.deployed.alerts:
            for label in ("team", "owner"):
                text = alert.labels.get(label)
                if text is not None and "{{" not in text.value and slug(text.value):
                    found.setdefault((label, text.value), []).append(text.where)
        return [(*key, places[0], len(places)) for key, places in sorted(found.items())]
