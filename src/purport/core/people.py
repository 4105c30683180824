"""Who works at the desk, and what each may do there."""

import msgspec

# what a person may do; each role may all that those before it may
READER = "reader"  # looks
REVIEWER = "reviewer"  # judges claims, merges and stories, writes briefs
LEAD = "lead"  # assigns, issues briefs, says what may leave the house
ADMIN = "admin"  # lets people in
ROLES = (READER, REVIEWER, LEAD, ADMIN)


class Person(msgspec.Struct, frozen=True):
    """Somebody at the desk, by the name that judgements and the custody log carry."""

    name: str
    role: str = READER

    def may(self, role: str) -> bool:
        """May this person do what asks for that role?"""
        return ROLES.index(self.role) >= ROLES.index(role)
