"""Texts: every sentence on the page by its key, from static/locales/, for templates and modules.

A file of texts is flat JSON: stable keys, `{name}` placeholders. A sentence with plural forms has one key per
form, with the suffix of its CLDR plural category: `_one` and `_other`. English is complete; a sentence that
another language does not have yet is shown in English.
"""

import re
from functools import lru_cache
from typing import Any

from app import encoding
from app.web.folders import STATIC

LOCALES = STATIC / "locales"
ENGLISH = "en"
# What English writes as 12,345.6; numbers of four digits are grouped in English only (CLDR).
SEPARATORS = {ENGLISH: str.maketrans({}), "es": str.maketrans(",.", ".,")}
PLURALS = ("zero", "one", "two", "few", "many", "other")
# Calls in a module of the page: with a literal key, without values, and with a key composed at run time.
LITERAL = re.compile(r'\b(t|tNodes)\("([a-z][\w.-]*)"')
WITHOUT_VALUES = re.compile(r'\bt\("([a-z][\w.-]*)"\)')
COMPOSED = re.compile(r"\b(?:t|tNodes)\(`([^`]+)`")
IMPORTED = re.compile(
    r'^import \{[^}]*\bt(?:Nodes)?\b[^}]*\} from "(?:[^"]*core|\.)/text\.js";$', re.MULTILINE
)
LAST_IMPORT = re.compile(r"\A(?:import [^\n]*\n|\n)*")

Sentence = str | dict[str, str]  # one text, or one for each plural category


class Texts:
    """The sentences of one language; `sentences` is the content of the file."""

    def __init__(self, sentences: dict[str, str], language: str = ENGLISH) -> None:
        self.language = language
        self._sentences: dict[str, Sentence] = {}
        for key, sentence in sentences.items():
            name, _, category = key.rpartition("_")
            if category in PLURALS and f"{name}_other" in sentences:
                forms = self._sentences.setdefault(name, {})
                assert isinstance(forms, dict)
                forms[category] = sentence
            else:
                self._sentences[key] = sentence
        self._keys = frozenset(self._sentences)

    def keys(self) -> frozenset[str]:
        """All keys, without the suffixes of plural forms."""
        return self._keys

    def sentence(self, key: str) -> Sentence:
        """The text of a key, or its plural forms. Raises KeyError."""
        return self._sentences[key]

    def text(self, key: str, **values: Any) -> str:
        """The text of a key with its placeholders filled in. Raises KeyError."""
        sentence = self.sentence(key)
        if isinstance(sentence, dict):
            sentence = sentence.get("one" if values["count"] == 1 else "other", sentence["other"])
        return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), sentence)

    def number(self, value: float) -> str:
        """A number for people: an integer in groups of digits, another number with six significant digits."""
        is_grouped = self.language == ENGLISH or abs(value) >= 10_000
        text = f"{value:,}" if is_grouped and isinstance(value, int) else f"{value:g}"
        return text.translate(SEPARATORS[self.language])

    def keys_like(self, pattern: str) -> list[str]:
        """The keys that match a composed key, in which `${...}` is any characters except a dot."""
        parts = re.split(r"\$\{[^}]*\}", pattern)
        matching = re.compile(r"[^.]+".join(re.escape(part) for part in parts))
        return sorted(key for key in self._sentences if matching.fullmatch(key))

    def in_module(self, source: str) -> str:
        """A module with sentences in place of literal keys, and a table of sentences for composed keys."""
        if not IMPORTED.search(source):
            return source

        def with_sentence(call: re.Match[str]) -> str:
            return f"{call[1]}({encoding.encode(self.sentence(call[2])).decode()}"

        def as_sentence(call: re.Match[str]) -> str:
            sentence = self.sentence(call[1])
            return encoding.encode(sentence).decode() if isinstance(sentence, str) else call[0]

        composed = {key for pattern in COMPOSED.findall(source) for key in self.keys_like(pattern)}
        table = encoding.encode({key: self.sentence(key) for key in sorted(composed)}).decode()
        source = LITERAL.sub(with_sentence, WITHOUT_VALUES.sub(as_sentence, source))
        if composed:
            source = LAST_IMPORT.sub(lambda top: f"{top[0]}t.define({table});\n", source, count=1)
        return source


@lru_cache(maxsize=8)
def _read(language: str, _modified: tuple[int, ...]) -> Texts:
    english, translated = (
        encoding.decode((LOCALES / f"{name}.json").read_bytes()) for name in (ENGLISH, language)
    )
    return Texts({key: translated.get(key, sentence) for key, sentence in english.items()}, language)


def texts(language: str = ENGLISH) -> Texts:
    """The texts of a language, read again when a file of them has changed."""
    names = dict.fromkeys((ENGLISH, language))
    return _read(language, tuple((LOCALES / f"{name}.json").stat().st_mtime_ns for name in names))


def text(key: str, language: str = ENGLISH, **values: Any) -> str:
    """A text of a language. Raises KeyError."""
    return texts(language).text(key, **values)
