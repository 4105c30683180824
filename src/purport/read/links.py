"""How sure the network is of one claim's cue, content and source, and what else might have been the source.

The claim's own spans are looked up in a fresh pass over the window that holds its cue, so that the numbers are
told even where another pass would draw the spans a little differently.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from purport.core.explanation import Believed, Links
from purport.core.ports import Model
from purport.core.records import Claim, Mention
from purport.core.spans import Pieces, Span, cover, move, within
from purport.read.attribution import CUE, SOURCE, UNSOURCED, Floats, confidence, link, runs, softmax
from purport.read.tagger import Job, jobs, network

RIVAL = 0.02  # belief below which a token is no rival at all

Tokens: TypeAlias = NDArray[np.int64]


def links(text: str, claim: Claim, stretches: Sequence[Span], model: Model) -> tuple[Links, ...]:
    """The beliefs behind a claim of `text`, none or one.

    A claim inside another may have been read with the whole text or within one of the outer content's
    `stretches`; the pass that comes nearest to the claim's confidence is told. None when the network's tokens
    don't meet the cue.
    """
    found = [*_links(text, (0, len(text)), claim, model)]
    for stretch in stretches:
        if within(cover(claim.cue), stretch):
            found += (msgspec.structs.replace(one, inside=True) for one in _links(text, stretch, claim, model))
    return (min(found, key=lambda one: abs(_whole(one) - claim.confidence)),) if found else ()


def _whole(one: Links) -> float:
    return confidence(one.cue, one.content, one.source or UNSOURCED)


def _links(text: str, stretch: Span, claim: Claim, model: Model) -> Iterator[Links]:
    cue = move(claim.cue, -stretch[0])
    for job in jobs([text[slice(*stretch)]], model):
        at = _tokens(job, cue)
        # the first token of a cue decides which of two overlapping windows reports it
        if len(at) and job.window.keep <= job.window.start + at[0] < job.window.until:
            tags, keys, queries, lean = network(model, job)
            run = (int(at[0]), int(at[-1]) + 1)
            roles = softmax(link([run], keys, queries, lean))[:, 0]
            roles[1:, slice(*run)] = 0
            sure = float((1 - softmax(tags.T)[0, at]).max())
            yield _of(job, text, stretch[0], claim, sure, roles)
            return


def _tokens(job: Job, pieces: Pieces) -> Tokens:
    """The window's tokens that meet any of the pieces, by their places in the window."""
    cut = slice(job.window.start, job.window.stop)
    starts, ends = job.encoded.starts[cut], job.encoded.ends[cut]
    met = np.zeros(len(starts), dtype=bool)
    for start, end in pieces:
        met |= (starts < end) & (ends > start)
    return np.flatnonzero(met)


def _of(job: Job, text: str, begin: int, claim: Claim, cue: float, roles: Floats) -> Links:
    contents, sources = roles[3] + roles[4], roles[1] + roles[2]
    content, source = (_tokens(job, move(pieces, -begin)) for pieces in (claim.content, claim.source))

    def believed(run: Span, beliefs: Floats) -> Believed:
        return Believed(_mention(job, text, begin, run), float(beliefs[slice(*run)].mean()))

    spoken = [
        token for token in content.tolist() if text[begin + int(job.encoded.starts[job.window.start + token])].isalnum()
    ]
    weakest = min(spoken, key=lambda token: float(contents[token]), default=-1)
    free = sources > RIVAL
    free[content] = free[source] = False
    # the source itself is chosen so, too: by the greatest sum of belief
    rival = max(runs(free), key=lambda span: float(sources[slice(*span)].sum()), default=())
    return Links(
        cue=cue,
        cue_from=CUE,
        content=float(contents[content].mean()) if len(content) else 0.0,
        weakest=(believed((weakest, weakest + 1), contents),) if spoken else (),
        source=float(sources[source].mean()) if len(source) else 0.0,
        source_from=SOURCE,
        rival=(believed(rival, sources),) if rival else (),
    )


def _mention(job: Job, text: str, begin: int, run: Span) -> Mention:
    """The words of a run of tokens, whole: a token may be a piece of a word."""
    at = job.window.start
    start, end = (begin + int(job.encoded.starts[at + run[0]]), begin + int(job.encoded.ends[at + run[1] - 1]))
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Mention(text[start:end], (start, end))
