"""The desk's pages, a module each; every one offers its handlers, and this is where they come together."""

from purport.desk.views import api, claim, custody, gaps, report, search, sources, theme, today

HANDLERS = (
    *today.HANDLERS,
    *report.HANDLERS,
    *claim.HANDLERS,
    *search.HANDLERS,
    *sources.HANDLERS,
    *gaps.HANDLERS,
    *custody.HANDLERS,
    *theme.HANDLERS,
    *api.HANDLERS,
)
