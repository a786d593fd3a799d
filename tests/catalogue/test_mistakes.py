"""Mistakes in a catalogue, as people make them: each is named in one line with its place, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.faults import CatalogueError
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home

TEXT = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
WEEK = 'week = { mon = "07:00-22:00",'
NOISE = '{ key = "noise", text = "Noise",'
MISTAKES: dict[str, tuple[str, str, str]] = {
    "an unknown key": (
        'name = "Welcome tea"',
        'name = "Welcome tea"\nprice = 5',
        "services.tea.price: there is no such",
    ),
    "an unknown rule": ("days_ahead = 60", "days_ahaed = 60", "rules.days_ahaed: there is no such key here"),
    "a key that is missing": ('standstill = "2m"\n', "", "rules.standstill: is missing"),
    "no duration": (
        'invite_valid = "14d"',
        'invite_valid = "2 weeks"',
        "rules.invite_valid: '2 weeks' is not a duration",
    ),
    "a promise of no time": (
        'icon = "🍵"\nteam = "butlers"\nmore = true\nclaim_within = "10m"',
        'icon = "🍵"\nteam = "butlers"\nmore = true\nclaim_within = "0m"',
        "services.tea.claim_within: should be longer than nothing",
    ),
    "a link of no time": ('invite_valid = "14d"', 'invite_valid = "0d"', "rules.invite_valid: should be longer than"),
    "a step without a pause": ('repeat = "2m"', 'repeat = "0s"', "chains.unclaimed_urgent.1.repeat: should be longer"),
    "times of nothing": (
        '{ tell = "manager", after = "30m" }',
        '{ tell = "manager", after = "30m", times = 2 }',
        "chains.unclaimed.2.times: needs repeat, which says after how long",
    ),
    "a chain without a step": ("[chains]\n", "[chains]\nquiet = []\n", "chains.quiet: should not be empty"),
    "hours that overlap": (
        WEEK,
        'week = { mon = "07:00-12:00, 11:00-22:00",',
        "opening.0: the opening hours of mon overlap",
    ),
    "hours the wrong way round": (
        WEEK,
        'week = { mon = "22:00-07:00",',
        "opening.0: opening hours end after they begin",
    ),
    "an hour that no day has": (WEEK, 'week = { mon = "07:00-24:00",', "opening.0.week: '24:00' is not a time of day"),
    "a day that no week has": (WEEK, 'week = { monday = "07:00-22:00",', "opening.0.week: write opening hours by mon,"),
    "a holiday that is no day": ("holidays = []", 'holidays = ["1 May"]', "opening.0.holidays.0: '1 May' is not a day"),
    "a holiday in digits": ("holidays = []", "holidays = [1.10]", "opening.0.holidays.0: '1.1' is not a day"),
    "hours twice": (
        'team = "maintenance"\nweek',
        'team = "butlers"\nweek',
        "opening.1.team: 'butlers' has hours already",
    ),
    "hours of nobody": (
        'team = "maintenance"\nweek',
        'team = "guards"\nweek',
        "opening.1.team: there is no team 'guards'",
    ),
    "an unknown zone": ("Asia/Shanghai", "China", "estate.timezone: 'China' is not a time zone"),
    "an unknown language": ('language = "en"', 'language = "tlh"', "estate.language: there are no words in 'tlh'"),
    "no currency": ('currency = "CNY"', 'currency = "yuan"', "estate.currency: should be a currency's three letters"),
    "no telephone number": (
        'emergency = "110"',
        'emergency = "one one zero"',
        "estate.phones.emergency: 'one one zero'",
    ),
    "nobody to call": ('call = ["police",', 'call = ["army",', "services.security.call.0: 'army' is nobody to call"),
    "a service twice": ("[services.tea]", "[services.mail]", "('services', 'mail') twice"),
    "a name twice": ('name = "Welcome tea"', 'name = "Repairs"', "services.tea.name: 'Repairs' is there already"),
    "no name": ('name = "Welcome tea"', 'name = ""', "services.tea.name: should not be empty"),
    "a name of blanks": ('butlers = "Butlers"', 'butlers = "  "', "teams.butlers: should not be empty"),
    "a name for two buttons": (
        '"Welcome tea"',
        f'"Welcome {"t" * 60}"',
        "services.tea.name: is too long: a button has",
    ),
    "a text for two buttons": (
        'text = "Noise"',
        f'text = "N{"o" * 64}ise"',
        "services.security.questions.0.choices.1.text: is too long: a button has room for 64 letters, and this has 68",
    ),
    "a label that is a story": (
        'label = "People"',
        f'label = "{"P" * 41}"',
        "services.tea.questions.0.label: is too long",
    ),
    "a question without words": (
        'question = "For how many people?", ',
        "",
        "services.tea.questions.0.question: is missing",
    ),
    "a question of nothing": ('"For how many people?"', '""', "services.tea.questions.0.question: should not be empty"),
    "a choice of nothing": (
        'kind = "text", question = "Where would you like to go?"',
        'kind = "choice", question = "Where would you like to go?"',
        "services.sights.questions.0: a question of the kind choice needs choices",
    ),
    "a kind that no question has": (
        'kind = "files", question = "You may send photos."',
        'kind = "photo", question = "You may send photos."',
        "services.mending.questions.2.kind: should be one of choice, text, quantity, when, files",
    ),
    "a choice twice": (
        NOISE,
        '{ key = "intruder", text = "Noise",',
        "services.security.questions.0.choices.1.key: 'intruder' is there already",
    ),
    "two choices that read alike": (
        NOISE,
        '{ key = "noise", text = "Something else",',
        "services.security.questions.0.choices.2.text: 'Something else' is there already",
    ),
    "a danger of nothing": (
        'urgent = true, danger = "intruder"',
        'urgent = true, danger = "burglar"',
        "services.security.questions.0.choices.0.danger: there is no danger 'burglar'",
    ),
    "a danger that orders nothing": (
        'answers = { kind = "gas" }',
        'answers = { kind = "gaz" }',
        "danger.kinds.gas.answers.kind: the service has no such question, or no choice 'gaz'",
    ),
    "a danger that can wait": (
        'answers = { kind = "gas" }',
        'answers = { kind = "other" }',
        "danger.kinds.gas.answers: one of them should be a choice that is urgent",
    ),
    "an urgent choice without promises": (
        'call = ["police", "service_centre"]\nurgent = ',
        'call = ["police", "service_centre"]\n# urgent = ',
        "services.security: an answer makes it urgent, but there are no promises for urgent requests",
    ),
    "a number in quotation marks": ("check_calls = 3", 'check_calls = "three"', "rules.check_calls: should be a whole"),
    "a text without them": (
        'label = "People"',
        "label = 5",
        "services.tea.questions.0.label: should be a text in quota",
    ),
    "neither true nor false": (
        'icon = "🍵"\nteam = "butlers"\nmore = true',
        'icon = "🍵"\nteam = "butlers"\nmore = "perhaps"',
        "services.tea.more: should be true or false",
    ),
    "a service of nobody": (
        'icon = "🍵"\nteam = "butlers"',
        'icon = "🍵"\nteam = "guards"',
        "services.tea.team: there is no team 'guards'",
    ),
    "a chain that is not there": (
        'icon = "🍵"\nteam = "butlers"',
        'icon = "🍵"\nlate_chain = "lazy"\nteam = "butlers"',
        "services.tea.late_chain: there is no chain 'lazy'",
    ),
    "a key in capitals": ("[services.tea]", "[services.Tea]", "services.Tea: should have 1 to 20 letters a-z, digits"),
    "two questions of one key": (
        '{ key = "guests", kind = "quantity"',
        '{ key = "when", kind = "quantity"',
        "services.tea: two questions have the key 'when'",
    ),
    "a question of a key that is taken": (
        '{ key = "guests", kind = "quantity"',
        '{ key = "words", kind = "quantity"',
        "services.tea.questions.0.key: 'words' means something else already: choose another key",
    ),
    "an answer of a key that is taken": (
        NOISE,
        '{ key = "skip", text = "Noise",',
        "services.security.questions.0.choices.1.key: 'skip' means something else already: choose another key",
    ),
    "buttons for a number that no row holds": (
        'label = "People", max = 8',
        'label = "People", max = 80',
        "services.tea.questions.0.max: should be less than or equal to 50",
    ),
    "a question later, without a day": (
        'follow_up_after = "2d"\n',
        "",
        "services.repair: follow_up and follow_up_after belong together",
    ),
    "nobody that a chain could tell": ('tell = "team"', 'tell = "owner"', "chains.unclaimed.0.tell: should be one of"),
    "an end that no step has": ('until = "seen"', 'until = "noon"', "chains.unclaimed.1.until: should be one of seen"),
    "a share of more than all": ("stale_share = 0.5", "stale_share = 1.5", "rules.stale_share: should be less than 1"),
    "a window over midnight": (
        '"08:00-10:00", ',
        '"22:00-02:00", ',
        "rules.time_windows: a time window ends later on the same day than it starts",
    ),
    "a memory that is too short": (
        'keep_failures = "90d"',
        'keep_failures = "3d"',
        "rules.keep_failures: write at least 7d: `concierge doctor` shows them for so long",
    ),
    "a week without a day": (
        WEEK + ' tue = "07:00-22:00", wed = "07:00-22:00", thu = "07:00-22:00", fri = "07:00-22:00", '
        'sat = "07:00-22:00", sun = "07:00-22:00" }',
        "week = {}",
        "opening.0.week: a team that is never open keeps no promise",
    ),
    "quiet hours without an end": (
        'quiet_hours = "',
        'quiet_hours = "late, ',
        "rules.quiet_hours: 'late, ",
    ),
    "a danger that a service lacks": (
        'name = "💨 Gas"\nservice = "repair"',
        'name = "💨 Gas"\nservice = "plumbing"',
        "danger.kinds.gas.service: there is no service 'plumbing'",
    ),
    "telephones of an estate twice": (
        "[rules]",
        '[[phones]]\nestate = "Lakeside"\n\n[[phones]]\nestate = "Lakeside"\n\n[rules]',
        "phones.1.estate: 'Lakeside' is there already",
    ),
    "a key in a table that has none such": (
        "[chains]\n",
        'x = "y"\n[chains]\n',
        "opening.1.x: there is no such key here",
    ),
    "quotation marks that are left open": (
        'name = "Welcome tea"',
        'name = "Welcome tea',
        "cannot be read: Illegal char",
    ),
    "a tab in a text": ('"Welcome tea"', '"Welcome\btea"', "cannot be read: Illegal character"),
    "a value without quotation marks": (
        'team = "butlers"\nmore',
        "team = butlers\nmore",
        "cannot be read: Invalid value",
    ),
}
UNREADABLE = {
    "a service twice",
    "quotation marks that are left open",
    "a tab in a text",
    "a value without quotation marks",
}
"""Those of which the rest of the file can say nothing."""


def _line(what: str) -> str:
    said = MISTAKES[what][2]
    return said if what in UNREADABLE else f"is wrong at {said}"


def _with(*what: str) -> str:
    text = TEXT
    for each in what:
        before, after, _ = MISTAKES[each]
        assert before in text, each
        text = text.replace(before, after, 1)
    return text


@only_sqlite
async def test_d15_each_mistake_is_named_by_the_doctor_and_at_the_start(home: Home) -> None:
    home.set(catalogue="mine.toml")
    for number, what in enumerate(MISTAKES):
        home.write("mine.toml", _with(what))
        found = [line for line in (await home.run("doctor")).said.splitlines() if line.startswith("✗ catalogue: ")]
        assert len(found) == 1, (what, found)
        assert found[0].startswith("✗ catalogue: The catalogue mine.toml ")
        assert _line(what) in found[0], what
        if number % 4:
            continue  # the start reads it as the doctor does
        ended = await home.run("run")
        assert (ended.status, ended.said) == (78, ""), what
        assert ended.complained == found[0].replace("✗ catalogue", "concierge") + "\n"


APART = (
    "an unknown key",
    "an unknown rule",
    "no duration",
    "a step without a pause",
    "times of nothing",
    "a chain without a step",
    "hours that overlap",
    "hours of nobody",
    "an unknown zone",
    "an unknown language",
    "no currency",
    "no telephone number",
    "nobody to call",
    "no name",
    "a name of blanks",
    "a text without them",
    "a question of nothing",
    "a choice of nothing",
    "a kind that no question has",
    "a choice twice",
    "a danger of nothing",
    "a danger that orders nothing",
    "a number in quotation marks",
)
"""Mistakes that can be made together."""


@only_sqlite
async def test_d15_all_mistakes_are_named_at_once(home: Home) -> None:
    home.write("mine.toml", _with(*APART))
    home.set(catalogue="mine.toml")
    found = [line for line in (await home.run("doctor")).said.splitlines() if line.startswith("✗ catalogue: ")]
    for what in APART:
        assert [line for line in found if _line(what) in line], what
    complained = (await home.run("run")).complained.splitlines()
    assert [line.removeprefix("concierge: ") for line in complained] == [
        line.removeprefix("✗ catalogue: ") for line in found
    ]


def test_d15_a_catalogue_of_other_things_is_refused_in_lines(tmp_path: Path) -> None:
    """Whatever stands where, it is a fault with a place and never a traceback."""
    for value in ("5", '"x"', "[1]", "[[1]]", "{ x = 1 }", "true", "2026-01-01"):
        for place in ("estate", "rules", "teams", "chains", "opening", "services", "phones", "danger", "catalogues"):
            path = tmp_path / "catalogue.toml"
            path.write_text(f"{place} = {value}\n")
            with pytest.raises(CatalogueError) as refused:
                catalogues.load(path, ["en"])
            assert all(line.startswith(f"The catalogue {path} is wrong at ") for line in refused.value.lines)
