"""What a case is, and the list of all of them."""

from dataclasses import dataclass, field

MIB = 1024 * 1024
ALL = []


@dataclass
class Case:
    name: str
    title: str
    #: By how much the server's resident memory may grow while it lasts, in MiB, and where that number comes from.
    memory: float
    reason: str
    run: object
    #: Seconds that the attack lasts.
    seconds: float
    #: Limits of the server under attack that differ from its defaults, and why they must.
    limits: dict = field(default_factory=dict)
    files: int = None
    quick: bool = False
    #: The attack ends the people's own connections, so they are not there.
    people: tuple = ()
    #: Called with the office and the data before the server starts.
    prepare: object = None


def case(name, title, memory, reason, seconds=5, limits=None, files=None, quick=False, people=(), prepare=None):
    def add(function):
        ALL.append(Case(name, title, memory, reason, function, seconds, limits or {}, files, quick, people, prepare))
        return function

    return add


class Attack:
    """One run of a case: what the attacker works with and what it reports."""

    def __init__(self, case, server, office, tools, seconds):
        self.case = case
        self.server = server
        self.office = office
        self.tools = tools
        self.seconds = seconds
        self.failures = []
        self.got = {}
        self.notes = []
        self.sums = {}
        self.begun = self.ended = None
        self.closing = []

    def expect(self, condition, words):
        if not condition and words not in self.failures and len(self.failures) < 20:
            self.failures.append(words)

    def count(self, what, number=1):
        """The attacker got this answer once more."""
        self.got[what] = self.got.get(what, 0) + number

    def note(self, words):
        self.notes.append(words)

    def total(self, what, number):
        """A sum over the attack."""
        self.sums[what] = self.sums.get(what, 0) + number

    def longest(self, what, number):
        self.sums[what] = max(self.sums.get(what, 0), number)

    def later(self, close):
        """Something to be closed after memory was read at the attack's end."""
        self.closing.append(close)
