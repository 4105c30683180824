"""Numbers for Prometheus: how much there is, how long it took, what failed. They name nobody, and no report."""

from litestar import Response, get

from purport.core.errors import NotFoundError
from purport.core.people import READER
from purport.desk.pages import Asked
from purport.desk.people import need
from purport.desk.premises import Here

TYPE = "text/plain; version=1.0.0"  # its charset is put behind it


@get("/metrics", sync_to_thread=True, include_in_schema=False)
def metrics(request: Asked, here: Here) -> Response[bytes]:
    need(request, here, READER)
    if not here.metrics:
        raise NotFoundError('This desk counts nothing: a package is not installed. pip install "purport[metrics]"')
    return Response(here.metrics[0](), media_type=TYPE)


HANDLERS = (metrics,)
