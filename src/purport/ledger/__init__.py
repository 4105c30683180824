"""The ledger: what was captured, reported, read and missed, appended and never changed. The only room with SQL."""

from purport.ledger.book import Book
from purport.ledger.view import View

__all__ = ["Book", "View"]
