"""Archives: the same rows come back, on either engine; one moment; damage is found; half a file is none."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, func, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import col, select

from storage import schema
from storage.archive import restoring, snapshots, writing
from storage.archive.manifest import MANIFEST, ArchiveError
from storage.archive.reading import LONGEST_LINE, Archive
from storage.archive.shapes import tables_of
from storage.archive.writing import write
from storage.engine.unit import Storage
from storage.tables.people import Estate, Person, Villa
from storage.tables.queues import Heartbeat, OutboxMessage
from storage.tables.registry import METADATA
from storage.tables.requests import EventKind, Request, RequestEvent
from storage.tables.rows import row_id
from tests.storage.filling import ROWS, contents, fill
from tests.support.databases import PostgresServer

ENGINES = ("sqlite", "postgresql")
NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
LATER = datetime(2200, 1, 1, tzinfo=UTC)
"""A moment since when nobody can have given a sign of life."""

New = Callable[..., Storage]


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[New]:
    """Makes databases of either engine, with the schema unless they shall be empty."""
    made: list[Storage] = []

    def one(engine: str = "sqlite", *, empty: bool = False) -> Storage:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path / f'{len(made)}.sqlite'}?timeout=1"
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = server.new(empty=empty)
        made.append(Storage(url))
        if engine == "sqlite" and not empty:
            schema.upgrade(made[-1])
        return made[-1]

    yield one
    for storage in made:
        storage.close()


@pytest.fixture
def kept(new: New, tmp_path: Path) -> Path:
    """The archive of a database whose every table is filled."""
    source, file = new(), tmp_path / "kept.zip"
    fill(source)
    _write(source, file)
    return file


def _write(storage: Storage, target: Path, **options: Any) -> None:
    write(storage.url, target, made_at=NOW, program_version="1", **options)


def unconfirmed(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Returns the contents as they are after a restore: Telegram has to be asked anew who is a member."""
    nobody = {"confirmed_at": None, "asked_at": None}
    return {**found, "memberships": [{**row, **nobody} for row in found["memberships"]]}


def _restore(storage: Storage, file: Path, *, replace: bool = False, alive_since: datetime = LATER) -> None:
    with Archive(file) as archive:
        archive.check()
        restoring.restore(storage, archive, replace=replace, alive_since=alive_since)


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("source", ENGINES)
def test_every_row_of_every_table_comes_back_on_either_engine(
    new: New, tmp_path: Path, source: str, target: str
) -> None:
    before, after, file = new(source), new(target, empty=True), tmp_path / "kept.zip"
    fill(before)
    _write(before, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.glob(".*")] == []
    _restore(after, file)
    assert schema.present(after) == schema.needed()
    found = contents(after)
    assert found == unconfirmed(contents(before))
    assert {len(rows) for rows in found.values()} == {ROWS}
    again = tmp_path / "again.zip"
    _write(after, again)
    assert _sums(again).keys() == METADATA.tables.keys()
    if source == target:
        assert {**_sums(again), "memberships": ""} == {**_sums(file), "memberships": ""}


def _sums(file: Path) -> dict[str, str]:
    with Archive(file) as archive:
        return {table.name: table.sha256 for table in archive.manifest.tables}


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("source", ENGINES)
def test_a_number_that_was_given_out_is_never_given_out_again(
    new: New, tmp_path: Path, source: str, target: str
) -> None:
    before, after, file = new(source), new(target, empty=True), tmp_path / "kept.zip"
    for _ in range(3):
        last = _outbox_number(before)
    with before.unit() as session:
        session.exec(delete(OutboxMessage).where(col(OutboxMessage.id) > 1))
    _write(before, file)
    _restore(after, file)
    assert _outbox_number(after) == last + 1
    with after.unit() as session:  # of a table that was empty
        session.add(estate := Estate(name="first", timezone="Asia/Shanghai", language="en", currency="CNY"))
        session.flush()
        assert estate.id == 1


