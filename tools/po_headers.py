"""Writes the header of each language's sentences: the language and its plural rule, for editors such as Poedit.

`make words` calls it after Babel, whose own header has the time of day in it: a change in every file each time.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.plurals import get_plural

from concierge_bot.i18n import DOMAIN, LOCALES

BEGIN = 'msgid ""\nmsgstr ""\n'


def header(language: str) -> str:
    """Returns the header of a language's file, by its folder's name."""
    fields = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": get_plural(language).plural_forms,
    }
    return BEGIN + "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items()) + "\n"


def write(path: Path) -> None:
    """Writes the header into a file, in place of another one."""
    said = path.read_text(encoding="utf-8")
    if said.startswith(BEGIN + '"'):
        said = said.partition("\n\n")[2]
    path.write_text(header(path.parent.parent.name) + said, encoding="utf-8")


if __name__ == "__main__":
    for found in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        write(found)
