"""What every page of the desk is made from."""

import secrets
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from litestar.params import Dependency

from purport.app import House
from purport.proving import Vault


@dataclass(frozen=True, slots=True)
class Premises:
    """The house whose ledger is shown, the vault that its custody log is read from, and the key of this run's forms."""

    house: House
    vault: Vault
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


Here: TypeAlias = Annotated[Premises, Dependency(skip_validation=True)]  # as a handler asks for it
