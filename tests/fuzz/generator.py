"""Updates from the Bot API's own specification: valid, a little off, and broken.

The same seed makes the same updates.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiogram.types

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.playground.schema import ARRAY, PRIMITIVES, SPECIFICATION, Schema
from handlers.routing.senders import COMMANDS

OTHER_SPECIFICATION = "BOTAPI_SPECIFICATION"
"""An environment variable with the path of another specification, such as one of a newer Bot API."""
DEEPEST = 5
OURS = ("message", "callback_query", "edited_message", "chat_member", "my_chat_member")
SHARE_OF_OURS = 0.8
LETTERS = "abc ABC 服务 é 😀 العربية <b>&\"' %s {0} \\ / \n \t \u202e \u200d"
TEXTS = ("", " ", "\x00", "\ud83d", "\udc00\ud83d", "a\x00b", "\u202e" * 9, "😀" * 4096, "x" * 40_000, "<b>", "%(x)s")
NUMBERS = (0, -1, 1, 2**31, -(2**31), 2**32, 2**53, 2**63 - 1, -(2**63), 2**63, 2**64, 10**30, 1.5, -0.0, 1e308)
STRANGE: tuple[Any, ...] = (
    None,
    True,
    False,
    [],
    {},
    "",
    "0",
    [[]],
    [None],
    {"id": None},
    float("nan"),
    float("inf"),
    *NUMBERS,
    *TEXTS,
)
KINDS = ("brand_new_kind", "", "update_id ", "message\x00", "Message", "x" * 500, "😀", "__class__")


class Generator:
    """A generator of updates.

    Args:
        seed: the seed of all that is random.
        people: the ids of accounts that the estate knows.
        groups: the ids of groups with the bot.
    """

    def __init__(self, seed: int, people: list[int], groups: list[int]) -> None:
        self.chance = random.Random(seed)
        self._types: dict[str, Any] = Schema(Path(os.environ.get(OTHER_SPECIFICATION, SPECIFICATION)))._types
        self._kinds: dict[str, Any] = {
            kind: types for kind, (types, _) in self._types["Update"]["fields"].items() if kind != "update_id"
        }
        self._people, self._groups = people, groups
        self._next_message = 1_000_000
        self._actions = list(CAPABILITIES.taps.values())

    def updates(self, count: int) -> list[Any]:
        """Returns updates, two of three valid; without ids, which the server gives."""
        makers: list[Callable[[], Any]] = [self.sound, self.odd, self.broken]
        return [self.chance.choices(makers, (66, 28, 6))[0]() for _ in range(count)]

    def sound(self) -> dict[str, Any]:
        """Returns an update by the specification."""
        kind = self.chance.choice(OURS if self.chance.random() < SHARE_OF_OURS else list(self._kinds))
        made = self._any(self._kinds[kind], 0)
        return {kind: self._placed(made)}

    def odd(self) -> dict[str, Any]:
        """Returns an update with a few fields missing, added, too large or of another type."""
        update = self.sound()
        for _ in range(self.chance.randint(1, 4)):
            self._spoil(update)
        return update

    def broken(self) -> Any:
        """Returns something that is hardly an update any more."""
        chance = self.chance
        match chance.randrange(7):
            case 0:
                return chance.choice([None, [], "update", 7, 1.5, [{"message": {}}], True])
            case 1:
                return {}
            case 2:
                return {chance.choice(KINDS): self.sound()}
            case 3:
                return {next(iter(self.sound())): chance.choice(STRANGE)}
            case 4:
                return {"update_id": chance.choice(["1", None, [], {}, 1.5, "x"]), **self.sound()}
            case 5:
                return {**self.sound(), **self.sound(), "extra": 1}
            case _:
                return {"message": self._deep(chance.choice([70, 300, 900]))}

    # Values of the specification's types

    def _any(self, names: list[str], depth: int) -> Any:
        return self._one(self.chance.choice(names), depth)

    def _one(self, name: str, depth: int) -> Any:
        if name.startswith(ARRAY):
            count = self.chance.choice((0, 1, 1, 2)) if depth < DEEPEST else 0
            return [self._one(name.removeprefix(ARRAY), depth + 1) for _ in range(count)]
        if name in PRIMITIVES:
            return self._primitive(name)
        if subtypes := self._types[name]["subtypes"]:
            return self._one(self.chance.choice(subtypes), depth)
        return self._object(name, depth)

    def _object(self, name: str, depth: int) -> dict[str, Any]:
        chance, fields = self.chance, self._types[name]["fields"]
        optional = [key for key, (_, required) in fields.items() if not required]
        wanted = {key for key, (_, required) in fields.items() if required}
        if depth < DEEPEST:
            wanted |= set(chance.sample(optional, min(len(optional), chance.choice((0, 1, 2, 3, 6)))))
        model = getattr(aiogram.types, name, None)
        known = model.model_fields if model else {}
        return {
            key: self._field(name, key, types, known, depth + 1) for key, (types, _) in fields.items() if key in wanted
        }

    def _field(self, name: str, key: str, types: list[str], known: dict[str, Any], depth: int) -> Any:
        """Returns a field's value; a field that tells kinds apart gets its only valid value."""
        default = getattr(known.get(key), "default", None)
        if isinstance(default, str):
            return str(default)
        special: dict[tuple[str, str], Callable[[], Any]] = {
            ("User", "id"): self._person,
            ("Chat", "id"): lambda: self.chance.choice([*self._people, *self._groups]),
            ("Chat", "type"): lambda: self.chance.choice(["private", "group", "supergroup", "channel"]),
            ("Message", "message_id"): self._message_id,
            ("Message", "text"): self._words,
            ("CallbackQuery", "data"): self._data,
            ("CallbackQuery", "message"): lambda: self._one("Message", depth),
        }
        make = special.get((name, key))
        return make() if make is not None else self._any(types, depth)

    def _primitive(self, name: str) -> Any:
        chance = self.chance
        match name:
            case "Integer":
                return chance.choice((0, 1, 7, chance.randrange(2**31), chance.randrange(2**40)))
            case "Float":
                return chance.uniform(-180, 180)
            case "Boolean":
                return chance.random() < 0.5
            case _:
                return "".join(chance.choices(LETTERS, k=chance.choice((0, 1, 5, 20, 200))))

    def _person(self) -> int:
        chance = self.chance
        return chance.choice(self._people) if chance.random() < 0.7 else chance.randrange(2_000_000, 2_000_500)

    def _message_id(self) -> int:
        self._next_message += 1
        return self.chance.choice((self._next_message, self.chance.randrange(1, 40)))

    def _words(self) -> str:
        chance = self.chance
        said = str(self._primitive("String"))
        return f"/{chance.choice(sorted(COMMANDS))} {said}" if chance.random() < 0.4 else said

    def _data(self) -> str:
        """Returns callback data that a button of ours could carry, or could not."""
        chance = self.chance
        if chance.random() < 0.2:
            return str(self._primitive("String"))[:64]
        action = chance.choice(self._actions)
        words = ("good", "yes", "no", "en", "zh", "now", "all", "call", "check", "repair", "main", "d2026-07-01", "")
        arguments = [
            str(chance.choice((1, 2, 3, chance.randrange(40)))) if kind is int else chance.choice(words)
            for kind in action.kinds + (action.later if chance.random() < 0.5 else ())
        ]
        return ":".join([action.name, *arguments])

    def _placed(self, made: Any) -> Any:
        """Moves an event to a chat where its sender can act: their private chat, or a group."""
        chance = self.chance
        if not isinstance(made, dict):
            return made
        user = made.get("from")
        places = [made, made.get("message")]
        for place in places:
            if not isinstance(place, dict) or not isinstance(place.get("chat"), dict):
                continue
            if isinstance(user, dict) and chance.random() < 0.6:
                place["chat"] |= {"id": user["id"], "type": "private"}
            elif chance.random() < 0.8:
                place["chat"] |= {"id": chance.choice(self._groups), "type": chance.choice(["group", "supergroup"])}
        return made

    # What is not sound

    def _spoil(self, update: dict[str, Any]) -> None:
        """Changes one thing somewhere in an update."""
        chance = self.chance
        place: Any = update
        for _ in range(chance.randint(0, 6)):
            inside = [value for value in _values(place) if isinstance(value, dict | list) and value]
            if not inside:
                break
            place = chance.choice(inside)
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key: Any = chance.choice(keys)
        match chance.randrange(4):
            case 0:
                del place[key]
            case 1 if isinstance(place, dict):
                place[chance.choice(KINDS)] = chance.choice(STRANGE)
            case _:
                place[key] = chance.choice(STRANGE)

    def _deep(self, levels: int) -> Any:
        found: Any = {"text": "x"}
        for _ in range(levels):
            found = {"reply_to_message": found} if self.chance.random() < 0.5 else [found]
        return found


def _values(place: Any) -> list[Any]:
    return list(place.values()) if isinstance(place, dict) else list(place)
