"""What can be told of why a claim is as it is: the numbers behind its links, beside the reasons it carries itself."""

import msgspec

from purport.core.records import Claim, Mention, Report


class Believed(msgspec.Struct, frozen=True):
    """Words of the text and how strongly the network believed in them, from 0 to 1."""

    words: Mention
    belief: float


class Links(msgspec.Struct, frozen=True):
    """How sure the network was of a claim's cue, and of what it tied to it. Beliefs are from 0 to 1."""

    cue: float  # in its surest token
    cue_from: float  # belief from which a cue is taken up
    content: float  # mean over the content's tokens
    weakest: tuple[Believed, ...]  # the least sure word of the content; none when there is no content
    source: float  # mean over the source's tokens; 0 when there is none
    source_from: float  # belief from which a token may belong to a source
    rival: tuple[Believed, ...]  # the other words that came nearest to being the source, none or one
    inside: bool = False  # read within the content of the claim around it, without its surroundings


class Explanation(msgspec.Struct, frozen=True):
    """A claim, who read it so, and the network's numbers, or why there are none."""

    claim: Claim
    report: Report
    reader: str  # the version that read it so
    links: tuple[Links, ...] = ()  # none or one
    withheld: str = ""  # a sentence that says why there are no numbers
