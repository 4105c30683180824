"""An invented story in six reports, so that a newcomer sees what Purport does, offline.

Every place, group, outlet and person in it is made up.
"""

from importlib.resources import files
from pathlib import Path

_REPORTS = (
    "1-harbour-wire.html",
    "2-sennet-courier.html",
    "3-northlight.html",
    "4-velmora-today.html",
    "5-ellin-observer.html",
    "6-harbour-wire-correction.html",
)


def places() -> list[Path]:
    """The reports' files, in the order they were published: release, copy, rewriting, denial, doubt, correction."""
    return [Path(str(files(__name__).joinpath(name))) for name in _REPORTS]
