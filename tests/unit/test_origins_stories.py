"""Which reports belong together until stories are grouped as they arrive."""

from trace_samples import Told

from purport.trace.known import know
from purport.trace.together import stories


def together(*told: dict[str, object]) -> list[set[str]]:
    made = Told(told)
    material = made.material()
    known = know(material.readings, material.copies, material.references)
    outlets = {id: outlet for outlet, id in made.ids.items()}
    found = stories(known, material.copies, material.links, (), material.references)
    return [{outlets[id] for id in story.reports} for story in found]


def said(source: str, content: str) -> list[str]:
    return [source, "person", content]


def test_copies_links_and_footage_join() -> None:
    found = together(
        {"outlet": "Wire", "says": [said("Oda Brell", "the pier of Sennet was closed")]},
        {"outlet": "Copy", "copies": ["Wire"]},
        {"outlet": "Blog", "links": ["Copy"]},
        {"outlet": "Lens", "shows": "tide.mp4"},
        {"outlet": "Clip", "shows": "tide.mp4"},
        {"outlet": "Else", "says": [said("Lena Orrel", "the choir of Hale would sing")]},
    )
    assert found == [{"Wire", "Copy", "Blog"}, {"Lens", "Clip"}, {"Else"}]


def test_a_credited_report_is_joined_where_both_are_about_the_same() -> None:
    wire = {"outlet": "Wire", "says": [said("Oda Brell", "the bridge at Low Hythe fell")]}
    same = {"outlet": "Paper", "credits": ["Wire"], "says": [said("people", "a bridge fell at Low Hythe")]}
    other = {"outlet": "Daily", "credits": ["Wire"], "says": [said("people", "prices rose again")]}
    assert together(wire, same, other) == [{"Wire", "Paper"}, {"Daily"}]


def test_one_speaker_in_common_joins_nothing_and_two_do() -> None:
    first = {"outlet": "A", "says": [said("Oda Brell", "it rained on the pier"), said("Pell Marrow", "he swam home")]}
    one = {"outlet": "B", "says": [said("Oda Brell", "she liked the new lamps")]}
    two = {"outlet": "C", "says": [said("Oda Brell", "the barge was late"), said("Pell Marrow", "the sea was cold")]}
    assert together(first, one, two) == [{"A", "C"}, {"B"}]


def test_the_id_is_that_of_the_earliest_report_and_order_does_not_matter() -> None:
    made = Told([{"outlet": "Wire"}, {"outlet": "Copy", "copies": ["Wire"]}, {"outlet": "Else"}])
    known, turned = (know(readings, made.copies, ()) for readings in (made.readings, made.readings[::-1]))
    assert stories(known, made.copies) == stories(turned, made.copies)
