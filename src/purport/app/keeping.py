"""Searches that people keep: by a name, each with how much came in since it was last looked at."""

from collections.abc import Mapping

from purport.app.house import House
from purport.core.errors import NotFoundError, UsageError
from purport.core.ids import make_id
from purport.core.ports import Searches
from purport.core.records import Query
from purport.core.reviews import Saved

MOST = 100  # new claims that are counted; beyond that it is "100 and more"
HELD = 40  # searches of one person
LONGEST = 80  # characters of a name


def save(house: House, who: str, name: str, asked: Mapping[str, str]) -> Saved:
    """Keep a search, or put another one in the place of its namesake. Raises UsageError."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise UsageError(f"Give the search a name of at most {LONGEST} characters.")
    narrows = tuple((key, value) for key, value in asked.items() if value)
    if not narrows:
        raise UsageError("There is nothing to keep: search for words, or narrow by something, first.")
    held = [one.name for one in _searches(house).saved(who)]
    if len(held) >= HELD and name not in held:
        raise UsageError(f"There are {HELD} searches already. Drop one first.")
    return _booked(house, who, name, narrows, _now(house))


def drop(house: House, who: str, name: str) -> None:
    """Keep a search no longer; its rows stay. Raises NotFoundError."""
    one = named(house, who, name)
    _booked(house, who, one.name, (), one.seen)


def looked(house: House, who: str, name: str) -> Saved:
    """Write down that somebody looks at a search now; gives it as it was. Raises NotFoundError."""
    one = named(house, who, name)
    if one.seen != _now(house):
        _booked(house, who, one.name, one.asked, _now(house))
    return one


def named(house: House, who: str, name: str) -> Saved:
    for one in _searches(house).saved(who):
        if one.name == name:
            return one
    raise NotFoundError(f"There is no search of yours called {name!r}.")


def saved(house: House, who: str) -> tuple[Saved, ...]:
    """The searches that somebody keeps."""
    return tuple(_searches(house).saved(who))


def new(house: House, query: Query, seen: int) -> int:
    """How many claims that match came in reports after that number; at most MOST."""
    return _searches(house).arrived(query, seen, MOST) if _now(house) > seen else 0


def _now(house: House) -> int:
    return house.view.sizes()["reports"]


def _booked(house: House, who: str, name: str, asked: tuple[tuple[str, str], ...], seen: int) -> Saved:
    at = house.clock.now()
    before = next((one.id for one in _searches(house).saved(who) if one.name == name), "")
    made = Saved(make_id("search", who, name, asked, seen, at.isoformat(), before), who, name, asked, seen, at)
    _searches(house).save(made)
    return made


def _searches(house: House) -> Searches:
    for found in house.searches:
        return found
    raise UsageError("Searches are kept in the ledger; this house has none.")