def _outbox_number(storage: Storage) -> int:
    with storage.unit() as session:
        session.add(row := OutboxMessage(chat_id=1, method="sendMessage", created_at=NOW, not_before=NOW))
        session.flush()
        return row_id(row)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_snapshot_is_one_moment_and_holds_up_nobody(new: New, engine: str) -> None:
    storage = new(engine)
    counted = select(func.count()).select_from(OutboxMessage)
    _outbox_number(storage)
    with snapshots.snapshot(storage.url) as connection:
        assert connection.execute(counted).scalar() == 1
        _outbox_number(storage)  # would wait for its second in vain
        assert connection.execute(counted).scalar() == 1
        with pytest.raises(Exception, match=r"read-?only"):
            connection.execute(insert(OutboxMessage).values(chat_id=1, method="", created_at=NOW, not_before=NOW))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_written_all_the_time_is_kept_as_of_one_moment(
    new: New, tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request has its first event, in each archive, and the archives grow."""
    monkeypatch.setattr(writing, "AT_ONCE", 10)
    storage, stop, written = new(engine), threading.Event(), []
    with storage.unit() as session:
        session.add(Estate(id=1, name="E", timezone="Asia/Shanghai", language="en", currency="CNY"))
        session.flush()
        session.add_all([Villa(id=1, estate_id=1, name="8"), Person(id=1, estate_id=1)])

    def write_on() -> None:
        while not stop.is_set():
            with storage.unit() as session:
                session.add(request := _request())
                session.flush()
                session.add(RequestEvent(request_id=row_id(request), kind=EventKind.SENT, at=NOW))
            written.append(request.id)

    writer = threading.Thread(target=write_on)
    writer.start()
    kept: list[tuple[int, int]] = []
    try:
        for number in range(5):
            while len(written) < 40 * (number + 1):
                time.sleep(0.001)
            before = len(written)
            _write(storage, tmp_path / f"{number}.zip")
            kept.append((before, len(written)))
            requests, events = (_lines(tmp_path / f"{number}.zip", name) for name in ("requests", "request_events"))
            assert [row["id"] for row in requests] == [row["request_id"] for row in events]
            assert before <= len(requests) <= len(written)
    finally:
        stop.set()
        writer.join()
    assert sum(after - before for before, after in kept) > 0, "nothing was written while it was kept"


def _request() -> Request:
    return Request(
        estate_id=1,
        villa_id=1,
        person_id=1,
        service="repair",
        team="maintenance",
        claim_by=NOW,
        created_at=NOW,
        open_since=NOW,
    )


def _lines(file: Path, table: str) -> list[dict[str, Any]]:
    with Archive(file) as archive:
        entry = next(entry for entry in archive.manifest.tables if entry.name == table)
        return [json.loads(line) for line in archive.lines(entry)]


def test_every_flipped_byte_is_found_or_changed_nothing(kept: Path, tmp_path: Path) -> None:
    whole = _all(kept)
    data, file = kept.read_bytes(), tmp_path / "flipped.zip"
    noticed = []
    for place in [*range(0, len(data), 97), *range(len(data) - 100, len(data))]:
        flipped = bytearray(data)
        flipped[place] ^= 0xFF
        file.write_bytes(flipped)
        try:
            found = _all(file)
        except ArchiveError:
            noticed.append(place)
        else:
            assert found == whole, f"nobody noticed that byte {place} was changed"
    assert len(noticed) > 0.8 * len(range(0, len(data), 97))


def _all(file: Path) -> tuple[Any, list[list[bytes]]]:
    with Archive(file) as archive:
        return archive.manifest, [list(archive.lines(table)) for table in archive.manifest.tables]


def test_a_file_that_is_cut_off_is_found_out(kept: Path, tmp_path: Path) -> None:
    data, file = kept.read_bytes(), tmp_path / "cut.zip"
    for length in (0, 1, 30, len(data) // 2, len(data) - 500, len(data) - 1):
        file.write_bytes(data[:length])
        with pytest.raises(ArchiveError, match=r"damaged \(it is cut off, or no archive\)"):
            _all(file)


Forgery = Callable[[dict[str, Any], dict[str, bytes]], None]


def _lose_a_row(_manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["villas.jsonl"] = files["villas.jsonl"].partition(b"\n")[2]


def _change_a_row(_manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["villas.jsonl"] = files["villas.jsonl"].replace(b'"id":1', b'"id":9')


def _lose_a_table(_manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    del files["villas.jsonl"]


def _leave_a_table_out(manifest: dict[str, Any], _files: dict[str, bytes]) -> None:
    manifest["tables"].pop()


def _be_of_a_newer_format(manifest: dict[str, Any], _files: dict[str, bytes]) -> None:
    manifest["format"] += 1


def _be_of_a_newer_schema(manifest: dict[str, Any], _files: dict[str, bytes]) -> None:
    manifest["schema_version"] = "9999"


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (_lose_a_row, "table villas has 7 rows instead of 8"),
        (_change_a_row, "table villas was changed"),
        (_lose_a_table, "table villas"),
        (_leave_a_table_out, "other tables than its schema"),
        (_be_of_a_newer_format, "was made by concierge 1 .* which is newer: install that version"),
        (_be_of_a_newer_schema, r"was made by concierge 1 \(schema 9999\), which is newer: install that version"),
    ],
)
def test_an_archive_that_does_not_fit_its_manifest_is_refused(
    kept: Path, tmp_path: Path, new: New, forge: Forgery, said: str
) -> None:
    file, target = tmp_path / "forged.zip", new(empty=True)
    _forge(kept, file, forge)
    with pytest.raises(ArchiveError, match=said):
        _restore(target, file)
    assert schema.present(target) is None


def _forge(kept: Path, file: Path, forge: Forgery) -> None:
    with zipfile.ZipFile(kept) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files[MANIFEST])
    forge(manifest, files)
    files[MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def _resign(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    from hashlib import sha256  # noqa: PLC0415

    for table in manifest["tables"]:
        table["sha256"] = sha256(files[f"{table['name']}.jsonl"]).hexdigest()


def _with_a_villa_of_no_estate(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["villas.jsonl"] = files["villas.jsonl"].replace(b'"estate_id":8', b'"estate_id":99')
    _resign(manifest, files)


def _with_a_row_of_other_columns(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["timers.jsonl"] = files["timers.jsonl"].replace(b'"kind":', b'"sort":')
    _resign(manifest, files)


NOISE = bytes(random.Random(1).choices(b"abcdefgh", k=20_000))
"""Repeated, it shrinks to a hundredth or so: more than any row of ours, and less than is refused at a glance."""


def _one_endless_line(size: int) -> bytes:
    return b"1" * size


def _one_endless_line_of_noise(size: int) -> bytes:
    return NOISE * (size // len(NOISE))


def _many_rows_of_nothing(size: int) -> bytes:
    return b"{}\n" * (size // 3)


def _rows_as_long_as_may_be(size: int) -> bytes:
    name = NOISE * (LONGEST_LINE // len(NOISE) - 1)
    return b"".join(_villa(number, name) for number in range(1, size // len(name) // 2))


def _villa(number: int, name: bytes) -> bytes:
    return b'{"id":%d,"estate_id":1,"name":"%d %s"}\n' % (number, number, name)


def _rows_of_small_lists(_size: int) -> bytes:
    """Of objects that take much more than their text: three such lines show whether they are held at once."""
    some = b"".join(random.Random(1).choices([b"[],", b"[], ", b"[ ],"], k=2_000))
    lists = some * (LONGEST_LINE // len(some) - 1)
    return b"".join(b'{"id":%d,"estate_id":1,"name":[%s1]}\n' % (number, lists) for number in range(3))


@pytest.mark.parametrize(
    ("bomb", "bound", "is_refused"),
    [
        (_one_endless_line, 100, True),
        (_one_endless_line_of_noise, 100, True),
        (_many_rows_of_nothing, 100, True),
        (_rows_as_long_as_may_be, 100, False),
        (_rows_of_small_lists, 150, True),
    ],
)
def test_d15_a_small_archive_never_takes_much_memory(
    kept: Path, tmp_path: Path, new: New, bomb: Callable[[int], bytes], bound: int, is_refused: bool
) -> None:
    def forge(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        files["villas.jsonl"] = data
        (villas,) = (table for table in manifest["tables"] if table["name"] == "villas")
        villas["rows"] = data.count(b"\n")
        _resign(manifest, files)

    data, file, target = bomb(150_000_000), tmp_path / "bomb.zip", new(empty=True)
    _forge(kept, file, forge)
    assert file.stat().st_size < 4_000_000
    tracemalloc.start()
    try:
        with pytest.raises((ArchiveError, DBAPIError)) if is_refused else nullcontext():
            _restore(target, file)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < bound * 1_000_000
    assert (schema.present(target) is None) is is_refused


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("forge", [_with_a_villa_of_no_estate, _with_a_row_of_other_columns])
def test_what_cannot_be_put_back_to_its_end_leaves_everything_as_it_was(
    new: New, kept: Path, tmp_path: Path, engine: str, forge: Forgery
) -> None:
    target, file = new(engine), tmp_path / "forged.zip"
    fill(target)
    with target.unit() as session:
        session.exec(delete(Heartbeat))
        session.exec(text("UPDATE villas SET name = 'mine'"))  # type: ignore[call-overload]
    before = contents(target)
    _forge(kept, file, forge)
    with pytest.raises(Exception, match=r"(?i)foreign key|cannot be read"):
        _restore(target, file, replace=True)
    assert contents(target) == before
    assert schema.present(target) == schema.needed()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_in_use_is_refused(new: New, kept: Path, engine: str) -> None:
    target = new(engine)
    fill(target)
    before = contents(target)
    with pytest.raises(ArchiveError, match="holds 8 people and 8 requests already: add --replace"):
        _restore(target, kept)
    with pytest.raises(ArchiveError, match="A concierge is running on this database"):
        _restore(target, kept, replace=True, alive_since=LONG_AGO)
    assert contents(target) == before
    with target.unit() as session:
        session.exec(delete(RequestEvent))
    _restore(target, kept, replace=True)
    assert contents(target) == unconfirmed(before)


@pytest.mark.parametrize("engine", ENGINES)
def test_one_that_only_has_its_schema_is_filled(new: New, kept: Path, engine: str) -> None:
    """As after `concierge migrate`, or a first start."""
    target = new(engine)
    with target.unit() as session:
        session.add(Estate(name="Villa Estate", timezone="Asia/Shanghai", language="en", currency="CNY"))
    _restore(target, kept)
    assert len(contents(target)["estates"]) == ROWS


def test_one_of_a_newer_schema_is_left_alone(new: New, kept: Path) -> None:
    target = new()
    with target.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ArchiveError, match="schema 9999 of a newer concierge: nothing was changed"):
        _restore(target, kept, replace=True)


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("source", ENGINES)
def test_an_archive_of_an_older_schema_is_brought_up(new: New, tmp_path: Path, source: str, target: str) -> None:
    before, after, file = new(source, empty=True), new(target, empty=True), tmp_path / "old.zip"
    schema.upgrade(before, "0001")
    tables = {table.name: table for table in tables_of("0001")}
    with before.engine.begin() as connection:
        connection.execute(
            tables["outbox"].insert(),
            {
                "id": 7,
                "chat_id": -1,
                "method": "sendMessage",
                "params": {"text": "谢谢"},
                "urgency": 50,
                "reader": "",
                "version": 0,
                "state": "waiting",
                "created_at": NOW,
                "not_before": NOW + timedelta(hours=1),
                "attempts": 0,
            },
        )
    _write(before, file)
    assert schema.present(before) == "0001"
    _restore(after, file)
    assert schema.present(after) == schema.needed()
    (row,) = contents(after)["outbox"]
    assert (row["id"], row["params"], row["not_before"]) == (7, {"text": "谢谢"}, NOW + timedelta(hours=1))
    assert row["announcement_id"] is None
    assert _outbox_number(after) == 8


def test_the_tables_of_a_version_are_those_of_the_program() -> None:
    """And all their types are such as an archive can hold."""
    found = {table.name: _types(table) for table in tables_of(schema.needed())}
    assert found == {name: _types(table) for name, table in METADATA.tables.items()}


def _types(table: Table) -> dict[str, type[Any]]:
    """What each column hands out in Python."""
    types = {column.name: column.type for column in table.columns}
    return {name: (t.impl_instance if isinstance(t, TypeDecorator) else t).python_type for name, t in types.items()}


def test_nothing_takes_the_place_of_a_file_unless_it_shall(new: New, tmp_path: Path) -> None:
    storage, file = new(), tmp_path / "kept.zip"
    file.write_text("mine")
    with pytest.raises(ArchiveError, match=r"is there already: choose another name, or add --force"):
        _write(storage, file)
    assert file.read_text() == "mine"
    _write(storage, file, overwrite=True)
    with Archive(file) as archive:
        archive.check()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ArchiveError, match="is a folder"):
        _write(storage, tmp_path)
    with pytest.raises(ArchiveError, match="No such file or directory"):
        _write(storage, tmp_path / "nowhere" / "kept.zip")


def test_a_name_that_was_taken_meanwhile_is_left_alone(
    new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, file = new(), tmp_path / "kept.zip"
    monkeypatch.setattr(writing, "_check", lambda *_found: file.write_text("mine"))
    with pytest.raises(ArchiveError, match="is there already"):
        _write(storage, file)
    assert file.read_text() == "mine"
    assert list(tmp_path.glob(".*")) == []


def test_what_cannot_be_read_back_does_not_get_its_name(
    new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, file, check = new(), tmp_path / "kept.zip", writing._check

    def spoil(part: Path, manifest: Any) -> None:
        data = bytearray(part.read_bytes())
        data[data.index(b"manifest.json") + 40] ^= 0xFF
        part.write_bytes(data)
        check(part, manifest)

    monkeypatch.setattr(writing, "_check", spoil)
    with pytest.raises(ArchiveError, match="damaged"):
        _write(storage, file)
    assert list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*")) == []


def _command(storage: Storage, target: Path, before: str = "") -> list[str]:
    """Writes an archive in a process of its own."""
    program = (
        f"from datetime import *; from pathlib import Path; from storage.archive.writing import write\n"
        f"from sqlalchemy import make_url; {before}\n"
        f"write(make_url({str(storage.url)!r}), Path({str(target)!r}), made_at=datetime.now(timezone.utc),"
        " program_version='1')"
    )
    return [sys.executable, "-c", program]


def _many(storage: Storage, count: int) -> None:
    with storage.engine.begin() as connection:
        row = {"chat_id": 1, "method": "sendMessage", "created_at": NOW, "not_before": NOW}
        connection.execute(insert(OutboxMessage), [{**row, "params": {"text": str(n)}} for n in range(count)])


def test_a_kill_in_the_middle_leaves_no_file_that_looks_finished(new: New, tmp_path: Path) -> None:
    storage, file = new(), tmp_path / "kept.zip"
    _many(storage, 20_000)
    writer = subprocess.Popen(_command(storage, file), cwd=Path(__file__).parents[2])
    while not any(part.stat().st_size for part in tmp_path.glob(".kept.zip.*.part")):
        assert writer.poll() is None, "it was done before it could be killed"
        time.sleep(0.001)
    writer.send_signal(signal.SIGKILL)
    assert writer.wait() == -signal.SIGKILL
    assert not file.exists()
    (part,) = tmp_path.glob(".*")
    assert part.suffix == ".part"
    with pytest.raises(ArchiveError, match="damaged"):
        _all(part)
    _write(storage, file)
    assert len(_lines(file, "outbox")) == 20_000


def test_a_disk_that_fills_up_leaves_nothing(new: New, tmp_path: Path) -> None:
    """A limit to the size of files stands for the disk: the same write fails in the same place."""
    storage, file = new(), tmp_path / "kept.zip"
    _many(storage, 5000)
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    ended = subprocess.run(
        _command(storage, file, limited), cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert ended.stderr.splitlines()[-1].endswith(f"The archive {file} cannot be written: File too large.")
    assert list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*")) == []
