"""Puts a time stamp's certificates in the order that DER asks for.

Authorities often send them as a chain, from the leaf on, where DER wants a set sorted by its bytes; `rfc3161-client`
takes no other. They are not under the signature, so their order says nothing. The token is kept as it came.
"""

from collections.abc import Iterator


def certificates_in_order(response: bytes) -> bytes:
    """A TimeStampResp (RFC 3161) with its certificates sorted; what is no such thing comes back as it is."""
    try:
        start, end = _certificates(response)
        parts = sorted(response[at:until] for at, _, until in _parts(response, start, end))
    except (IndexError, StopIteration):
        return response
    return response[:start] + b"".join(parts) + response[end:]


def _certificates(data: bytes) -> tuple[int, int]:
    """Where the contents of SignedData's certificates begin and end. TimeStampResp > ContentInfo > SignedData > [0]."""
    _, start, end = next(_parts(data, 0, len(data)))
    _, start, end = list(_parts(data, start, end))[1]  # timeStampToken, after the status
    _, start, end = list(_parts(data, start, end))[1]  # content, after its type
    _, start, end = next(_parts(data, start, end))
    _, start, end = next(part for part in list(_parts(data, start, end))[3:] if data[part[0]] == 0xA0)
    return start, end


def _parts(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements between two places: where each begins, where its contents begin and where they end."""
    while start < end:
        at, length = start, data[start + 1]
        start += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[start : start + count])
            start += count
        if start + length > end:
            raise IndexError("an element is longer than what holds it")
        yield at, start, start + length
        start += length
