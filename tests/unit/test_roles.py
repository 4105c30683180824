"""A full mention split into person, office and organisation."""

import pytest

from purport.read.roles import Parts, parts


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Mira Tolan, spokeswoman for the Harbour Ministry", ("Mira Tolan", "spokeswoman", "Harbour Ministry")),
        ("Harbour Ministry spokeswoman Mira Tolan", ("Mira Tolan", "spokeswoman", "Harbour Ministry")),
        ("Foreign Minister Lio Ferrant", ("Lio Ferrant", "Foreign Minister", "")),
        ("Sabel's foreign minister, Istra Vohl", ("Istra Vohl", "foreign minister", "Sabel")),
        ("The prosecutor, Pia Lumen", ("Pia Lumen", "prosecutor", "")),
        ("Joran Pell, the mayor of Low Quay", ("Joran Pell", "mayor of Low Quay", "")),
        ("Mira Tolan, head of the Coast Union", ("Mira Tolan", "head", "Coast Union")),
        ("the Coast Union", ("", "", "Coast Union")),
        ("his wife, Adele Pell", ("Adele Pell", "", "")),
        ("A spokesman for the Harbour Ministry", ("", "spokesman", "Harbour Ministry")),
        ("Dr Ilka Brandis of the Isk clinic", ("Ilka Brandis", "", "Isk clinic")),
        ("Vero Kalt, a driver for the Northern Brigade", ("Vero Kalt", "driver", "Northern Brigade")),
        ("", ("", "", "")),
    ],
)
def test_parts(mention: str, expected: tuple[str, str, str]) -> None:
    assert parts(mention) == Parts(*expected)
