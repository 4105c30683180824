"""What several test files share."""

import pytest
from desk_samples import desk

from purport.core.ports import Reader
from purport.wiring import open_reader

__all__ = ["desk"]


@pytest.fixture(scope="session")
def wheel_reader() -> Reader:
    """The reader in the wheel, whose network loads once."""
    return open_reader()


@pytest.fixture
def quick(wheel_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Houses that are opened get the reader that is loaded already."""
    monkeypatch.setattr("purport.wiring.open_reader", lambda *_: wheel_reader)
