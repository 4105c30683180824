"""What all tables of the ledger share: where they are listed, and the columns that most of them have."""

import sqlalchemy
from sqlalchemy import BigInteger, Column, MetaData

metadata = MetaData()

# In PostgreSQL whole numbers have 64 bits and texts are compared byte by byte, as in SQLite.
Integer = sqlalchemy.Integer().with_variant(BigInteger(), "postgresql")
Text = sqlalchemy.Text().with_variant(sqlalchemy.Text(collation="C"), "postgresql")


def text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def number() -> Column[int]:
    """The order of arrival."""
    return Column("number", Integer, primary_key=True)
