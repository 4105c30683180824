"""What has to be looked at again when an origin was edited, deleted, denied or found reused."""

from trace_samples import Told

from purport.core.ids import make_id
from purport.core.origins import DELETED, DENIED, EDITED, REUSED, Event
from purport.trace.graph import build
from purport.trace.known import know
from purport.trace.ripple import ripple
from purport.trace.threads import groups

SAYS = [["Coast Monitor", "organisation", "the camp was built in a week"]]
STORY = (
    {"outlet": "Wire", "says": [*SAYS, ["Oda Brell", "person", "nobody slept that night"]]},
    {"outlet": "Copy", "copies": ["Wire"], "says": SAYS},
    {"outlet": "Own", "says": [["Pell Marrow", "person", "he had seen the camp"]]},
    {"outlet": "Both", "says": [["Coast Monitor + Pell Marrow", "person", "it was cold"]]},
)


def marks(event: Event, briefs: dict[str, list[str]] | None = None, story=STORY):  # type: ignore[no-untyped-def]
    made = Told(story)
    material = made.material()
    known = know(material.readings, material.copies, material.references)
    outlets = {id: outlet for outlet, id in made.ids.items()}
    claims = {claim.id: report.outlet for report, held in made.readings for claim in held}
    found = ripple(build(material, known), event, groups(known), briefs or {})
    return made, [(one, outlets.get(one.id) or claims.get(one.id) or one.id) for one in found]


def test_all_that_rests_on_a_denied_source_is_marked_and_nothing_else() -> None:
    _, found = marks(Event("speaker:coast monitor", DENIED))
    assert {(one.kind, where) for one, where in found} == {
        ("claim", "Wire"),
        ("claim", "Copy"),
        ("report", "Wire"),
        ("report", "Copy"),
    }


def test_what_has_nothing_else_to_rest_on_is_told_apart() -> None:
    _, found = marks(Event("speaker:coast monitor", DENIED))
    alone = {(one.kind, where): one.alone for one, where in found}
    assert alone["claim", "Copy"]
    assert not alone["report", "Wire"]  # it has Oda Brell, too
    (claim,) = [one for one, where in found if (one.kind, where) == ("claim", "Copy")]
    assert "Coast Monitor is denied" in claim.reason
    assert "nothing else" in claim.reason
    assert claim.path[0] == "the camp was built in a week"
    assert claim.path[-1] == "Coast Monitor"


def test_an_edited_report_marks_its_copies() -> None:
    made = Told(STORY)
    _, found = marks(Event(made.ids["Wire"], EDITED, "the headline was changed on 8 March"))
    assert {where for _, where in found} == {"Wire", "Copy"}
    assert all("the headline was changed on 8 March" in one.reason for one, _ in found)


def test_a_claim_that_falls_does_not_pull_other_claims_of_its_report_along() -> None:
    made = Told(STORY)
    other = made.readings[0][1][1]  # of Oda Brell, which Copy does not have
    _, found = marks(Event(other.id, DELETED))
    assert {(one.kind, where) for one, where in found} == {("claim", "Wire"), ("report", "Wire")}


def test_reused_footage_reaches_the_reports_that_show_it() -> None:
    story = ({"outlet": "Lens", "shows": "tide.mp4", "says": [["the video", "video", "men at low tide"]]},)
    _, found = marks(Event(make_id("release", "tide.mp4"), REUSED, "it shows a drill of two years ago"), story=story)
    assert {(one.kind, where) for one, where in found} == {("claim", "Lens"), ("report", "Lens")}
    assert all(one.alone for one, _ in found)


def test_issued_briefs_are_marked_by_what_they_use() -> None:
    made = Told(STORY)
    copied = made.readings[1][1][0].id
    briefs = {"brief-a": [copied], "brief-b": [made.ids["Own"]]}
    _, found = marks(Event("speaker:coast monitor", DENIED), briefs)
    assert [one.id for one, _ in found if one.kind == "brief"] == ["brief-a"]


def test_what_nothing_rests_on_marks_nothing() -> None:
    assert marks(Event("speaker:nobody", DENIED))[1] == []
