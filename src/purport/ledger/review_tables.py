"""The tables of what people decide about claims, and of the searches that they keep; of their kind as in `tables`."""

from sqlalchemy import Column, ForeignKey, Index, Table

from purport.ledger.columns import Integer, Text, metadata, number, text

reviews = Table(
    "reviews",
    metadata,
    number(),  # of a person's about a claim the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    Column("report", Integer, ForeignKey("reports.number"), nullable=False),
    Column("claim", Integer, ForeignKey("claims.number"), nullable=False),  # as it was read when it was judged
    text("what"),  # confirmed, corrected, rejected, noted, assigned, undone
    text("why"),
    text("assigned"),  # to whom
    text("status"),  # open, in hand, done
    text("of"),  # the id of the review that is taken back
    text("who"),
    text("at"),
    text("record"),
    Index("reviews_by_report", "report"),
)

standings = Table(
    "standings",
    metadata,
    number(),  # of two for a claim the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    Column("claim", Integer, ForeignKey("claims.number"), nullable=False),
    Column("review", Integer, ForeignKey("reviews.number"), nullable=False),  # the last one that it follows from
    text("state"),  # unreviewed, confirmed, corrected, rejected, differing
    text("at"),
    Index("standings_by_claim", "claim"),
)

searches = Table(
    "searches",
    metadata,
    number(),  # of two with one name and person the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    text("who"),
    text("name"),
    Column("seen", Integer, nullable=False),  # the number of the last report when it was last looked at
    text("at"),
    text("record"),
    Index("searches_by_who", "who", "name"),
)
