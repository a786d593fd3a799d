"""The script of a week on an estate: the wishes by hour, and what people do about each."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

ESTATE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 6, 15, tzinfo=ESTATE)
REQUESTS = 150
SEED = 20_260_615
MINUTE = timedelta(minutes=1)
OWNERS = (
    *(("Wang", "en", "mr"), ("Li", "zh", "mrs"), ("O'Neill", "en", "mr"), ("Zhang", "zh", "mr"), ("Smith", "en", "ms")),
    *(("Chen", "zh", "dr"), ("Müller", "en", "mrs"), ("Liu", "zh", "mr"), ("Brown", "en", "mr"), ("Yang", "zh", "ms")),
    *(("Tanaka", "en", "mr"), ("Zhao", "zh", "mrs"), ("Rossi", "en", "ms"), ("Huang", "zh", "mr"), ("Lee", "en", "dr")),
    *(("Wu", "zh", "mr"), ("Silva", "en", "mrs"), ("Xu", "zh", "mr"), ("Ivanova", "en", "ms"), ("Sun", "zh", "mrs")),
)
"""The surname, language and title of each owner; the number of the villa is the place in this list."""
STAFF = {"butlers": ("Bo", "Mei", "Tom"), "maintenance": ("Anna", "Ben", "Kai")}


class Fate(Enum):
    """The fate of a request."""

    GOOD = "claimed soon, and done in time"
    SLOW = "claimed only after the team was reminded"
    LATE = "done a day after it was promised"
    FORGOTTEN = "claimed, and never spoken of again"
    NEVER = "never claimed"
    CANCELLED = "cancelled by the owner before anybody came"
    NO_ANSWER = "done, and the owner never answers anything"


WEIGHTS = {
    Fate.GOOD: 62,
    Fate.SLOW: 10,
    Fate.LATE: 5,
    Fate.FORGOTTEN: 6,
    Fate.NEVER: 6,
    Fate.CANCELLED: 4,
    Fate.NO_ANSWER: 7,
}
SERVICES = {
    "shoe_shine": ("butlers", 22),
    "purchase": ("butlers", 20),
    "mail": ("butlers", 14),
    "cleaning": ("butlers", 12),
    "tea": ("butlers", 5),
    "enquiry": ("butlers", 6),
    "repair": ("maintenance", 40),
    "flood": ("maintenance", 4),
    "gas": ("maintenance", 2),
    "doctor": ("butlers", 3),
}
"""The team and the weight of each thing that is wished for."""
URGENT = {"flood", "gas", "doctor"}
WITH_A_DAY = {"shoe_shine", "repair", "purchase"}
TEXTS = {
    "en": ("The tap in the kitchen drips", "Two loaves of bread, please", "By the side entrance, please"),
    "zh": ("厨房的水龙头滴水", "请买两个面包", "请走侧门"),
}


@dataclass(frozen=True)
class Wish:
    """One request, and people's deeds about it."""

    at: datetime
    owner: int
    """The place of the owner in the list of them."""
    what: str
    tomorrow: bool
    """Whether it is wished for in a window of the next day; as soon as possible otherwise."""
    fate: Fate
    butler: str
    claimed_after: timedelta
    """The time from the moment at which the staff may first hear of it."""
    on_site_after: timedelta
    done_after: timedelta
    answers_after: timedelta
    is_content: bool

    @property
    def team(self) -> str:
        """Returns the team of the wish."""
        return SERVICES[self.what][0]

    @property
    def is_urgent(self) -> bool:
        """Tells whether it rings at any hour."""
        return self.what in URGENT


def script(count: int = REQUESTS) -> list[Wish]:
    """Returns the same week each time, in the order of its moments, no two of them in the same three minutes."""
    chance = random.Random(SEED)
    slots = chance.sample([slot for slot in range(7 * 24 * 20) if chance.random() < _busy(slot // 20 % 24)], count)
    return [_wish(chance, MONDAY + slot * 3 * MINUTE) for slot in sorted(slots)]


def _busy(hour: int) -> float:
    """Returns the probability that an owner writes in that hour, relative to the busiest one."""
    return 0.12 if hour < 6 else 0.4 if hour < 8 else 1.0 if hour < 12 else 0.8 if hour < 20 else 0.5


def _wish(chance: random.Random, at: datetime) -> Wish:
    what = chance.choices(list(SERVICES), [weight for _, weight in SERVICES.values()])[0]
    fate = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if what in URGENT and fate not in {Fate.SLOW, Fate.NEVER}:
        fate = Fate.GOOD
    claimed_after = chance.randint(1, 8) * MINUTE
    if what in URGENT:
        claimed_after = MINUTE
    if fate is Fate.SLOW:
        claimed_after = (chance.randint(7, 12) if what in URGENT else chance.randint(18, 50)) * MINUTE
    return Wish(
        at=at,
        owner=chance.randrange(len(OWNERS)),
        what=what,
        tomorrow=what == "cleaning" or (what in WITH_A_DAY and chance.random() < 0.3),
        fate=fate,
        butler=chance.choice(STAFF[SERVICES[what][0]]),
        claimed_after=claimed_after,
        on_site_after=chance.randint(2, 4) * MINUTE if what in URGENT else chance.randint(4, 30) * MINUTE,
        done_after=(1_500 if fate is Fate.LATE else chance.randint(8, 50)) * MINUTE,
        answers_after=chance.randint(3, 90) * MINUTE,
        is_content=chance.random() < 0.85,
    )
