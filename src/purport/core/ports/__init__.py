"""The seams of the house: what the rooms ask of the outside, in one to six methods each."""

from purport.core.ports.ledger import (
    ANY,
    Diary,
    Holdings,
    Joins,
    Judgements,
    Log,
    Lookup,
    Outbox,
    Screens,
    Versions,
    View,
    Writer,
)
from purport.core.ports.outside import Authority, Blobs, Clock, Feeds, Fetcher, Hook, Library, Page, Told, Web, Workshop
from purport.core.ports.reading import Encoder, Explainer, Model, Reader

__all__ = [
    "ANY",
    "Authority",
    "Blobs",
    "Clock",
    "Diary",
    "Encoder",
    "Explainer",
    "Feeds",
    "Fetcher",
    "Holdings",
    "Hook",
    "Joins",
    "Judgements",
    "Library",
    "Log",
    "Lookup",
    "Model",
    "Outbox",
    "Page",
    "Reader",
    "Screens",
    "Told",
    "Versions",
    "View",
    "Web",
    "Workshop",
    "Writer",
]
