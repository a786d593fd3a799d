"""Invitations on paper: a card for each owner who has not joined, which a phone's camera reads."""

from __future__ import annotations

import hashlib
import shutil
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import zxingcpp

from concierge_bot.commands.cards import fonts, printing
from concierge_bot.commands.invite import owner
from concierge_bot.desk.invitations.printed_cards import Card
from storage.tables import people
from storage.tables.audit import AuditAction, AuditEntry
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home
from tests.support.keyboard import Typed
from tests.support.lists import HEAD, imported, join
from tests.support.world import World

ODD = r"""#Wang* <b>$x$ \ "it's" @me [y] `z` //"""
RARE = "\u1d81"
"""A letter that one of the fonts of plots has, and none that cards are printed in."""
ARABIC = Card(
    language="ar",
    is_right_to_left=True,
    welcome="مرحبًا بكم.",
    address="السيد العلي",
    villa="الفيلا 8",
    ask="يُرجى مسح هذا الرمز.",
    terms="حتى 11 ديسمبر 2026.",
    link="https://t.me/concierge_bot?start=arabic",
)


@dataclass(frozen=True)
class Printed:
    """What somebody sees on a sheet: the words, and what a camera reads of its codes, with where they are."""

    words: str
    codes: list[tuple[str, float]]
    """The links, each with the middle of its code, as a share of the width of the sheet."""


def _sheets(file: Path) -> list[Printed]:
    with closing(pypdfium2.PdfDocument(file)) as document:
        return [_seen(document, number) for number in range(len(document))]


def _seen(document: pypdfium2.PdfDocument, number: int) -> Printed:
    with (
        closing(document[number]) as page,
        closing(page.get_textpage()) as words,
        closing(page.render(scale=2)) as drawn,
    ):
        image = drawn.to_pil()
        found = zxingcpp.read_barcodes(image)
        codes = [
            (code.text, (code.position.top_left.x + code.position.top_right.x) / 2 / image.width) for code in found
        ]
        return Printed(" ".join(words.get_text_bounded().split()), codes)


async def test_each_owner_who_has_not_joined_has_a_card_in_their_language(home: Home, tmp_path: Path) -> None:
    home.migrated()
    listed = f'{HEAD}10,王,伟,mr,zh\n9,Smith,,mrs,en\n8,"{ODD.replace(chr(34), chr(34) * 2)}",,mr,en\n8,Иванов,,,\n'
    assert (await imported(home, listed)).status == 0
    join(home, "Smith")
    ended = await home.run("invitations", "--pdf", "cards.pdf")
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said == "3 cards are in cards.pdf. Earlier links of the same people can still be used.\n"
    assert (tmp_path / "cards.pdf").stat().st_mode & 0o777 == 0o600
    (sheet,) = _sheets(Path("cards.pdf"))
    for words in (f"Mr {ODD} Villa 8", "Иванов", "王先生", "欢迎", "Please scan this code", "请用手机相机扫描"):
        assert words.replace(" ", "") in sheet.words.replace(" ", "")
    assert "Smith" not in sheet.words
    assert sheet.words.index("Иванов") < sheet.words.index("王先生")  # by villa: 8 before 10
    surnames = {person.id: person.surname for person in home.books.all(people.Person)}
    kept = {invite.code_hash: surnames[invite.person_id] for invite in home.books.all(people.Invite)}
    found = [kept[hashlib.sha256(link.partition("?start=")[2].encode()).hexdigest()] for link, _ in sheet.codes]
    assert sorted(found) == sorted([ODD, "Иванов", "王"])
    assert all(link in sheet.words.replace(" ", "") for link, _ in sheet.codes)
    made = [entry for entry in home.books.all(AuditEntry) if entry.action == AuditAction.INVITATION_MADE]
    assert len(made) == 4 + 3

    over = await home.run("invitations", "--pdf", "cards.pdf")
    assert over.complained == "concierge: cards.pdf is there already: links are not written over others.\n"
    some = await home.run("invitations", "--pdf", "8.pdf", "--villa", "８", "--paper", "us-letter")
    assert some.said.startswith("2 cards are in 8.pdf.")
    assert home.books.count(people.Invite) == 4 + 3 + 2
    unknown = await home.run("invitations", "--pdf", "7.pdf", "--villa", "7")
    assert "There is no villa 7 on" in unknown.complained
    for surname in (ODD, "Иванов", "王"):
        join(home, surname)
    nobody = await home.run("invitations", "--pdf", "none.pdf")
    assert (nobody.status, nobody.complained.count("\n")) == (1, 1)
    assert "nobody was invited who has not joined" in nobody.complained
    assert not (tmp_path / "none.pdf").exists()


async def test_whoever_scans_their_card_is_welcomed(world: World, typed: Typed, tmp_path: Path) -> None:
    await world.code(owner(villa="8", surname="Li", title="ms"))
    assert (await typed("invitations", "--pdf", "cards.pdf")).status == 0
    (sheet,) = _sheets(tmp_path / "cards.pdf")
    ((link, _),) = sheet.codes
    li = world.telegram.person("Li")
    await li.starts(link.partition("?start=")[2])
    await world.chooses_language(li, "en")
    await li.sees("Welcome, Ms Li")


@only_sqlite
async def test_nobody_is_invited_by_a_card_that_cannot_be_printed(home: Home, tmp_path: Path) -> None:
    home.migrated()
    await imported(home, f"{HEAD}8,ไทย,,,en\n9,Wang,,mr,en\n")
    for again in range(2):
        refused = await home.run("invitations", "--pdf", "cards.pdf")
        assert refused.complained == (
            "concierge: No card was printed: no font has these letters. ไทย (Villa 8): ไทย. "
            "Name a folder of fonts that have them with --fonts.\n"
        ), again
    assert not (tmp_path / "cards.pdf").exists()
    assert home.books.count(people.Invite) == 2
    assert "There are no fonts" in (await home.run("invitations", "--pdf", "c.pdf", "--fonts", "folder")).complained

    font = fonts.packaged()[-1].with_name("STIXGeneral.ttf")
    (tmp_path / "folder").mkdir()
    shutil.copy(font, "folder")
    await imported(home, f"{HEAD}10,{RARE},,mr,en\n")
    assert (await home.run("invitations", "--pdf", "10.pdf", "--villa", "10")).status == 1
    assert (await home.run("invitations", "--pdf", "10.pdf", "--villa", "10", "--fonts", "folder")).status == 0
    assert f"Mr {RARE}" in _sheets(Path("10.pdf"))[0].words

    home.environment.setitem(sys.modules, "typst", None)
    without = await home.run("invitations", "--pdf", "c.pdf", "--villa", "9")
    assert without.complained == (
        "concierge: Nothing can be printed without further packages: run `pip install --require-hashes "
        "-r requirements-print.lock`, or install villa-concierge[print].\n"
    )
    assert home.books.count(people.Invite) == 4


def test_a_card_of_a_language_from_right_to_left_has_its_code_on_the_left(tmp_path: Path) -> None:
    files = fonts.packaged()
    printing.require_letters([ARABIC], files)
    english = Card("en", False, "Welcome.", "Mr Smith", "Villa 8", "Scan.", "Once.", "https://t.me/bot?start=english")
    cards = [ARABIC, english]
    made = printing.pdf(cards, [printing.drawn(card.link) for card in cards], "a4", files)
    (tmp_path / "cards.pdf").write_bytes(made)
    (sheet,) = _sheets(tmp_path / "cards.pdf")
    places = dict(sheet.codes)
    assert places[ARABIC.link] < 0.25
    assert places[english.link] > 0.75
