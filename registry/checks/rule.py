"""What a rule is, and what it sees."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeVar, get_args

from registry.clock.civil import local_date, zone
from registry.diagnostic import Diagnostic, Label, Severity
from registry.model.entity import Entity
from registry.model.format import MANIFEST, STAGES
from registry.model.metrics import SeverityLevel, SeverityName
from registry.model.moments import beginning
from registry.model.people import Person
from registry.model.scalars import Moment
from registry.model.sections import SECTION_OF
from registry.model.settings import Settings
from registry.plugins import docstring
from registry.span import KeyPath, Location, Part
from registry.workspace.indexes import Indexes
from registry.workspace.policy import Policy
from registry.workspace.reads import note
from registry.workspace.severity import severity
from registry.workspace.workspace import Workspace

if TYPE_CHECKING:
    from registry.oncall.horizon import Horizon

HORIZON = "=horizon"
"""What is noted of a rule that asks the horizon: it may rest on all that others asked it for."""

E = TypeVar("E", bound=Entity)
T = TypeVar("T")
Field = str | KeyPath
_LETTERS = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO, "·": None}


class Context:
    """The loaded registry, the policy and the instant: all that a rule may ask of.

    `room` is where the rules stand that see this context: those of other rooms do not run. Times
    are told in `tz`, else in the zone that they are about.
    """

    room: ClassVar[str] = "checks"

    def __init__(
        self, workspace: Workspace, policy: Policy, at: datetime, tz: str | None = None
    ) -> None:
        self.workspace = workspace
        self.policy = policy
        self.at = at
        self.tz = tz
        self.indexes = Indexes(workspace, at)
        self._horizon: list[Horizon] = []
        self._dates: dict[str, date] = {}
        self._severities: dict[str, SeverityLevel] = {}

    @property
    def horizon(self) -> "Horizon":
        """Who is on call within the policy's horizon; one for all rules, made on first use."""
        note(HORIZON)
        if not self._horizon:
            from registry.oncall.horizon import Horizon

            horizon = Horizon(self.workspace, self.at, self.settings.horizon, self.tz)
            self._horizon.append(horizon)
        return self._horizon[0]

    @property
    def settings(self) -> Settings:
        """The policy's thresholds."""
        return self.policy.settings

    def severity(self, name: SeverityName) -> SeverityLevel:
        """Tell what a severity means here, as `registry.workspace.severity.severity`."""
        if name not in self._severities:
            self._severities[name] = severity(self.workspace, self.settings, name)
        return self._severities[name]

    def each(self, model: type[E]) -> Iterable[tuple[str, E]]:
        """Yield each entity of a section with its id."""
        return self.workspace.all(model).items()

    def zone_of(self, person: str | None = None) -> str:
        """Name the zone of a person, else the manifest's, else UTC."""
        found = self.workspace.all(Person).get(person) if person else None
        own = found.timezone if found else None
        return own or self.workspace.manifest.timezone or "UTC"

    def today(self, person: str | None = None) -> date:
        """Return the date at the check's instant where a person is, else in the manifest's zone."""
        where = self.zone_of(person)
        if where not in self._dates:
            self._dates[where] = local_date(self.at, where)
        return self._dates[where]

    def is_over(self, end: Moment | None, since: timedelta = timedelta()) -> bool:
        """Whether an end has passed, in the manifest's zone, and is longer ago than `since`.

        A date alone is inclusive. What ends at this very instant has passed.
        """
        if end is None or end.date == date.max:
            return False
        local = end.civil + timedelta(days=end.is_date)
        local = local if local.tzinfo else local.replace(tzinfo=zone(self.zone_of()))
        age = self.at.astimezone(UTC) - local
        return age > since if since else age >= since

    def has_happened(self, done: Moment) -> bool:
        """Whether something that is said to be done may be: not on a day that is still to come.

        The day after the check's, in the manifest's zone, is today somewhere.
        """
        today = self.today()
        return done[:10] < today.isoformat() or self._day(done) <= today + timedelta(days=1)

    def is_before(self, first: Moment, second: Moment) -> bool:
        """Whether one instant is before another in the manifest's zone; a date alone is a day."""
        if first.is_date or second.is_date:
            return self._day(first) < self._day(second)
        one, other = first.civil, second.civil
        if one.tzinfo and other.tzinfo:
            return one < other
        return beginning(first, self.zone_of()) < beginning(second, self.zone_of())

    def _day(self, moment: Moment) -> date:
        civil = moment.civil
        return local_date(civil, self.zone_of()) if civil.tzinfo else moment.date

    def may_hide(self, id_: str) -> bool:
        """Whether something that failed to load mentions this id: then its absence is uncertain."""
        return self.workspace.may_hide(id_)

    def may_be_any(self, model: type[Entity], field: str) -> bool:
        """Whether an entity did not load for want of a `field`, an enumeration: it may be any kind.

        Where another of its fields is what is wrong, `may_hide` knows the kind as a word.
        """
        section = SECTION_OF[model]
        kinds = get_args(model.__annotations__[field])
        failed = self.workspace.failed.get(section, {}).values()
        return any(not isinstance(raw, dict) or str(raw.get(field)) not in kinds for raw in failed)

    def places(
        self, model: type[Entity], id_: str, field: Field, items: Iterable[T]
    ) -> Iterator[tuple[KeyPath, T]]:
        """Yield each item of a list with its place, as `Workspace.places`."""
        return self.workspace.places(SECTION_OF[model], id_, _path(field), items)

    def failed(self, model: type[Entity], id_: str, field: str) -> bool:
        """Whether a field of an entity is there and did not load: what it says is uncertain."""
        key = (SECTION_OF[model], id_)
        return field in self.workspace.failed_fields.get(key, frozenset())

    def label(self, model: type[Entity], id_: str, field: Field = (), message: str = "") -> Label:
        """Point at a field of an entity, or at its key, for a related place."""
        path = _path(field)
        return Label(self.workspace.locate(SECTION_OF[model], id_, path), message)

    def finding(  # noqa: PLR0913 - one finding has that many parts
        self,
        model: type[Entity],
        id_: str,
        field: Field,
        message: str,
        help: str,  # noqa: A002 - the diagnostic's own word
        *,
        related: Iterable[Label] = (),
        distinguish: str = "",
        part: Part = "value",
        says: str = "",
    ) -> Diagnostic:
        """Report a fault at a field that is there; `says` is the text beside the caret."""
        section, path = SECTION_OF[model], _path(field)
        where = self.workspace.locate(section, id_, path, part)
        return Diagnostic(
            self.code, message, Label(where, says), help, tuple(related),
            (section, id_), path or None, distinguish,
        )  # fmt: skip

    def missing(  # noqa: PLR0913 - one finding has that many parts
        self,
        model: type[Entity],
        id_: str,
        field: Field,
        message: str,
        help: str,  # noqa: A002
        *,
        related: Iterable[Label] = (),
    ) -> Diagnostic:
        """Report a field that is not there, at the key of what it belongs in.

        That is the entity's key or, of a list that is empty, the list's. A placeholder is quoted.
        """
        section, path = SECTION_OF[model], _path(field)
        where, quoted = self.workspace.locate(section, id_, path, "key"), None
        for place, text in self.workspace.placeholders.get((section, id_), {}).items():
            if place[: len(path)] == path:
                where, quoted = self.workspace.locate(section, id_, place), text
                break
        if quoted is not None:
            message += f" (`{quoted}` counts as missing)" if quoted else " (its value is empty)"
        return Diagnostic(
            self.code, message, Label(where), help, tuple(related), (section, id_), path
        )

    def unowned(
        self,
        model: type[Entity],
        id_: str,
        field: Field,
        value: str | tuple[str, ...] | None,
        called: str,
    ) -> Iterator[Diagnostic]:
        """Report an owning field that names no one person, as `graph.owner_problem` has it.

        `called` is what messages call the thing that is owned, as "metric `groundedness`".
        """
        problem = self.indexes.owner_problem(value)
        help_ = "set `owner` to one person, or to a role that one person holds"
        if problem == "nobody":
            yield self.missing(model, id_, field, f"{called} has no owner", help_)
        elif problem:
            message = f"{called} is owned by {problem}: nobody in particular"
            yield self.finding(model, id_, field, message, help_)

    def absent(self, section: str, id_: str, setting: str, message: str, help: str) -> Diagnostic:  # noqa: A002
        """Report something that the policy asks for and that is nowhere.

        It stands at the line of the user's policy that asks, else at the manifest's `stage`. A
        `setting` that is a list or a mapping asks with its item `id_`.
        """
        asks = self.policy.asks
        where, says = asks.get((setting, id_)) or asks.get((setting,)), "asked for here"
        if where is None:
            where = Location(MANIFEST, ("stage",) if self.workspace.has_manifest_stage else ())
            says = "this stage asks for it"
        return Diagnostic(self.code, message, Label(where, says), help, (), (section, id_))

    code = ""
    """The rule that is running; the engine sets it on a copy."""

    def of(self, code: str) -> Self:
        """Return this context as the rule `code` sees it: findings carry its code."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.code = code
        return copy

    def forget(self) -> None:
        """Forget the answers about single ids: whoever asks again reads again what they rest on."""
        self._dates = {}
        self._severities = {}
        self.indexes.forget()


Check = Callable[[Any], Iterator[Diagnostic]]
"""What a rule does: it takes the context of its room, and yields what it finds."""


class Rule(NamedTuple):
    """One rule: what it finds, how much that matters at each stage, and how it looks.

    `check` is None for what loading or suppression itself reports. `room` is where it stands, and
    so which command runs it: `checks`, or `audit`.
    """

    code: str
    name: str
    summary: str
    why: str
    mend: str
    severities: dict[str, Severity | None]
    seeds: tuple[int, ...]
    settings: tuple[str, ...]
    check: Check | None
    room: str = Context.room

    @property
    def command(self) -> str:
        """The command that runs it."""
        return "check" if self.room == Context.room else self.room


def rule(  # noqa: PLR0913 - the parts of a rule
    module: str,
    doc: str | None,
    severities: str,
    check: Check | None = None,
    *,
    seeds: tuple[int, ...] = (),
    settings: tuple[str, ...] = (),
) -> Rule:
    """Make a rule of its module: the name gives code and name, the docstring the explanation.

    `severities` is as in the catalogue, for poc, pilot and production: `W E E`, `· I W`. The
    docstring is a summary paragraph, one that begins `Why:` and one that begins `Mend:`; where
    Python has dropped it, it is read from the source. A plugin's rules stand in the room `checks`.
    Raises ValueError where one of these is missing.
    """
    own, _, stem = module.rpartition(".")
    house = own.removeprefix("registry.").removesuffix(".rules")
    room = house if own.startswith("registry.") else Context.room
    code, _, name = stem.partition("_")
    summary, why, mend = _explanation(doc or docstring(module), stem)
    levels = [_LETTERS[letter] for letter in severities.split()]
    return Rule(
        code.upper(),
        name.replace("_", "-"),
        summary,
        why,
        mend,
        dict(zip(STAGES, levels, strict=True)),
        seeds,
        settings,
        check,
        room,
    )


def _explanation(doc: str, stem: str) -> tuple[str, str, str]:
    parts = [" ".join(part.split()) for part in doc.strip().split("\n\n")]
    why = next((part[4:].strip() for part in parts if part.startswith("Why:")), "")
    mend = next((part[5:].strip() for part in parts if part.startswith("Mend:")), "")
    if not parts[0] or not why or not mend:
        raise ValueError(f"{stem}: the docstring needs a summary, `Why:` and `Mend:`")
    return parts[0], why, mend


def _path(field: Field) -> KeyPath:
    return (field,) if isinstance(field, str) else field
