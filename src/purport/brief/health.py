"""What `purport doctor` found, a line each."""

from rich.text import Text

from purport.brief.words import inert
from purport.core.health import MEND, OK, Finding


def line(found: Finding) -> Text:
    said = Text(f"{found.state:<7}", style={OK: "green", MEND: "bold yellow"}.get(found.state, "dim"))
    said.append(f"{found.what:<12}", style="bold")
    said.append(inert(found.said))
    if found.mend:
        said.append(f"\n{'':19}{inert(found.mend)}", style="yellow" if found.state == MEND else "dim")
    return said
