"""Keeps what was fetched so that it can be proved: WARC files that only grow, packages (WACZ) made of them.

The public door of the room: `Archive` appends, `payload_of`, `check` and `records` read.
"""

from purport.preserve.reading import Torn, check, payload_of, records
from purport.preserve.records import Record
from purport.preserve.warc import Archive

__all__ = ["Archive", "Record", "Torn", "check", "payload_of", "records"]
