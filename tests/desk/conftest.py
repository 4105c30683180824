"""The desk on three ledgers, each made once: empty, full, and one whose words try to be more."""

from collections.abc import Iterator

import ledgers
import pytest
from litestar.testing import TestClient

from purport.desk.app import build
from purport.desk.premises import Premises

AT = "http://127.0.0.1:8642"


def opened(here: Premises) -> Iterator[TestClient]:
    with TestClient(build(here), base_url=AT) as client:
        yield client


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    yield from opened(ledgers.premises(tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("full")
    here = ledgers.premises(folder)
    ledgers.fill(here, folder)
    return here


@pytest.fixture(scope="session")
def full(stocked: Premises) -> Iterator[TestClient]:
    yield from opened(stocked)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("hostile")
    here = ledgers.premises(folder)
    ledgers.poison(here, folder)
    yield from opened(here)
