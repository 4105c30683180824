"""Lists of PDQ hashes in the forms in which they are passed on."""

import json

import pytest

from purport.collect import listed

A, B = "a1" * 32, "b2" * 32


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (f"{A}\n{B}\n", [(A, 1), (B, 2)]),
        (f"\r\n{A.upper()}\r\n", [(A, 2)]),
        (f"0,100,{A},0.000\n25,49,{B},1.000\n", [(A, 1)]),  # vPDQ's text; too plain
        (f"0,50,{A},0.000", [(A, 1)]),
        (json.dumps([f"{A},100,0.0", f"{B},12,1.0"]), [(A, 1)]),  # HMA's
        (json.dumps({"0": {"quality": 9, "hash": A, "timestamp": 0.0}}), [(A, 1)]),  # its older form
        (f"id;hash;note\n7;{A};pier\n8;{B};quay", [(A, 2), (B, 3)]),
        (f"{A}{B}", []),  # some other digest
        (A[:-1], []),
    ],
)
def test_hashes_are_read_with_their_lines(text: str, found: list[tuple[str, int]]) -> None:
    assert list(listed(text)) == found
