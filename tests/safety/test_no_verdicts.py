"""No label of ours is a verdict on the world or on persons: the machine says reported, denied, distanced, not found."""

import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import msgspec

from purport.brief import folio
from purport.core import briefs, records
from purport.read.lexicon import lexicon
from purport.trace.ripple import HAPPENED

SRC = Path(__file__).parents[2] / "src" / "purport"
VERDICTS = {
    "true", "false", "fake", "hoax", "lie", "liar", "debunked", "authentic", "genuine", "propaganda",
    "disinformation",
    "misinformation", "terrorist", "terrorism", "extremist", "jihadist", "criminal", "guilty", "innocent",
    "enemy", "credible",
    "trustworthy", "untrustworthy", "radical", "fanatic",
}  # fmt: skip
PRIVATE = {
    "ethnicity",
    "ethnic",
    "race",
    "religion",
    "religious",
    "faith",
    "politics",
    "political",
    "party",
    "health",
    "sexuality",
}
LABELS = ("act", "stance", "polarity", "certainty", "lends", "kind", "role")  # keys whose value is a label


def label_values(table: object) -> Iterator[str]:
    """The values of label keys, at any depth of a table, and the tables' own names."""
    if isinstance(table, dict):
        for key, value in table.items():
            if key in LABELS and isinstance(value, str):
                yield value
            else:
                yield from label_values(value)
    elif isinstance(table, list):
        for value in table:
            yield from label_values(value)


def test_no_lexicon_table_gives_a_verdict_as_a_label() -> None:
    seen = 0
    for table in resources.files("purport.read.lexicon").iterdir():
        if table.name.endswith(".toml"):
            values = set(label_values(tomllib.loads(table.read_text("utf-8"))))
            seen += len(values)
            assert not {value.lower() for value in values} & (VERDICTS | PRIVATE), table.name
    assert seen > 20


def test_no_act_is_a_verdict() -> None:
    lex = lexicon()
    acts = {group.act for group in lex.groups} | {o.act for o in lex.negated.values()} | {f.act for f in lex.frames}
    assert not acts & VERDICTS


def test_no_value_listed_with_a_record_is_a_verdict() -> None:
    """Values of a record's fields stand in the comments beside them, as in `# plain | distanced | endorsed`."""
    lines = (SRC / "core" / "records.py").read_text("utf-8").splitlines()
    listed = [line.split("#", 1)[1] for line in lines if "#" in line and "|" in line]
    values = {word.lower() for line in listed for word in re.findall(r"\w+", line)}
    assert {"plain", "distanced", "endorsed"} <= values
    assert not values & (VERDICTS | PRIVATE)


def test_no_record_has_a_field_for_what_a_person_is() -> None:
    for name, record in vars(records).items():
        if isinstance(record, type) and issubclass(record, msgspec.Struct):
            fields = {field.name for field in msgspec.structs.fields(record)}
            assert not fields & (PRIVATE | VERDICTS), name


def test_a_verdict_in_a_table_would_be_seen() -> None:
    table = tomllib.loads('[[cue]]\nact = "fake"\nwords = ["say"]\n[x]\nkind = "religion"')
    assert set(label_values(table)) == {"fake", "religion"}


def test_no_word_of_a_kept_brief_or_of_a_mark_is_a_verdict() -> None:
    """What briefs, their parties and marks are called by us; the words of reports and of people are theirs."""
    ours = {briefs.DRAFT, briefs.ISSUED, briefs.WITHDRAWN, *briefs.ANSWERS, *HAPPENED, *HAPPENED.values()}
    ours |= {folio.NOT_ASKED, folio.VERDICT}
    for template in ("folio.html", "folio.css"):
        ours.add((SRC / "brief" / "templates" / template).read_text("utf-8"))
    for template in ("brief.html", "briefs.html", "looks.html", "looking.html"):
        ours.add(re.sub(r"\{[{%].*?[}%]\}", " ", (SRC / "desk" / "templates" / template).read_text("utf-8")))
    found = {word.lower() for said in ours for word in re.findall(r"[A-Za-z]+", said)}
    assert {"issued", "denied", "approached"} <= found
    assert not found & (VERDICTS - {"true"})  # aria-hidden="true" is not ours to name
