"""The fictional people of the demo, grouped by what happens to their application. None of them exists."""

from dataclasses import dataclass, field

from chapters.regions import country_of

#: RFC 2606 reserves this domain: no mail server answers for it, and no real person has an address there.
FICTIONAL = ".example"
MESSAGE = "This person is fictional, and so is this sentence."
EVERYTHING = {
    "pronouns": "they/them",
    "relation": "both",
    "ways_to_help": "meetings policy behind",
    "access_needs": "Live captions, and a break after an hour. (Fictional.)",
    "message": "I read about the next bill and would like to help with letters. I have never done this before, so I "
    "would begin by listening. This person is fictional.",
}


@dataclass(frozen=True)
class Person:
    """One applicant: `place` is an ISO code, `days` how long ago they applied, `answers` further form fields."""

    name: str
    place: str
    days: int = 10
    language: str = "en"
    contact: str = "yes"
    mailbox: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        if self.contact == "none":
            return ""
        return f"{self.mailbox or '.'.join(self.name.lower().split())}@people{FICTIONAL}"

    @property
    def country(self) -> str:
        return country_of(self.place)

    @property
    def region(self) -> str:
        return self.place if "-" in self.place else ""


UNCONFIRMED = (Person("Wanda Driftwood", "CA-ON", 1), Person("Xavier Plume", "US-NY", 3))
#: The last two have the same name, so a reviewer sees a possible duplicate.
WAITING = (
    Person("Amparo Quill", "CA-ON", 33, answers=EVERYTHING),
    Person("Bertil Stonefield", "US-OH", 12),
    Person("Chidi Marrow", "NG", 11, contact="discreet"),
    Person("Dunja Lark", "CA-QC", 10, "fr-ca", answers={"message": "Cette personne est fictive."}),
    Person("Farid Copper", "DE", 9, answers={"pronouns": "he/him"}),
    Person("Gudrun Vale", "CA-BC", 8, contact="none"),
    Person("Hina Pebble", "NZ", 7, answers=EVERYTHING),
    Person("Ibrahim Fennel", "US-MI", 5),
    Person("Jutta Heron", "CA-MB", 4, contact="discreet", answers=EVERYTHING),
    Person("Kofi Bramble", "GH", 3),
    Person("Lupe Sparrow", "MX", 2, "es", answers={"message": "Esta persona es ficticia."}),
    Person("Mahin Cedar", "CA-NS", 1),
    Person("Esme Thistle", "US-OR", 6, mailbox="esme.thistle"),
    Person("Esme  Thistle", "US-OR", 0, mailbox="e.thistle"),
)
DECIDE_LATER = (Person("Nadia Windmill", "US-WA", 20, answers=EVERYTHING), Person("Otis Lantern", "CA-AB", 16))
#: Approved a moment ago: until the time to undo is over, nothing shows.
APPROVING = Person("Osric Fernley", "US-VT", 6)
#: Within the hour in which a "not now" can be undone.
NOT_NOW_IN_ITS_HOUR = Person("Petra Gravel", "US-TX", 9)
NOT_NOW = Person("Quentin Marsh", "US-CA", 14)
LAPSED = Person("Rosa Turnstile", "CA-SK", 62)
CLOSED = Person("Buy Now Balloon", "US-FL", 1)
#: The second application of a person who is already waiting, closed as a duplicate.
CLOSED_AS_SAME = Person("Bertil Stonefield", "US-OH", 2, mailbox="b.stonefield")
#: The second application from one inbox, whose owner kept the other one.
DUPLICATE_ADDRESS = Person("Kofi B.", "GH", 2, mailbox="kofi.bramble")
FLAGGED = (
    (Person("Cheap Watches Wagtail", "US-NV", 1), "honeypot"),
    (Person("Sunniva Quickstep", "NO", 0), "too_fast"),
)
APPROVED = (
    Person("Tamsin Oakapple", "CA-ON", 140, answers=EVERYTHING),
    Person("Ulrich Sandbar", "CA-ON", 120),
    Person("Violeta Reed", "CA-ON", 90, contact="discreet"),
    Person("Wilder Juniper", "CA-ON", 60, contact="none"),
    Person("Yusuf Clover", "US-OR", 110, answers=EVERYTHING),
    Person("Zelda Puddle", "US-OR", 70),
    Person("Anselm Barley", "CA-QC", 100, "fr-ca"),
    Person("Brigitte Tarn", "CA-QC", 40, "fr-ca", "discreet"),
    Person("Cosima Flint", "DE", 80),
    Person("Dario Saffron", "MX", 75, "es"),
    Person("Efua Sundial", "GH", 50),
    Person("Finlay Moss", "NZ", 45),
    Person("Greta Hollow", "US-OH", 30),
    Person("Hector Loom", "US-NM", 25, "es"),
    Person("Isolde Brook", "CA-BC", 20, answers=EVERYTHING),
    Person("Jasper Kettle", "US-NY", 15),
)
PAUSED = Person("Keziah Orchard", "CA-ON", 95)
#: Within the hour in which the end of a membership can be undone.
ENDING_IN_ITS_HOUR = Person("Leopold Rill", "US-MI", 85)
MEMBERSHIP_ENDED = Person("Magnus Shale", "US-IL", 130)
LEFT = Person("Noor Willow", "CA-BC", 105)

#: The names of senders and guests who leave no address.
WITHOUT_ADDRESS = ("Odette Fable", "Pascal Myth", "Quilla Legend")
_ALONE = (APPROVING, NOT_NOW_IN_ITS_HOUR, NOT_NOW, LAPSED, CLOSED, CLOSED_AS_SAME, DUPLICATE_ADDRESS, PAUSED,
          ENDING_IN_ITS_HOUR, MEMBERSHIP_ENDED, LEFT)  # fmt: skip
EVERYBODY = (*UNCONFIRMED, *WAITING, *DECIDE_LATER, *APPROVED, *_ALONE, *(person for person, _why in FLAGGED))
NAMES = frozenset({person.name for person in EVERYBODY} | {*WITHOUT_ADDRESS})
