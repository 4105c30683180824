"""Reports to claims, by a tagger that is a table: nesting, chains, offsets, ids."""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import msgspec
import pytest
from model_samples import WordModel
from reader_samples import AGENCY, CHAIN, VIDEO, Found, NoModel, Table, Tabled, report

from purport.core.records import Claim, Report
from purport.core.spans import within, words
from purport.edges.onnx import OnnxModel
from purport.read.build import owner, tells
from purport.read.lexicon import lexicon
from purport.read.reader import ClaimReader

INNER = AGENCY[2]


@pytest.fixture
def tabled(monkeypatch: pytest.MonkeyPatch) -> Tabled:
    def put(entries: Mapping[str, Sequence[Found]]) -> Table:
        table = Table(entries)
        monkeypatch.setattr("purport.read.reader.tag", table)
        return table

    return put


def claims_of(*reports: Report) -> list[tuple[Claim, ...]]:
    answers = ClaimReader(NoModel()).read(reports)  # type: ignore[arg-type]
    assert [reading.report for reading, _ in answers] == [one.id for one in reports]
    return [reading.claims for reading, _ in answers]


def chain(claim: Claim) -> list[str]:
    return [hop.text for hop in claim.chain]


def test_threads_are_hurried_for_the_reading_alone(tabled: Tabled, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, seen = sys.getswitchinterval(), list[float]()
    table = tabled({})
    monkeypatch.setattr("purport.read.reader.tag", lambda *ask: (seen.append(sys.getswitchinterval()), table(*ask))[1])
    ClaimReader(NoModel()).read([report("The mayor spoke.")])
    assert max(seen) < usual == sys.getswitchinterval()


def test_a_claim_inside_a_claim_makes_a_chain(tabled: Tabled) -> None:
    tabled({CHAIN: [AGENCY], INNER: [VIDEO]})
    text = report(CHAIN, outlet="Dolva Post")
    ((outer, inner),) = claims_of(text)
    assert chain(outer) == chain(inner) == ["Dolva Post", "The agency", "the video"]
    assert outer.chain[0].kind == "outlet"
    assert [hop.claim for hop in outer.chain] == ["", outer.id, inner.id]
    assert (outer.within, outer.depth) == ("", 0)
    assert (inner.within, inner.depth) == (outer.id, 1)


def test_offsets_of_an_inner_claim_are_into_the_whole_text(tabled: Tabled) -> None:
    before = "🌊 The bridge stands. "
    tabled({before + CHAIN: [AGENCY], INNER: [VIDEO]})
    ((outer, inner),) = claims_of(report(before + CHAIN))
    text = before + CHAIN
    assert tuple(words(text, p) for p in (inner.source, inner.cue, inner.content)) == VIDEO
    assert within(inner.content[0], outer.content[0])
    assert inner.selector.exact == "the video claims to show fighters training"
    for claim in (outer, inner):
        for hop in claim.chain:
            assert text[slice(*hop.span)] == hop.text
        for reason in claim.reasons:
            assert text[slice(*reason.span)] == reason.words


def test_a_credit_stands_between_the_outlet_and_the_claims(tabled: Tabled) -> None:
    text = "(DPA) — " + CHAIN
    tabled({text: [AGENCY]})
    ((claim,),) = claims_of(report(text, outlet="Dolva Post", credits="(DPA) —"))
    assert [hop.kind for hop in claim.chain][:2] == ["outlet", "credit"]
    assert chain(claim) == ["Dolva Post", "(DPA) —", "The agency"]


def test_whoever_is_credited_twice_or_is_the_outlet_is_one_hop(tabled: Tabled) -> None:
    text = "(DPA) — " + CHAIN
    tabled({text: [AGENCY]})
    one = report(text, outlet="(DPA) —", credits="(DPA) —")
    ((claim,),) = claims_of(one)
    assert [hop.kind for hop in claim.chain][:2] == ["outlet", "organisation"]


def test_what_one_look_finds_inside_another_claim_is_nested_and_not_found_again(tabled: Tabled) -> None:
    tabled({CHAIN: [AGENCY, VIDEO], INNER: [VIDEO]})
    (found,) = claims_of(report(CHAIN))
    assert [(claim.depth, chain(claim)) for claim in found] == [
        (0, ["The agency", "the video"]),
        (1, ["The agency", "the video"]),
    ]
    assert len({claim.id for claim in found}) == 2


def test_what_denies_a_claim_is_no_part_of_it(tabled: Tabled) -> None:
    text = "The ministry said the group's claim that its fighters had left was false."
    inner = "the group's claim that its fighters had left"
    table = tabled(
        {
            text: [("The ministry", "said", "the group's claim that its fighters had left was false")],
            inner: [("the group", "claim", "that its fighters had left")],
        }
    )
    ((outer, denied),) = claims_of(report(text))
    assert table.asked == [[text], [inner]]
    assert (outer.act, denied.act, denied.stance) == ("deny", "say", "distanced")
    assert chain(denied) == ["The ministry", "the group"]
    assert words(text, denied.content) == "that its fighters had left"


def test_a_cue_is_one_claims_only_however_many_contents_hold_it(tabled: Tabled) -> None:
    text = "The agency says the clerk says the video claims to show a boat."
    tabled({
        text: [
            ("The agency", "says", "the clerk says the video claims to show a boat"),
            ("the clerk", "says the", "the video claims to show a boat"),
        ],
        "the clerk says the video claims to show a boat": [("the video", "claims", "to show a boat")],
        "the video claims to show a boat": [("the video", "claims to", "show a boat")],
    })  # fmt: skip
    (found,) = claims_of(report(text))
    assert sum("claims" in words(text, claim.cue) for claim in found) == 1


@pytest.mark.parametrize("source", ["I", "We", "we"])
def test_the_first_person_inside_a_quotation_is_its_speaker_over_again(tabled: Tabled, source: str) -> None:
    content = f"“{source} think the bridge stands, as the mayor says”"
    text = f"{content}, the clerk said."
    table = tabled({text: [("the clerk", "said", content)], content: [(source, "think", "the bridge stands")]})
    assert [len(found) for found in claims_of(report(text))] == [1]
    assert len(table.asked) == 2  # it was looked into


@pytest.mark.parametrize(
    ("why", "inner"),
    [
        ("without a source", ("", "claims", "to show fighters training")),
        ("hardly believed", (*VIDEO, "0.49")),
    ],
)
def test_what_is_not_nested(tabled: Tabled, why: str, inner: Found) -> None:
    tabled({CHAIN: [AGENCY], INNER: [inner]})
    assert [len(found) for found in claims_of(report(CHAIN))] == [1], why


def test_depth_is_bounded(tabled: Tabled) -> None:
    names = ["Ana", "Bo", "Cy", "Dee", "Eve", "Fay", "Gil"]
    texts = ["the bridge stands"]
    for name in reversed(names):
        texts.insert(0, f"{name} says {texts[0]}")
    table = tabled({text: [(name, "says", rest)] for name, text, rest in zip(names, texts, texts[1:], strict=False)})
    (found,) = claims_of(report(texts[0]))
    assert [claim.depth for claim in found] == [0, 1, 2, 3]
    assert len(table.asked) == 4
    assert chain(found[0]) == chain(found[3]) == ["Ana", "Bo", "Cy", "Dee"]


def test_a_content_in_pieces_is_looked_into_piece_by_piece(tabled: Tabled) -> None:
    text = "The video claims to show a boat, the agency said, and the clerk denies a fire."
    first, second = "The video claims to show a boat", "the clerk denies a fire"
    tabled({
        text: [("the agency", "said", f"{first} … {second}")],
        first: [("The video", "claims", "to show a boat")],
        second: [("the clerk", "denies", "a fire")],
    })  # fmt: skip
    (found,) = claims_of(report(text))
    assert [words(text, claim.source) for claim in found] == ["the agency", "The video", "the clerk"]
    assert {claim.within for claim in found[1:]} == {found[0].id}


def test_what_reports_nothing_is_not_looked_into(tabled: Tabled) -> None:
    text = "The clerk said the bridge stood."
    table = tabled({text: [("The clerk", "said", "the bridge stood")]})
    claims_of(report(text))
    assert table.asked == [[text]]


def test_a_report_in_another_language_is_abstained_from(tabled: Tabled) -> None:
    table = tabled({CHAIN: [AGENCY]})
    foreign = report("El ministerio dijo que el puente sigue en pie.", language="es")
    assert [len(found) for found in claims_of(foreign, report(CHAIN))] == [0, 1]
    assert table.asked[0] == [CHAIN]


def test_claims_in_a_caption_said_before_are_marked(tabled: Tabled) -> None:
    text = "The clerk denied a fire.\nThe mayor rejected a flood."
    tabled({text: [("The clerk", "denied", "a fire"), ("The mayor", "rejected", "a flood")]})
    ((first, second),) = claims_of(report(text, repeat="The mayor rejected a flood."))
    assert (first.repeated, second.repeated) == (False, True)


def test_the_same_text_gives_the_same_ids_and_company_changes_nothing(tabled: Tabled) -> None:
    other = "The clerk said the agency says the boat sank."
    tabled({
        CHAIN: [AGENCY],
        INNER: [VIDEO],
        other: [("The clerk", "said", "the agency says the boat sank")],
        "the agency says the boat sank": [("the agency", "says", "the boat sank")],
    })  # fmt: skip
    a, b, empty = report(CHAIN), report(other), report("Nothing.")
    alone = [claims_of(one)[0] for one in (a, empty, b)]
    assert claims_of(a, empty, b) == alone
    assert [len(found) for found in alone] == [2, 0, 2]
    ids = [claim.id for found in alone for claim in found]
    assert len(set(ids)) == len(ids)


def test_threads_change_neither_readings_nor_their_order() -> None:
    line = "The clerk said bridges fell. The mayor denied claimed floods."
    reports = [report(" ".join([line] * times)) for times in (1, 40, 2, 90, 0, 3)]
    alone, together = (ClaimReader(WordModel(threads)).read(reports) for threads in (1, 3))
    assert together == alone
    assert [reading.report for reading, _ in together] == [one.id for one in reports]
    assert [len(reading.claims) > 0 for reading, _ in together] == [True, True, True, True, False, True]


def test_the_tables_are_decoded_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """msgspec 0.22 ends the process where two threads are the first to decode into the same record."""
    within: list[int] = []
    most: list[int] = []

    def decode(raw: bytes, type: Any) -> Any:
        within.append(1)
        sleep(0.002)
        most.append(len(within))
        within.pop()
        return plain(raw, type=type)

    plain = msgspec.toml.decode
    lexicon.cache_clear()
    monkeypatch.setattr("msgspec.toml.decode", decode)
    with ThreadPoolExecutor(4) as threads:
        versions = {one.result().version for one in [threads.submit(lexicon) for _ in range(4)]}
    assert len(versions) == 1
    assert set(most) == {1}


def test_a_reading_names_its_report_and_reader(tabled: Tabled) -> None:
    tabled({})
    reader = ClaimReader(NoModel())  # type: ignore[arg-type]
    ((reading, gaps),) = reader.read([report(CHAIN)])
    assert reading.reader == reader.version
    assert "none" in reader.version  # the model's own version
    assert gaps == []
    assert reader.read([]) == []


def test_labels_come_with_their_reasons(tabled: Tabled) -> None:
    text = "On Monday the ministry denied that its fighters had left."
    tabled({text: [("the ministry", "denied", "that its fighters had left")]})
    ((claim,),) = claims_of(report(text))
    assert (claim.act, claim.quote) == ("deny", "indirect")
    assert ("act", "deny", "denied") in {(r.what, r.value, r.words) for r in claim.reasons}
    assert [moment.words for moment in claim.time] in ([], ["On Monday"], ["Monday"])


# with the model in the wheel: plain sentences that any good model reads


@pytest.fixture(scope="module")
def reader() -> ClaimReader:
    return ClaimReader(OnnxModel())


@pytest.mark.parametrize(
    ("text", "source", "cue", "act"),
    [
        ("The ministry denied that its fighters had left.", "The ministry", "denied", "deny"),
        ("The clerk said that the bridge was safe.", "The clerk", "said", "say"),
        ("“We will rebuild the bridge,” the mayor of Ostrel said on Tuesday.", "the mayor of Ostrel", "said", ""),
        ("The bridge is safe, according to the harbour office.", "the harbour office", "according to", "say"),
    ],
)
def test_plain_sentences(reader: ClaimReader, text: str, source: str, cue: str, act: str) -> None:
    ((reading, _),) = reader.read([report(text)])
    (claim,) = [claim for claim in reading.claims if not claim.depth]
    assert words(text, claim.source) == source
    assert words(text, claim.cue).startswith(cue)
    assert claim.act == act or not act


def test_a_text_without_attributions_has_no_claims(reader: ClaimReader) -> None:
    ((reading, gaps),) = reader.read([report("The bridge is forty metres long. Two ferries cross the bay.")])
    assert reading.claims == ()
    assert gaps == []


def test_company_changes_no_answer_of_the_network(reader: ClaimReader) -> None:
    """An id promises what a reading holds, whatever was read beside it."""
    texts = [
        "The ministry denied that its fighters had left.",
        "“We will rebuild the bridge,” the mayor of Ostrel said on Tuesday. He did not say when. " * 12,
        "A video released by the Ashen Brigade purportedly shows soldiers training; the army said it was old.",
        "The bridge is safe, according to the harbour office, which has inspected it twice since the flood.",
    ]
    together = [reading for reading, _ in reader.read([report(text) for text in texts])]
    assert together == [reader.read([report(text)])[0][0] for text in texts]


def test_the_network_and_the_rules_find_the_whole_chain_of_a_denied_claim() -> None:
    text = "The ministry said the group's claim that its fighters had left was false."
    ((outer, denied),) = [reading.claims for reading, _ in ClaimReader(OnnxModel(threads=1)).read([report(text)])]
    assert (outer.act, words(text, outer.source), chain(outer)[0]) == ("deny", "The ministry", "The ministry")
    assert (denied.within, denied.stance, chain(denied)) == (outer.id, "distanced", ["The ministry", "the group"])
    assert words(text, denied.content) == "that its fighters had left"


def test_what_a_party_is_called_does_not_make_words_telling() -> None:
    assert not tells("that state television left for the Grand Claims Tribunal")
    assert tells("that state television stated its reasons")


def test_a_claim_is_the_group_s_and_so_made_by_the_group() -> None:
    for said in ("the group's claim", "the group\N{RIGHT SINGLE QUOTATION MARK}s claim"):
        assert owner(said, ((0, 11),)) == ((0, 9),)
    assert owner("the group", ((0, 9),)) == ((0, 9),)
    assert owner("", ()) == ()
