"""A kept brief as one page that needs nothing else, and prints well."""

from markupsafe import Markup

from purport.brief import folio
from purport.brief.folio import Shown
from purport.brief.html import asset, source_hash, templates


def render(made: Shown) -> str:
    """The page, complete; nothing in a report's words can run in it, and no request leaves it."""
    lines = list(folio.numbered(made))
    evidence = {number: source for _, found in lines for number, source in found}
    return (
        templates()
        .get_template("folio.html")
        .render(
            made=made,
            edition=made.edition,
            lines=lines,
            evidence=evidence,
            parties=folio.parties(made),
            asked=folio.asked,
            stands=folio.stands(made.edition),
            sums=folio.sums(made),
            verdict=folio.VERDICT,
            policy=Markup(policy()),
            style=Markup(asset("folio.css")),
        )
    )


def policy() -> str:
    """What the page may do: have its own style, and nothing else."""
    return f"default-src 'none'; style-src '{source_hash(asset('folio.css'))}'; base-uri 'none'; form-action 'none'"
