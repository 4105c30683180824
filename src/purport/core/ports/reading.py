"""What the rooms ask of readers: a network, an encoder of sentences, a reader of reports."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from purport.core.explanation import Links
from purport.core.records import Claim, Gap, Reading, Report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float32]


class Model(Protocol):
    """The network: token ids in, scores out. `version` is the digest of its weights."""

    threads: int  # how many windows it takes at once

    @property
    def version(self) -> str: ...

    @property
    def tokenizer(self) -> "Tokenizer": ...

    def scores(self, ids: "Ints", shapes: "Ints") -> tuple["Floats", ...]:
        """Tag logits [tokens, 3], keys and queries [tokens, 4, 64] and lean [tokens, 4] of one window [tokens]."""
        ...


class Encoder(Protocol):
    """Sentences to vectors: like meanings point alike. `version` is the digest of its weights."""

    @property
    def version(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> "Floats":
        """A vector of length 1 for each text, [texts, numbers]."""
        ...


class Reader(Protocol):
    """Reads reports into claims. `version` names everything its answer depends on."""

    @property
    def version(self) -> str: ...

    def read(self, reports: Sequence[Report]) -> list[tuple[Reading, list[Gap]]]:
        """A reading for each report, in order, with what could not be decided.

        A reading without an id says that the report could not be read now, and the gaps say why; it is not kept,
        so that the report is read when asked again.
        """
        ...


@runtime_checkable
class Explainer(Protocol):
    """A reader that can tell how sure it was."""

    def links(self, report: Report, claim: Claim, outer: Sequence[Claim] = ()) -> tuple[Links, ...]:
        """The beliefs behind a claim of its own, none or one; `outer` is the claim around it, if any."""
        ...
