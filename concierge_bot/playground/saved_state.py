"""Saved state: a playground's past, to go on from in another playground, as often as one likes."""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any

from concierge_bot.playground.model.world import World

STATE = ("accounts", "chats", "files", "calls", "taps", "_people", "_groups", "_supergroups", "_albums")
"""What a world holds of what happened; the rest is what it is made of."""


class _Writer(pickle.Pickler):
    """A pickler that leaves out the world and its bot; on loading, those of the other playground step in."""

    def __init__(self, into: BytesIO, world: World) -> None:
        super().__init__(into, pickle.HIGHEST_PROTOCOL)
        self._names = {id(world): "world", id(world.bot): "bot"}

    def persistent_id(self, obj: Any) -> str | None:
        """Returns the name of an object that is left out; None for any other."""
        return self._names.get(id(obj))


class _Reader(pickle.Unpickler):
    def __init__(self, found: BytesIO, world: World) -> None:
        super().__init__(found)
        self._objects = {"world": world, "bot": world.bot}

    def persistent_load(self, pid: Any) -> Any:
        """Returns the object of this playground with the name."""
        return self._objects[pid]


def save(world: World, held: Any) -> bytes:
    """Saves the state of a world with `held`: people, groups, messages, in whatever structure."""
    state = {name: getattr(world, name) for name in STATE}
    kept = BytesIO()
    _Writer(kept, world).dump((state, world.bot.profile, world.chance.getstate(), world.queue.kept(), held))
    return kept.getvalue()


def load(world: World, kept: bytes) -> Any:
    """Restores a saved state in another world. Returns its `held`, of this world now."""
    state, world.bot.profile, chance, queue, held = _Reader(BytesIO(kept), world).load()
    for name, value in state.items():
        setattr(world, name, value)
    world.accounts[world.bot.id] = world.bot
    world.chance.setstate(chance)
    world.queue.take_up(queue)
    return held
