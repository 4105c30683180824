"""The desk's pages, a module each; every one offers its handlers, and this is where they come together.

Each has an address of its own: of two handlers that share one, Litestar sends the first to a thread twice.
"""

from purport.desk.views import (
    actor,
    api,
    api_beside,
    briefs,
    claim,
    custody,
    gaps,
    joining,
    judging,
    metrics,
    releases,
    report,
    review,
    rungs,
    search,
    searches,
    signing,
    sources,
    stories,
    taking,
    theme,
    today,
)

HANDLERS = (
    *today.HANDLERS,
    *report.HANDLERS,
    *claim.HANDLERS,
    *actor.HANDLERS,
    *stories.HANDLERS,
    *briefs.HANDLERS,
    *joining.HANDLERS,
    *releases.HANDLERS,
    *rungs.HANDLERS,
    *search.HANDLERS,
    *searches.HANDLERS,
    *judging.HANDLERS,
    *review.HANDLERS,
    *sources.HANDLERS,
    *gaps.HANDLERS,
    *custody.HANDLERS,
    *signing.HANDLERS,
    *taking.HANDLERS,
    *theme.HANDLERS,
    *metrics.HANDLERS,
    *api.HANDLERS,
    *api_beside.HANDLERS,
)
