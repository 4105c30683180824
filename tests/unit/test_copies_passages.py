"""Two texts aligned: the runs of words they share, and where these are joined."""

from purport.trace.passages import GAP, Run, runs, stretches
from purport.trace.shingles import words_of


def aligned(a: str, b: str) -> list[Run]:
    first, second = words_of([a, b])
    return sorted(runs([(first, second)])[0])


def words(start: int, count: int) -> str:
    return " ".join(f"w{n}" for n in range(start, start + count))


def test_a_run_reaches_as_far_as_the_words_are_the_same() -> None:
    assert aligned(f"x y {words(0, 11)} z", f"q {words(0, 11)} r s") == [Run(2, 1, 11)]


def test_runs_in_another_order_are_found() -> None:
    assert aligned(f"{words(0, 9)} x {words(100, 7)}", f"{words(100, 7)} y {words(0, 9)}") == [
        Run(0, 8, 9),
        Run(10, 0, 7),
    ]


def test_no_word_is_in_two_runs() -> None:
    a, b = f"{words(0, 10)} x {words(0, 10)}", f"{words(0, 10)} y"
    assert aligned(a, b) == [Run(0, 0, 10)]
    assert len(aligned(b, a)) == 1


def test_what_a_longer_run_leaves_of_a_shorter_one_counts() -> None:
    a = f"{words(0, 20)} x {words(15, 12)}"  # w15 to w19 stand twice
    assert sorted(aligned(a, words(0, 27))) == [Run(0, 0, 20), Run(26, 20, 7)]


def test_pairs_do_not_mix() -> None:
    a, b, c = words_of([words(0, 9), f"{words(0, 9)} {words(50, 9)}", words(50, 9)])
    assert runs([(a, b), (a, c), (c, b)]) == [[Run(0, 0, 9)], [], [Run(0, 9, 9)]]
    assert runs([]) == []


def test_the_other_way_round_it_is_the_same() -> None:
    a, b = f"{words(0, 12)} x {words(30, 6)} {words(0, 12)}", f"{words(30, 6)} y {words(0, 12)} z {words(0, 12)}"
    assert sorted(Run(run.b, run.a, run.length) for run in aligned(a, b)) == aligned(b, a)


def test_short_texts_share_nothing() -> None:
    assert aligned("one two", "one two") == []
    assert aligned("", words(0, 9)) == []


def test_small_edits_divide_no_passage() -> None:
    few, many = words(500, GAP), words(500, GAP + 1)
    joined = [
        one.words for one in stretches(aligned(f"{words(0, 9)} {few} {words(20, 9)}", f"{words(0, 9)} {words(20, 9)}"))
    ]
    apart = [
        one.words for one in stretches(aligned(f"{words(0, 9)} {many} {words(20, 9)}", f"{words(0, 9)} {words(20, 9)}"))
    ]
    assert (joined, apart) == ([18], [9, 9])


def test_a_text_that_says_one_thing_over_and_over_takes_no_longer() -> None:
    (one,) = words_of(["no " * 20_000])
    found = runs([(one, one)])[0]
    assert sum(run.length for run in found) <= 20_000
    assert len(found) < 20_000
