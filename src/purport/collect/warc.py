"""The records of a web archive, one after the other: warcio's iterator, kept quiet and within bounds."""

import io
import logging
import zlib
from typing import Any, BinaryIO

from purport.collect import limits

_SILENT = logging.NullHandler()  # one for all archives: each that is added stays


class Headers:
    """Header lines by their names; what is absent is empty."""

    def __init__(self, parsed: Any) -> None:
        self._parsed = parsed

    def get(self, name: str) -> str:
        return str(self._parsed.get_header(name) or "")


def http_head(head: bytes) -> tuple[int, str, Headers]:
    """Where the body of an HTTP response starts, its status code, and its headers."""
    from warcio.statusandheaders import StatusAndHeadersParser  # type: ignore[import-untyped]

    stream = io.BytesIO(head)
    parsed = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
    status = (parsed.get_statuscode() or "200")[:3]
    return stream.tell(), status if status.isdigit() else "200", Headers(parsed)


def open_records(stream: BinaryIO) -> tuple[Any, Any]:
    """warcio's iterator over the records, and its reader, which knows whether the bytes ended too early."""
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
    from warcio.bufferedreaders import DecompressingBufferedReader  # type: ignore[import-untyped]

    class Reader(DecompressingBufferedReader):  # type: ignore[misc]
        """warcio's reader that remembers faults instead of printing them, and bounds header lines."""

        cut = False
        fault = ""
        lines = 0  # bytes of header lines since it was set to 0
        over = False  # was there a line asked for behind the end?

        def _decompress(self, data: bytes) -> bytes:
            if not self.decompressor or not self.num_block_read:
                return bytes(super()._decompress(data))
            try:
                return bytes(self.decompressor.decompress(data))
            except zlib.error as error:
                self.fault = str(error)
                return b""

        def _process_read(self, data: bytes) -> None:
            if not data and self.decompressor and not self.decompressor.eof:
                self.cut = True
            super()._process_read(data)

        def readline(self, length: int | None = None) -> bytes:
            room = limits.HEADERS - self.lines
            if room <= 0:
                raise ValueError("header lines without end")
            line = bytes(super().readline(min(length or room, room)))
            self.lines += len(line)
            self.over = not line
            return line

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # printed to standard error otherwise; `err_count` tells as well

    logging.getLogger("warcio").addHandler(_SILENT)  # it would write to standard error
    records = Records(stream, no_record_parse=True, arc2warc=True)
    records.reader = Reader(records.fh)
    return records, records.reader
