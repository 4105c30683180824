"""The ledger's tables as the code sees them. The SQL that makes them, views and triggers: `migrations/`.

Each table but `ledger_versions` has `number` (the order of arrival), `id` (a digest, see `core.ids`) and, beside
columns to search and to read, `record`: the whole record as JSON, which is what the code gives back.
Times are text in UTC (`2031-05-04T09:30:00Z`), absence is empty text. Rows are never changed or removed.

What points at another entry holds its number. Ids are digests, so an index over them is written to all over the
place: each claim would cost a page of 8 KiB. Hence a claim has none (`claims_ids` is a full text index, which is
written in runs), and a reading is told from others of its report alone.
"""

from sqlalchemy import Column, Computed, Float, ForeignKey, Index, Table, UniqueConstraint

from purport.ledger.columns import Integer, Text
from purport.ledger.columns import metadata as metadata
from purport.ledger.columns import number as _number
from purport.ledger.columns import text as _text
from purport.ledger.compared_tables import comparisons as comparisons
from purport.ledger.compared_tables import matches as matches
from purport.ledger.review_tables import reviews as reviews
from purport.ledger.review_tables import searches as searches
from purport.ledger.review_tables import standings as standings

ledger_versions = Table(
    "ledger_versions",
    metadata,
    Column("version", Integer, primary_key=True),
    _text("made_by"),  # the program's version that brought the ledger to this one
)

captures = Table(
    "captures",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("place"),
    _text("url"),
    _text("taken"),
    _text("media_type"),
    _text("kind"),
    Column("size", Integer, nullable=False),  # bytes
    _text("digest"),  # sha256:… of the raw bytes
    Column("stored", Integer, nullable=False),  # 1: the bytes are in the blob store
    _text("record"),
)

reports = Table(
    "reports",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("capture", Integer, ForeignKey("captures.number"), nullable=False),
    _text("outlet"),
    _text("published"),  # when its publication begins: a day named without an hour is its midnight
    _text("title"),
    _text("byline"),
    _text("url"),
    _text("language"),
    _text("input_id"),
    _text("text_digest"),
    _text("record"),
    # read out of `record` when asked for, so that the text is stored once
    Column("text", Text, Computed("json_extract(record, '$.text')", persisted=False)),
    Index("reports_by_date", "published"),
    Index("reports_by_outlet", "outlet", "published"),
)

# No `record` here: a reading is its claims, and those are kept whole in `claims`.
readings = Table(
    "readings",
    metadata,
    _number(),  # of two readings of a report the one with the higher number is the later
    _text("id"),
    Column("report", Integer, ForeignKey("reports.number"), nullable=False),
    _text("reader"),
    UniqueConstraint("report", "id"),
)

claims = Table(
    "claims",
    metadata,
    _number(),
    _text("id"),
    Column("reading", Integer, ForeignKey("readings.number"), nullable=False),
    Column("position", Integer, nullable=False),  # in its reading, from 0
    _text("source"),  # the words of each role; the places are in `record`
    _text("speaker"),  # who the source refers to, if resolved
    _text("cue"),
    _text("content"),
    _text("act"),
    _text("stance"),
    _text("polarity"),
    _text("certainty"),
    _text("quote"),
    _text("source_kind"),
    _text("target"),
    _text("said"),  # when it was said, if the report tells
    Column("depth", Integer, nullable=False),  # 0: stands in the report; 1: in the content of another claim; …
    Column("repeated", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    _text("record"),
    # Gives reading order and answers every filter without opening the rows that don't match. Unique, so that no
    # claim of a reading comes twice; two readings may hold the same claim by the same id.
    Index("claims_in_order", "reading", "position", "act", "stance", "source_kind", "depth", unique=True),
)

gaps = Table(
    "gaps",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("stage"),
    _text("subject"),
    _text("cause"),
    _text("detail"),
    _text("seen"),
    _text("record"),
)

releases = Table(
    "releases",
    metadata,
    _number(),  # of two releases of a capture the one with the higher number is the later
    Column("id", Text, nullable=False, unique=True),
    Column("capture", Integer, ForeignKey("captures.number"), nullable=False),
    _text("version"),
    _text("kind"),
    _text("container"),
    _text("codecs"),  # with commas between them
    Column("duration", Float, nullable=False),  # seconds
    Column("width", Integer, nullable=False),  # pixels
    Column("height", Integer, nullable=False),
    _text("created"),  # as the file states it
    _text("provenance"),  # the verdict
    _text("prints"),
    _text("record"),
    Index("releases_by_capture", "capture"),
)

# The custody log: an entry for each call that added something, each with the hash of the one before.
custody = Table(
    "custody",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),  # sha256:… of `record`
    Column("previous", Text, nullable=False, unique=True),
    _text("who"),
    _text("what"),
    _text("at"),
    _text("tool"),
    _text("outcome"),
    _text("record"),
)

stamps = Table(
    "stamps",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("first", Integer, nullable=False),  # the entries of the log that it dates
    Column("last", Integer, nullable=False),
    _text("root"),
    _text("authority"),
    _text("at"),
    _text("record"),  # with the authority's whole answer in it
)

listed = Table(
    "listed",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("source"),  # its name in sources.toml
    _text("kind"),  # page, media
    _text("url"),
    _text("title"),
    _text("published"),  # as the source wrote it
    _text("seen"),  # when it was first listed
    _text("record"),
    Index("listed_by_source", "source"),
)

