"""Each parser on its corpus, and on some hundred inputs made of it; what fuzzing found stays in the corpus."""

import pytest
import targets

COUNT = {"article": 60, "warc": 200, "feed": 200, "config": 200, "api": 60}


@pytest.mark.parametrize("name", targets.TARGETS)
def test_nothing_breaks(name: str):
    inputs = list(targets.bent(name, 1, COUNT[name]))
    assert len(inputs) > COUNT[name]
    for data in inputs:
        try:
            targets.TARGETS[name](data)
        except Exception as error:
            pytest.fail(f"{name} failed on {data!r}: {type(error).__name__}: {error}")
