"""The desk's pages, a module each; every one offers its handlers, and this is where they come together."""

from purport.desk.views import (
    api,
    api_beside,
    claim,
    custody,
    gaps,
    metrics,
    releases,
    report,
    rungs,
    search,
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
    *stories.HANDLERS,
    *releases.HANDLERS,
    *rungs.HANDLERS,
    *search.HANDLERS,
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
