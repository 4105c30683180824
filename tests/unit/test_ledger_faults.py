"""What a server says of itself has a mend that fits, whatever else stands in its message."""

import pytest

from purport.ledger.faults import explain

CONNECTION = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (f"{CONNECTION}FATAL: the database system is in recovery mode", "coming back"),
        (f"{CONNECTION}FATAL: the database system is not yet accepting connections", "coming back"),
        (f"{CONNECTION}FATAL: the database system is starting up", "is starting"),
        (f"{CONNECTION}FATAL: the database system is shutting down", "went away"),
        (f"{CONNECTION}session is read-only", "the one that writes"),
        ("cannot execute INSERT in a read-only transaction", "the one that writes"),
        (f"{CONNECTION}Connection refused", "Is the server running"),
        ("something unheard of", "all we know"),
    ],
)
def test_a_servers_state_has_its_own_mend(said: str, mend: str) -> None:
    error = str(explain(RuntimeError(said)))
    assert said in error
    assert mend in error
