"""A brief as JSON: the records themselves, so that another program can open the same evidence."""

import msgspec

from purport.brief.brief import Brief, check


def render(brief: Brief) -> str:
    """The brief as indented JSON with sorted field order as in the records. Raises EvidenceError."""
    check(brief)
    return msgspec.json.format(msgspec.json.encode(brief), indent=2).decode() + "\n"
