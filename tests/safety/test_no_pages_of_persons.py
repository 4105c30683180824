"""Only offices and bodies have a page of what they are quoted with; no person has one, and nobody is listed."""

from pathlib import Path

import pytest

from purport import app
from purport.app import quoting
from purport.core.errors import NotFoundError
from purport.wiring import Config, open_house

PERSONS = ("Oda Brell", "Dorin Vask", "Lena Marsh", "Tom Ferrow")
TEXT = (
    "Oda Brell said the bread was late. Oda Brell denied that she had left the shop. "
    "The mayor accused Oda Brell of lying. Mayor Dorin Vask said the town was safe. Dorin Vask said he was tired. "
    "Lena Marsh, a spokeswoman for the interior ministry, said the road was open. "
    "The interior ministry denied that the road was closed. Resident Tom Ferrow told the Kest Post that he saw smoke. "
    "The Reed Council accused the interior ministry.\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> app.House:
    folder: Path = tmp_path_factory.mktemp("persons")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    made = open_house(Config(ledger=f"sqlite:///{folder / 'purport.db'}", who="test"))
    list(app.read(made, [str(folder / "a.txt")]))
    return made


def quoted(house: app.House, name: str) -> quoting.Quoted:
    return quoting.quoted(house, name, lambda report: app.page_of(house, report))


@pytest.mark.parametrize(
    "name", [*PERSONS, "Brell", "Mayor Dorin Vask", "oda brell", "Nobody Named", "", "he", "resident"]
)
def test_no_person_has_a_page(house: app.House, name: str) -> None:
    with pytest.raises(NotFoundError, match="private persons have none"):
        quoted(house, name)


def test_an_office_has_one_with_what_is_said_for_it_and_of_it(house: app.House) -> None:
    found = quoted(house, "The interior ministry")
    said = [report.text[claim.content[0][0] : claim.content[0][1]] for claim, report in found.by if claim.content]
    assert any("closed" in words for words in said) and any("open" in words for words in said)
    assert any("accused" in report.text[claim.cue[0][0] : claim.cue[0][1]] for claim, report in found.about)


def test_no_name_links_to_a_page_of_a_person(house: app.House) -> None:
    from purport.trace.actors import actors

    seen = 0
    for report in house.view.reports():
        claims = next(house.view.readings(report.id)).claims
        whose = actors(claims, report)
        for claim in claims:
            page = quoting.page_of(claim, whose[claim.id])
            seen += bool(page)
            assert not any(name.split()[-1].lower() in page for name in PERSONS)
    assert seen >= 2  # "the mayor accused …" is taken for somebody named, and so has none


def test_nothing_lists_or_follows_actors() -> None:
    """Kept searches keep what was asked for, and no module of ours has a list of who is looked for."""
    from purport.ledger import tables

    names = {f"{table.name}.{column.name}" for table in tables.metadata.tables.values() for column in table.columns}
    assert not [name for name in names if any(word in name for word in ("actor", "person", "watchlist", "watch_list"))]
