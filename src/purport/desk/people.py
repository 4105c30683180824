"""Who asks: every handler that shows or books something as somebody asks here."""

from litestar.exceptions import PermissionDeniedException

from purport.core.people import ADMIN, Person
from purport.desk.pages import Asked
from purport.desk.premises import Premises


def person(request: Asked, here: Premises) -> Person:
    """Who asks: on a loopback desk without accounts, whoever opened it."""
    return Person(here.who or "desk", ADMIN)


def need(request: Asked, here: Premises, role: str) -> Person:
    """The same, who must have a role at least. Raises PermissionDeniedException."""
    found = person(request, here)
    if not found.may(role):
        raise PermissionDeniedException(f"That needs the role of a {role}; you are signed in as a {found.role}.")
    return found
