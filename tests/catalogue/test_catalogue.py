"""The catalogue is checked when it is read: what could not work is named, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.faults import CatalogueError
from concierge_bot.catalogue.model import Catalogue, QuestionKind
from concierge_bot.settings import SHIPPED_CATALOGUE

TEXT = SHIPPED_CATALOGUE.read_text(encoding="utf-8")

REPAIRS = 'icon = "🔧"\nteam = "maintenance"'


def test_estates_have_catalogues_of_their_own_beside_the_common_one(tmp_path: Path) -> None:
    shipped = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    named = shipped.replace("[rules]", '[catalogues]\n"Lake Villas" = "lake.toml"\n\n[rules]', 1)
    (tmp_path / "lake.toml").write_text(shipped.replace('butlers = "Butlers"', 'butlers = "Boatmen"'), encoding="utf-8")
    common = _load(tmp_path, named)
    assert common.of_estate({"Lake Villas", "its new name"}).teams["butlers"] == "Boatmen"
    assert common.of_estate({"Villa Estate"}) is common
    assert common.file_of({"Lake Villas"}) == "lake.toml"
    assert common.file_of({"Villa Estate"}) is None

    (tmp_path / "lake.toml").write_text(named, encoding="utf-8")
    with pytest.raises(
        CatalogueError, match=r"Of “Lake Villas”: The catalogue .*lake.toml is wrong at catalogues: write"
    ):
        _load(tmp_path, named)


def _load(folder: Path, text: str) -> Catalogue:
    path = folder / "catalogue.toml"
    path.write_text(text, encoding="utf-8")
    return catalogues.load(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Asia/Shanghai", "Asia/Atlantis", "estate.timezone: 'Asia/Atlantis' is not a time zone"),
        ('claim_within = "5m"', 'claim_within = "soon"', "services.repair.claim_within: 'soon' is not a duration"),
        ('claim_within = "5m"', 'claim_within = "99999999d"', "services.repair.claim_within: '99999999d' is too long"),
        ('quiet_hours = "22:00-08:00"', 'quiet_hours = "at night"', "rules.quiet_hours: 'at night' is not a stretch"),
        ('birthday_hour = "09:00"', 'birthday_hour = "9"', "rules.birthday_hour: '9' is not a time of day"),
        (REPAIRS, REPAIRS.replace("maintenance", "gardeners"), "services.repair.team: there is no team 'gardeners'"),
        ('team = "maintenance"\nweek', 'team = "gardeners"\nweek', "opening.1.team: there is no team 'gardeners'"),
        (REPAIRS, f'{REPAIRS}\nclaim_chain = "none"', "services.repair.claim_chain: there is no chain 'none'"),
        (
            'late_chain = "late_urgent"',
            'late_chain = "none"',
            "services.repair.urgent.late_chain: there is no chain 'none'",
        ),
        (REPAIRS, f"{REPAIRS}\nprice = 5", "services.repair.price: there is no such key here"),
        ('tell = "holder"', 'tell = "everybody"', "chains.late.0.tell: should be one of team, on_duty, holder"),
        ('follow_up = "Is everything still working well?"', "", "follow_up and follow_up_after belong together"),
        ("[services.tea]", '[services."Téa"]', "services.Téa: should have 1 to 20 letters a-z"),
        (
            "[services.tea]",
            "[services.a_key_that_is_much_too_long]",
            "services.a_key_that_is_much_too_long: should have",
        ),
        ('key = "whole"', 'key = "skip"', "'skip' means something else already"),
        ('key = "whole"', 'key = "keep"', "'keep' means something else already"),
        ('key = "whole"', 'key = "a:b"', "choices.0.key: should have 1 to 20 letters a-z, digits and _"),
        ('key = "pairs"', 'key = "words"', "'words' means something else already"),
        ('key = "pairs"', 'key = "when"', "two questions have the key 'when'"),
        ('kind = "quantity"', 'kind = "choice"', "a question of the kind choice needs choices"),
        ('"18:00-20:00"]', '"22:00-00:00"]', "a time window ends later on the same day than it starts"),
        ("days_ahead = 60", "days_ahead = 0", "rules.days_ahead"),
        ('keep_updates = "7d"', 'keep_updates = "47h"', "rules.keep_updates: write at least 2d"),
        ('keep_settled = "30d"', 'keep_settled = "0s"', "rules.keep_settled: write at least 2d"),
        ('keep_failures = "90d"', 'keep_failures = "6d"', "rules.keep_failures: write at least 7d"),
        ('[teams]\nbutlers = "Butlers"', '[teams]\n"my team" = "Ours"\nbutlers = "Butlers"', "teams.my team"),
    ],
)
def test_what_could_not_work_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(CatalogueError) as refused:
        _load(tmp_path, TEXT.replace(old, new, 1))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "not toml", "[estate", "\x00"])
def test_what_is_no_catalogue_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match="The catalogue"):
        _load(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        catalogues.load(tmp_path / "none.toml")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match="is not in UTF-8"):
        catalogues.load(path)


def test_a_catalogue_may_call_its_questions_by_their_old_name(tmp_path: Path) -> None:
    old = TEXT.replace("\nquestions = [", "\nasks = [")
    assert old != TEXT
    assert _load(tmp_path, old) == catalogues.load(SHIPPED_CATALOGUE)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("asks = []\nquestions = [", "services.purchase.asks: there is no such key here"),
        ("question = [", "services.purchase.questions: is missing"),
    ],
)
def test_a_service_has_its_questions_once(tmp_path: Path, heading: str, said: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        _load(tmp_path, TEXT.replace("questions = [", heading, 1))
    assert said in str(refused.value)


def test_the_shipped_catalogue_keeps_its_promises() -> None:
    catalogue = catalogues.load(SHIPPED_CATALOGUE)
    repair = catalogue.services["repair"]
    assert repair.claim_within.total_seconds() == 300
    assert repair.follow_up_after is not None
    assert repair.team == "maintenance"
    assert not repair.paid
    main = [key for key, service in catalogue.services.items() if not service.more]
    assert main == ["purchase", "shoe_shine", "mail", "cleaning", "repair"]
    for service in catalogue.services.values():
        assert service.questions
        assert any(question.kind in (QuestionKind.TEXT, QuestionKind.WHEN) for question in service.questions)
