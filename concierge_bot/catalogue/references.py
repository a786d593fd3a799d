"""References between parts of a catalogue: names that nothing bears, and names that two things bear.

It is looked at in the file as it was written, so that a fault elsewhere hides none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from concierge_bot.catalogue.faults import Fault

Document = dict[str, Any]
PROMISED = {"claim_chain": "unclaimed", "late_chain": "late"}
"""The chains of a service, each with the one that it has where it names none."""


def faults(document: Document, languages: Collection[str] = ()) -> Iterator[Fault]:
    """Yields the faults between parts of a catalogue; of its language only where those that have words are given."""
    language = _table(document, "estate").get("language")
    if languages and isinstance(language, str) and language not in languages:
        yield Fault("estate.language", f"there are no words in {language!r}: write one of {', '.join(languages)}")
    for check in CHECKS:
        yield from check(document)


def _teams(document: Document) -> Iterator[Fault]:
    named = [(f"services.{key}", "team", service.get("team")) for key, service in _tables(document, "services")]
    named += [(f"opening.{at}", "team", opening.get("team")) for at, opening in _listed(document, "opening")]
    teams = _table(document, "teams")
    for place, key, team in named:
        if isinstance(team, str) and team not in teams:
            yield Fault(f"{place}.{key}", f"there is no team {team!r}")


def _chains(document: Document) -> Iterator[Fault]:
    chains = _table(document, "chains")
    for key, service in _tables(document, "services"):
        for place, promises in ((f"services.{key}", service), (f"services.{key}.urgent", service.get("urgent"))):
            if not isinstance(promises, dict):
                continue
            for name, usual in PROMISED.items():
                chain = promises.get(name, usual)
                if isinstance(chain, str) and chain not in chains:
                    yield Fault(f"{place}.{name}", f"there is no chain {chain!r}")


def _repeats(document: Document) -> Iterator[Fault]:
    for key in _table(document, "chains"):
        for at, step in _listed(_table(document, "chains"), key):
            if "times" in step and "repeat" not in step:
                yield Fault(f"chains.{key}.{at}.times", "needs repeat, which says after how long")


def _twice(document: Document) -> Iterator[Fault]:
    yield from _doubled("services", ((key, s.get("name")) for key, s in _tables(document, "services")), "name")
    yield from _doubled("teams", _table(document, "teams").items())
    opening = ((at, (o.get("team"), o.get("estate"))) for at, o in _listed(document, "opening"))
    yield from _doubled("opening", opening, "team", lambda of: f"{of[0]!r} has hours already")
    yield from _doubled("phones", ((at, p.get("estate")) for at, p in _listed(document, "phones")), "estate")


def _choices_twice(document: Document) -> Iterator[Fault]:
    for place, question in _questions(document):
        choices = list(_listed(question, "choices"))
        for fact in ("key", "text"):
            yield from _doubled(f"{place}.choices", ((at, choice.get(fact)) for at, choice in choices), fact)


def _dangers(document: Document) -> Iterator[Fault]:
    danger = document.get("danger")
    if not isinstance(danger, dict):
        return
    kinds = _table(danger, "kinds")
    for place, question in _questions(document):
        for at, choice in _listed(question, "choices"):
            named = choice.get("danger")
            if isinstance(named, str) and named not in kinds:
                yield Fault(f"{place}.choices.{at}.danger", f"there is no danger {named!r}")
    for key, kind in _tables(danger, "kinds"):
        yield from _orders(document, f"danger.kinds.{key}", kind)


def _orders(document: Document, place: str, kind: Document) -> Iterator[Fault]:
    """Yields what keeps a kind of danger from ordering what is urgent."""
    service = _table(document, "services").get(str(kind.get("service")))
    if not isinstance(service, dict):
        if "service" in kind:
            yield Fault(f"{place}.service", f"there is no service {kind['service']!r}")
        return
    offered = {question.get("key"): list(_listed(question, "choices")) for _, question in _asked(service)}
    chosen = {
        key: next((choice for _, choice in offered.get(key, []) if choice.get("key") == answer), None)
        for key, answer in _table(kind, "answers").items()
    }
    for key in (key for key, choice in chosen.items() if choice is None):
        said = f"the service has no such question, or no choice {kind['answers'][key]!r}"
        yield Fault(f"{place}.answers.{key}", said)
    if all(chosen.values()) and not any(choice.get("urgent") for choice in chosen.values() if choice):
        yield Fault(f"{place}.answers", "one of them should be a choice that is urgent")


CHECKS: tuple[Callable[[Document], Iterable[Fault]], ...] = (
    _teams,
    _chains,
    _repeats,
    _twice,
    _choices_twice,
    _dangers,
)


def _doubled(
    place: str,
    named: Iterable[tuple[object, Any]],
    key: str = "",
    said: Callable[[Any], str] = lambda name: f"{name!r} is there already",
) -> Iterator[Fault]:
    seen: list[Any] = []
    for at, name in named:
        if name is not None and name in seen:
            yield Fault(".".join(filter(None, (place, str(at), key))), said(name))
        seen.append(name)


def _questions(document: Document) -> Iterator[tuple[str, Document]]:
    for key, service in _tables(document, "services"):
        for at, question in _asked(service):
            yield f"services.{key}.questions.{at}", question


def _asked(service: Document) -> Iterator[tuple[int, Document]]:
    return _listed(service, "questions" if "questions" in service else "asks")


def _table(node: Document, key: str) -> Document:
    found = node.get(key)
    return found if isinstance(found, dict) else {}


def _tables(node: Document, key: str) -> Iterator[tuple[str, Document]]:
    return ((name, found) for name, found in _table(node, key).items() if isinstance(found, dict))


def _listed(node: Document, key: str) -> Iterator[tuple[int, Document]]:
    found = node.get(key)
    return ((at, item) for at, item in enumerate(found if isinstance(found, list) else []) if isinstance(item, dict))
