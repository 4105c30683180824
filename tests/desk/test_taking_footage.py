"""Footage that goes along: in each standard that has a place for it, never with a category that nobody decided."""

import io
import json
from collections.abc import Iterator

import ledgers
import pytest
import stix2
from export_samples import INSTALLED, needs_ftm
from litestar.testing import TestClient
from prov.model import ProvDocument

from purport import app
from purport.app import marking
from purport.app.parcels import Wanted, parcel
from purport.brief.exports import FORMS
from purport.desk.app import build
from purport.desk.premises import Premises
from purport.desk.security import token
from purport.ledger.marks import Marks


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    yield from ledgers.filmed(tmp_path_factory.mktemp("films"))


def written(here: Premises, form: str, ceiling: str = "CLEAR") -> str:
    out = io.StringIO(newline="")
    FORMS[form].write(parcel(here.house, Wanted(form, ceiling=ceiling), here.studio), out)
    return out.getvalue()


def names(here: Premises) -> dict[str, str]:
    return {capture.place.rpartition("/")[2]: release.id for release, capture in app.releases(here.house)}


def test_what_was_seen_elsewhere_is_a_media_review_without_a_category(here: Premises) -> None:
    made = json.loads(written(here, "mediareview"))
    reviews = {one["itemReviewed"]["@id"].removeprefix("urn:purport:"): one for one in made["@graph"]}
    films = names(here)
    assert reviews.keys() == {films["pier.mp4"], films["again.mp4"]}
    for one in reviews.values():
        assert "mediaAuthenticityCategory" not in one
        assert "reviewRating" not in one
        assert "originalMediaLink" not in one
        assert one["itemReviewed"]["@type"] == "VideoObject"
        assert "same footage" in one["reviewBody"]
        assert "which of the two came first is not told" in one["reviewBody"]
    assert f"{len(films)} looked at, 2 seen elsewhere" in made["description"]


def test_releases_go_in_the_standards_that_have_a_place_for_them(here: Premises) -> None:
    digests = {capture.digest.removeprefix("sha256:") for _, capture in app.releases(here.house)}
    bundle = stix2.parse(written(here, "stix"), allow_custom=False)
    assert digests <= {one["hashes"]["SHA-256"] for one in bundle.objects if one["type"] == "file"}
    entities = json.loads(written(here, "prov"))["entity"]
    assert {f"purport:{id}" for id in names(here).values()} <= entities.keys()
    assert list(ProvDocument.deserialize(content=written(here, "prov"), format="json").get_records())


@needs_ftm
def test_releases_are_media_in_followthemoney(here: Premises) -> None:
    import followthemoney

    schemata = []
    for line in written(here, "ftm").splitlines():
        data = json.loads(line)
        followthemoney.model.get_proxy(data).schema.validate(data)
        schemata.append(data["schema"])
    kinds = [release.kind.capitalize() for release, _ in app.releases(here.house)]
    assert {kind: schemata.count(kind) for kind in kinds} == {kind: kinds.count(kind) for kind in kinds}
    assert set(kinds) == {"Video", "Image", "Audio"}


def test_the_desk_hands_a_media_review_out(here: Premises) -> None:
    with TestClient(build(here), base_url="http://127.0.0.1") as client:
        (story, *_) = client.get("/api/stories").json()
        form = {"token": token(bytes(32)), "standard": "mediareview", "id": story["story"]}
        made = client.post("/export", data=form).json()
    found = [one["itemReviewed"]["@id"] for one in made["@graph"]]
    assert found == [f"urn:purport:{names(here)['pier.mp4']}"]  # the one that the story's report refers to


def test_footage_that_is_marked_higher_stays_behind_and_is_not_named_by_other_footage(here: Premises) -> None:
    assert isinstance(here.house.marks[0], Marks)
    hidden = names(here)["pier.mp4"]
    marking.mark(here.house, hidden[:14], "AMBER", "it shows who filmed it", "ona")
    for form in {"mediareview", "stix", "ftm", "prov"}.intersection(INSTALLED):
        text = written(here, form)
        assert hidden not in text
        assert "pier.mp4" not in text
        assert "1 release is marked TLP:AMBER" in text
    assert hidden in written(here, "mediareview", "AMBER")
