"""Invented reports in any number, for measuring only: places, groups and persons that don't exist.

They are shaped like news (a headline, some 25 paragraphs, quotations, denials, sources by pronoun; about 4,100
characters, near the mean of PolNeAR), and each differs from the others, so that nothing can be remembered.
"""

import random
from pathlib import Path

PLACES = ("Vestra", "Port Ansel", "Karrow", "Omal", "Dunhaven", "Lake Tessin", "Sarrat", "North Quill")
BODIES = (
    "the Harbour Authority of {place}",
    "the {place} Front",
    "the ministry of roads",
    "the Quill Monitoring Group",
    "the governor’s office",
    "the {place} Relief Committee",
    "the dockers’ union",
    "the 4th Border Company",
)
PERSONS = ("Ilva Marrant", "Tomas Reck", "Anneke Dole", "Orso Vey", "Maret Quist", "Bero Latham", "Sunna Albright")
OFFICES = ("spokesman", "spokeswoman", "director", "deputy governor", "surveyor", "physician")
EVENTS = (
    "the bridge at {place} was closed before the convoy reached it",
    "{number} crates were taken from the depot near {place}",
    "the footage from {place} was filmed {number} months earlier",
    "its boats had left {place} on {day}",
    "{number} families would be able to return by {day}",
    "the ceasefire around {place} would hold until {day}",
    "the sluice gates at {place} had been opened on purpose",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARAGRAPHS = (
    "{Body} said on {day} that {event}.",
    "“We have seen the pictures, and we know who took them,” {person}, a {office}, said. “{Event}.”",
    "{Body} denied that {event}, and called the account “a story told twice”.",
    "A video purportedly shows how {event}. It was released by {body}.",
    "According to {body}, {event}.",
    "{person}, a {office} of {body}, told reporters that {event}. She declined to name the unit.",
    "{Body} accused {body2} of hiding that {event}.",
    "The road to {place} was quiet on {day}. Traders opened their stalls before noon, and the ferry ran as usual.",
    "“If they come again, we will answer,” he warned. {Body} did not reply to questions.",
    "Residents of {place} doubt that {event}. Two of them, who asked not to be named, said they had heard nothing.",
    "{Body} claimed responsibility on {day}; {body2} said it could not confirm the claim.",
    "Some {number} people live in {place}, most of them from fishing and the salt works.",
)


def report(number: int, paragraphs: int = 25) -> str:
    """The text of invented report `number`: the same number gives the same text."""
    dice = random.Random(number)
    return "\n\n".join([_sentence("{Body} says {event}", dice)] + [_paragraph(dice) for _ in range(paragraphs)]) + "\n"


def write(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"report-{number:05}.txt").write_text(report(number), encoding="utf-8")


def _paragraph(dice: random.Random) -> str:
    return " ".join(_sentence(dice.choice(PARAGRAPHS), dice) for _ in range(dice.choice((1, 1, 2))))


def _sentence(pattern: str, dice: random.Random) -> str:
    def words(pattern: str) -> str:
        return pattern.format(
            place=dice.choice(PLACES),
            day=dice.choice(DAYS),
            number=dice.randint(2, 900),
            person=dice.choice(PERSONS),
            office=dice.choice(OFFICES),
        )

    event, body, body2 = (words(dice.choice(table)) for table in (EVENTS, BODIES, BODIES))
    for name, value in (("event", event), ("body", body)):
        pattern = pattern.replace("{" + name + "}", value)
        pattern = pattern.replace("{" + name.title() + "}", value[0].upper() + value[1:])
    return words(pattern.replace("{body2}", body2))
