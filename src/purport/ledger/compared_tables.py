"""The tables of where kept footage was seen before; of their kind as in `tables`."""

from sqlalchemy import Column, Float, ForeignKey, Index, Table

from purport.ledger.columns import Integer, Text, metadata, number, text

comparisons = Table(
    "comparisons",
    metadata,
    number(),  # of two of a release the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    Column("release", Integer, ForeignKey("releases.number"), nullable=False),
    text("matcher"),  # names the rules and bounds by which it was compared
    text("library"),  # a digest of the releases that it was compared with
    Column("searched", Integer, nullable=False),  # how many they are
    Column("seconds", Float, nullable=False),  # of video in them
    text("at"),
    text("record"),
    Index("comparisons_by_release", "release"),
)

matches = Table(
    "matches",
    metadata,
    number(),
    Column("id", Text, nullable=False, unique=True),
    Column("comparison", Integer, ForeignKey("comparisons.number"), nullable=False),
    Column("reference", Integer, ForeignKey("releases.number"), nullable=False),
    Column("query_start", Float, nullable=False),  # seconds
    Column("query_end", Float, nullable=False),
    Column("reference_start", Float, nullable=False),
    Column("reference_end", Float, nullable=False),
    Column("speed", Float, nullable=False),  # seconds of the reference that pass in one of the query
    Column("mirrored", Integer, nullable=False),
    text("kind"),  # same footage, same scene, undecidable
    Column("score", Float, nullable=False),
    text("record"),
    Index("matches_by_comparison", "comparison"),
    Index("matches_by_reference", "reference"),
)
