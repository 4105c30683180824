"""Words of a text: how they are cut, and which of them are the same."""

from purport.trace.shingles import RUN, words_of


def cut(text: str) -> list[str]:
    (words,) = words_of([text])
    return [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]


def same(one: str, two: str) -> bool:
    first, second = words_of([one, two])
    return first.hashes.tolist() == second.hashes.tolist()


def test_words_end_at_all_that_is_no_letter() -> None:
    assert cut("The ‘relief’ column—20 carts—left at 6:30.") == [
        "The",
        "relief",
        "column",
        "20",
        "carts",
        "left",
        "at",
        "6",
        "30",
    ]


def test_case_accents_quotation_marks_and_dashes_make_no_difference() -> None:
    assert same("“Élan” – said the Mayor’s office", '"elan" - SAID THE MAYOR\'S OFFICE')
    assert same("cafe\u0301 at Omal", "café at Omal")  # an accent of its own, and one with its letter


def test_an_accent_of_its_own_belongs_to_its_word() -> None:
    assert cut("a cafe\u0301, open") == ["a", "cafe\u0301", "open"]


def test_soft_hyphens_and_joiners_divide_no_word() -> None:
    assert cut("break\u00adwater gate") == ["break\u00adwater", "gate"]
    assert same("break\u00adwater", "breakwater")


def test_each_chinese_or_japanese_character_is_a_word() -> None:
    assert cut("港口关闭 today") == ["港", "口", "关", "闭", "today"]


def test_words_differ_by_the_order_of_their_letters() -> None:
    assert not same("left", "felt")
    assert not same("a b", "ab")


def test_many_texts_at_once_give_what_each_gives_alone() -> None:
    texts = ["One two three four five six.", "", "cafe\u0301 — naïve", "7", "six five four three two one zero"]
    for text, together in zip(texts, words_of(texts), strict=True):
        (alone,) = words_of([text])
        for part in ("hashes", "starts", "ends", "runs"):
            assert getattr(together, part).tolist() == getattr(alone, part).tolist()


def test_no_run_goes_on_from_one_text_into_the_next() -> None:
    first, second = words_of(["a b c", "d e f g h"])
    assert len(first.runs) == 0
    assert len(second.runs) == 1
    assert len(words_of(["a " * RUN])[0].runs) == 1


def test_no_text_is_no_words() -> None:
    assert words_of([]) == []
    assert len(words_of([""])[0]) == 0


def test_zero_bytes_and_lone_surrogates_are_no_letters() -> None:
    assert cut("one\0two \ud800three") == ["one", "two", "three"]
