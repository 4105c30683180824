"""`purport trace --footage`: reports whose videos show the same moments rest on the older one, and it is booked."""

import json
import sqlite3
from typing import NoReturn

import cv2
import pytest
from desk_samples import Desk
from film_samples import Picture, fair, film

from purport.edges.workshop import ProcessWorkshop

pytestmark = pytest.mark.usefixtures("quick")

RATE = 15
REPORTS = [
    {
        "id": "1",
        "outlet": "Dolva Post",
        "published": "2031-05-02",
        "text": "A 12-second video released on 2 May shows balloons over the fair in Quillmarsh.",
    },
    {
        "id": "2",
        "outlet": "Sarn Radio",
        "published": "2031-05-06",
        "text": "A 6-second video released on 6 May shows balloons over the fair in Quillmarsh, and a hall behind it.",
    },
]


def mirrored(shown: Picture) -> Picture:
    return cv2.flip(shown, 1).astype("uint8")


def day(number: int) -> dict[str, str]:
    return {"creation_time": f"2031-05-{number:02}T10:00:00Z"}


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A film of twelve seconds, and one of six that shows five of them, mirrored; a report of each."""
    film(desk.folder / "fair.mp4", (fair(n / RATE, 1) for n in range(12 * RATE)), RATE, tags=day(2))
    later = (mirrored(fair(4 + n / RATE, 1)) if n < 5 * RATE else fair(n / RATE, 7) for n in range(6 * RATE))
    film(desk.folder / "later.mp4", later, RATE, tags=day(6))
    desk.run("footage", "add", "fair.mp4")
    desk.run("footage", "add", "later.mp4")
    desk.put("reports.jsonl", "\n".join(map(json.dumps, REPORTS)))
    desk.run("read", "reports.jsonl")
    return desk


def origins(desk: Desk, *words: str) -> list[str]:
    (found,) = desk.lines("trace", "--all", "--json", *words)
    return sorted(origin["name"] for origin in found["origins"])


def releases(desk: Desk) -> dict[str, str]:
    listed = desk.lines("footage", "list", "--json")
    return {release["place"].rpartition("/")[2]: release["release"] for release in listed}


def idle(*_: object) -> NoReturn:
    raise AssertionError("a worker was asked again")


def test_reports_whose_videos_show_the_same_rest_on_the_older_one(told: Desk) -> None:
    assert origins(told) == ["fair.mp4", "later.mp4"]
    assert origins(told, "--footage") == ["fair.mp4"]
    (found,) = told.lines("trace", "--all", "--json")
    (origin,) = found["origins"]
    shown = [ground["words"] for ground in origin["evidence"] if ground["kind"] == "same footage"]
    assert "0.0–5.0 s shows 4.0–9.0 s" in shown


def test_what_was_found_is_booked_and_looked_up(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (before,) = {
        release["release"] for release in told.lines("footage", "list", "--json") if "later" in release["place"]
    }
    first = told.lines("footage", "find", before, "--json")
    assert [(match["kind"], match["mirrored"]) for match in first] == [("same footage", True)]
    assert "Compared" not in told.run("footage", "find", "later.mp4").stdout
    monkeypatch.setattr(ProcessWorkshop, "do", idle)
    assert told.lines("footage", "find", before[:16], "--json") == first
    assert "Searched: 1 release, 0:12.0 of video. Compared " in told.run("footage", "find", before).stdout
    assert origins(told) == ["fair.mp4"]  # without a search of its own
    with sqlite3.connect(told.folder / "purport.db") as connection:
        rows = connection.execute("SELECT place, reference_place, kind, searched FROM matches_plain").fetchall()
    assert rows == [("later.mp4", "fair.mp4", "same footage", 1)]
    told.run("verify")


def test_a_library_that_grew_is_searched_again(told: Desk) -> None:
    id = releases(told)["later.mp4"]
    told.run("footage", "find", id)
    film(told.folder / "third.mp4", (fair(n / RATE, 7) for n in range(4 * RATE, 9 * RATE)), RATE)
    told.run("footage", "add", "third.mp4")
    shown = told.run("footage", "find", id).stdout
    assert "Searched: 2 releases" in shown
    assert "Compared" not in shown
    assert "Compared" in told.run("footage", "find", id).stdout


def test_what_could_not_be_searched_is_not_booked(told: Desk) -> None:
    places = {
        release["place"].rpartition("/")[2]: release["release"] for release in told.lines("footage", "list", "--json")
    }
    (told.folder / "purport.prints" / f"{places['fair.mp4']}.prints").unlink()
    assert "was not searched" in told.run("footage", "find", places["later.mp4"]).stderr
    told.run("footage", "add", "fair.mp4")
    assert "same footage" in told.run("footage", "find", places["later.mp4"]).stdout
