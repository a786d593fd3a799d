"""Russian names: the sex that a patronymic tells, and the genitive of surnames."""

from __future__ import annotations

from storage.names import Form

SONS, DAUGHTERS = ("вич", "ьич", "оглы"), ("вна", "чна", "кызы")
FEMALE = (("ская", "ской"), ("цкая", "цкой"), ("ова", "овой"), ("ева", "евой"), ("ёва", "ёвой"), ("ина", "иной"))
MALE = (("ский", "ского"), ("цкий", "цкого"), ("ов", "ова"), ("ев", "ева"), ("ёв", "ёва"), ("ин", "ина"))


def form_of(patronymic: str) -> Form | None:
    """Returns the form that a Russian patronymic tells; None for any other."""
    ending = patronymic.casefold()
    if ending.endswith(SONS):
        return Form.M
    return Form.F if ending.endswith(DAUGHTERS) else None


def genitive(surname: str, *, is_female: bool) -> str:
    """Returns the genitive of a Russian surname; one of another kind stays as it is."""
    for ending, declined in FEMALE if is_female else MALE:
        if surname.endswith(ending):
            return surname.removesuffix(ending) + declined
    return surname
