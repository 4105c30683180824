"""Who asks: every handler that shows or books something as somebody asks here."""

from litestar.exceptions import NotAuthorizedException

from purport.core.people import Person
from purport.desk.door import asking, must
from purport.desk.pages import Asked
from purport.desk.premises import Premises


def person(request: Asked, here: Premises) -> Person:
    """Who asks: on a desk without accounts, whoever opened it. Raises NotAuthorizedException: nobody is signed in."""
    for found in asking(request.scope).person:
        return found
    raise NotAuthorizedException("Sign in first.")


def need(request: Asked, here: Premises, role: str) -> Person:
    """The same, who must have a role at least. Raises PermissionDeniedException, too."""
    return must(person(request, here), role)
