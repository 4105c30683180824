"""What people get: a brief as a page, as Markdown or as JSON, and tables for the terminal."""

from collections.abc import Callable, Mapping

from purport.brief import html, json, markdown
from purport.brief.brief import Brief, Counts, Entry, arrange, build, check, check_bytes

FORMS: Mapping[str, Callable[[Brief], str]] = {
    "html": html.render,
    "md": markdown.render,
    "json": json.render,
}
"""How a brief can be written; each raises EvidenceError when a line's evidence can't be opened."""

__all__ = ["FORMS", "Brief", "Counts", "Entry", "arrange", "build", "check", "check_bytes"]
