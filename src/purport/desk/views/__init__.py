"""The desk's pages, a module each; every one offers its handlers, and this is where they come together."""

from purport.desk.views import theme, today

HANDLERS = (*theme.HANDLERS, *today.HANDLERS)