exchanges = Table(
    "exchanges",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("url"),
    _text("asked"),
    Column("status", Integer, nullable=False),  # 0: there was no response
    _text("archive"),  # the WARC file's name
    Column("offset", Integer, nullable=False),  # of the response in it, in bytes
    Column("end", Integer, nullable=False),  # where its last record ends
    _text("digest"),  # sha256:… of the payload as sent
    Column("size", Integer, nullable=False),  # bytes of the payload
    _text("media_type"),
    _text("same_as"),  # the exchange whose payload it repeats
    _text("cut"),  # why the response is not whole
    _text("record"),
    Index("exchanges_by_archive", "archive", "end"),
    Index("exchanges_by_url", "url"),
    Index("exchanges_by_digest", "digest"),
)

visits = Table(
    "visits",
    metadata,
    _number(),  # of two visits to an item the one with the higher number is the later
    Column("id", Text, nullable=False, unique=True),
    _text("source"),
    Column("item", Integer, nullable=False),  # a number in `listed`; 0: the source itself
    _text("url"),
    _text("at"),
    _text("outcome"),
    _text("cause"),
    Column("capture", Integer, nullable=False),  # a number in `captures`: the latest version; 0: there is none
    Column("tries", Integer, nullable=False),  # that failed in a row, this one included
    _text("next"),
    _text("record"),
    Index("visits_by_item", "item", "source"),
    Index("visits_by_capture", "capture"),
)

alerts = Table(
    "alerts",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("rule"),  # its name in alerts.toml
    _text("kind"),  # claim, edit, gone, gap
    _text("source"),
    _text("outlet"),
    _text("url"),
    _text("said"),  # one line
    _text("at"),  # when what it tells of was booked
    _text("record"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _number(),
    Column("alert", Integer, ForeignKey("alerts.number"), nullable=False),
    _text("address"),  # a digest: addresses may hold secrets
    _text("outcome"),  # due, sent, failed
    _text("at"),
    _text("detail"),
    Index("deliveries_by_address", "address", "outcome", "alert"),
)

placed = Table(
    "placed",
    metadata,
    _number(),  # of two for a report the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    Column("report", Integer, ForeignKey("reports.number"), nullable=False),
    _text("story"),
    _text("how"),  # began, joined, merged, split
    _text("before"),  # the story that it stood in until then
    _text("beside"),  # the id of the report that is most like it there
    Column("score", Float, nullable=False),
    _text("at"),
    _text("record"),
    Index("placed_by_report", "report"),
    Index("placed_by_story", "story"),
)

merges = Table(
    "merges",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("a"),  # a claim's id
    _text("b"),
    Column("score", Float, nullable=False),
    _text("at"),
    _text("record"),
)

judgements = Table(
    "judgements",
    metadata,
    _number(),  # of two about the same the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    _text("verdict"),  # same, apart
    _text("of"),  # the merge or the story that it is about
    _text("why"),
    _text("who"),
    _text("at"),
    _text("record"),
)

marks = Table(
    "marks",
    metadata,
    _number(),  # of two for a subject the one with the higher number holds
    Column("id", Text, nullable=False, unique=True),
    _text("kind"),  # report, release, brief, source
    _text("subject"),  # an id, or a source's name
    _text("url"),  # of a report's page: other versions of it are marked, too
    _text("level"),  # CLEAR, GREEN, AMBER, AMBER+STRICT, RED
    _text("why"),
    _text("who"),
    _text("at"),
    _text("record"),
    Index("marks_by_subject", "kind", "subject"),
)

briefs = Table(
    "briefs",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("brief"),
    Column("edition", Integer, nullable=False),  # of a brief's rows the one with the highest holds
    _text("title"),
    _text("story"),
    _text("status"),  # draft, issued, withdrawn
    _text("did"),  # what was done to the edition before, in words
    _text("who"),
    _text("at"),
    _text("record"),
    Index("briefs_by_brief", "brief", "edition", unique=True),
)

looks = Table(
    "looks",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    _text("kind"),  # claim, report, brief
    _text("subject"),  # what is to be looked at again
    _text("what"),  # edited, deleted, denied, reused
    _text("origin"),  # to which that happened
    _text("reason"),
    _text("at"),
    _text("record"),
    Index("looks_by_subject", "subject"),
)

cleared = Table(
    "cleared",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("look", Integer, ForeignKey("looks.number"), nullable=False, unique=True),
    _text("why"),
    _text("who"),
    _text("at"),
    _text("record"),
)

Index("reports_by_url", reports.c.url)
Index("reports_by_capture", reports.c.capture)
Index("gaps_by_subject", gaps.c.subject)
Index("captures_by_time", captures.c.taken)
Index("gaps_by_cause", gaps.c.cause)

COUNTED = (captures, reports, readings, claims, gaps, releases)
VIEWS = (
    "newest_readings",
    "claims_plain",
    "reports_plain",
    "releases_plain",
    "visits_plain",
    "alerts_plain",
    "stories_plain",
    "gaps_plain",
    "edits_plain",
    "exchanges_plain",
    "marks_plain",
    "judgements_plain",
    "searches_plain",
    "briefs_plain",
    "looks_plain",
    "matches_plain",
)
