"""Random routing trees and labels, and how real ones are written down."""

from random import Random

from registry.deployed.model import Integration, Matcher, Receiver, Route, Router, Where
from registry.deployed.routing.labels import ABSENT, ANYTHING, Known, Labels

HERE = Where("alertmanager.yml")
NAMES = ("team", "severity", "env", "x")
WRITTEN = ("db", "web", "page", "warn", "prod", "prod2", "")
PATTERNS = (
    *("prod", "prod.*", ".*", ".+", "db|web", "", "|page", "p(age|rod)", "[a-z]+", "prod[0-9]"),
    *("(?i)PROD", "[^p].*", "w.?rn", "^(db|prod)$", r"\Qa.b\E", "(?s).+", r"prod\d*", "[dw]eb|db"),
)
VALUES = (*WRITTEN, "q", "PROD", "a\nb", "prodx", "zz9", "warrn", "\n", "été", "a.b", 'a"\\')


def matcher(label: str, operator: str, value: str) -> Matcher:
    return Matcher(label, operator, value, HERE)  # type: ignore[arg-type]


def route(
    receiver: str, *wants: str, goes_on: bool = False, routes: tuple[Route, ...] = ()
) -> Route:
    """Write a route shortly: `route("db", "team=db", "env=~prod.*")`."""
    found = []
    for want in wants:
        operator = next(sign for sign in ("=~", "!~", "!=", "=") if sign in want)
        label, value = want.split(operator, 1)
        found.append(matcher(label, operator, value))
    return Route(receiver, HERE, tuple(found), goes_on, routes=routes)


def router(root: Route, silent: tuple[str, ...] = ()) -> Router:
    """A router in which every receiver notifies but those that are `silent`."""
    names: dict[str, Receiver] = {}
    left = [root]
    while left:
        one = left.pop()
        ways = () if one.receiver in silent else (Integration("webhook", HERE),)
        names[one.receiver] = Receiver(one.receiver, HERE, ways)
        left += one.routes
    return Router(HERE, "prometheus", root, names)


def random_matcher(random: Random, names: tuple[str, ...] = NAMES) -> Matcher:
    operator = random.choice(["=", "=", "!=", "=~", "=~", "!~"])
    value = random.choice(PATTERNS if "~" in operator else WRITTEN)
    return matcher(random.choice(names), operator, value)


def random_tree(random: Random, depth: int = 0, count: list[int] | None = None) -> Route:
    count = [0] if count is None else count
    count[0] += 1
    number = count[0] if random.random() < 0.8 else random.randint(1, count[0])
    return Route(
        f"r{number}",
        HERE,
        tuple(random_matcher(random) for _ in range(random.choice([0, 1, 1, 2]) if depth else 0)),
        depth > 0 and random.random() < 0.3,
        routes=tuple(
            random_tree(random, depth + 1, count)
            for _ in range(random.choice([0, 1, 2, 3]) if depth < 3 else 0)
        ),
    )


def random_labels(random: Random) -> dict[str, str]:
    return {name: random.choice(VALUES) for name in NAMES if random.random() < 0.6}


def random_knowledge(random: Random) -> Labels:
    known: dict[str, Known] = {}
    for name in NAMES:
        which = random.random()
        if which < 0.3:
            known[name] = Known(random.choice(VALUES))
        elif which < 0.4:
            known[name] = ABSENT
        elif which < 0.65:
            wants = (random_matcher(random, (name,)) for _ in range(random.choice([1, 2])))
            known[name] = Known(holds=tuple(wants))
        elif which < 0.8:
            known[name] = ANYTHING
    return Labels(known, random.choice([ANYTHING, ABSENT]))
