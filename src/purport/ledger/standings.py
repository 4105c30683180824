"""How claims stand by what people decided: the condition that a search sets."""

from sqlalchemy import ColumnElement, exists, select

from purport.core.errors import UsageError
from purport.core.reviews import ASKED, DIFFERING, JUDGED, REVIEWED, UNREVIEWED
from purport.ledger.tables import claims, standings

_JUDGED = (*JUDGED, DIFFERING)


def stands(state: str) -> ColumnElement[bool]:
    """The condition that a claim stands so now. Raises UsageError for a state that there is not."""
    if state not in ASKED:
        raise UsageError(f"{state!r} is not how a claim can stand. It is one of {', '.join(ASKED)}.")
    later = standings.alias("later")
    newer = exists().where(later.c.claim == standings.c.claim, later.c.number > standings.c.number)
    wanted = _JUDGED if state in (REVIEWED, UNREVIEWED) else (state,)
    found = claims.c.number.in_(select(standings.c.claim).where(standings.c.state.in_(wanted), ~newer))
    return ~found if state == UNREVIEWED else found
