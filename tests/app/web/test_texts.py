"""Texts: sentences by key, in templates and in the modules of the page."""

import re
from pathlib import Path

import pytest

from app import encoding
from app.imports.errors import PROBLEMS
from app.imports.reasons import REASONS as IMPORT_REASONS
from app.imports.sentences import TASK_REASONS, WARNINGS
from app.run_states import REASONS
from app.web import texts as module
from app.web.catalogue_text import described_catalogue
from app.web.languages import LANGUAGES
from app.web.module_bundles import COMMENTS
from app.web.schema_text import described_schema
from app.web.texts import COMPOSED, LITERAL, LOCALES, Texts, texts
from engine.catalogue import catalogue
from engine.tasks.paradigms import PARADIGMS
from engine.tasks.resolve import json_schema
from engine.tasks.suitability import MESSAGES
from engine.training.continuation.carried_parts import PARTS
from engine.training.reason import ENDINGS
from engine.views.chain_rule import NOTES
from engine.views.next_update import NO_OPTIMIZER_STATE
from engine.views.perceptron import OTHER_RULE_CODE
from engine.views.perceptron_bound import VIOLATIONS
from engine.views.traced_weight import NUMERIC_REASONS

ROOT = Path(__file__).resolve().parents[3]
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"\{\w+\}")
IN_TEMPLATE = re.compile(r'\bt\(\s*"([^"]+)"\s*[,)]')
IN_PYTHON = re.compile(r'\btexts\.text\(\s*"([^"]+)"')
COMPOSED_IN_TEMPLATE = re.compile(r'\bt\(\s*("[^()]*?~[^()]*?)\s*[,)]')
EXAMPLE = Texts(
    {"a.title": "Layers", "a.many_one": "{count} of {all}", "a.many_other": "all {count} of {all}"}
)


def test_placeholders_are_filled_in_and_the_count_chooses_the_plural_form():
    assert EXAMPLE.text("a.title") == "Layers"
    assert EXAMPLE.text("a.many", count=1, all=5) == "1 of 5"
    assert EXAMPLE.text("a.many", count=3, all=5) == "all 3 of 5"
    with pytest.raises(KeyError, match="a.missing"):
        EXAMPLE.text("a.missing")


def test_a_module_is_sent_with_the_sentences_in_place_of_literal_keys():
    source = 'import { t } from "../core/text.js";\nsay(t("a.title"), t("a.many", { count, all }));\n'
    assert EXAMPLE.in_module(source) == (
        'import { t } from "../core/text.js";\n'
        'say("Layers", t({"one":"{count} of {all}","other":"all {count} of {all}"}, { count, all }));\n'
    )


def test_a_module_that_composes_keys_is_sent_with_a_table_of_all_matching_keys():
    source = 'import { t } from "../core/text.js";\n\nconst say = (name) => t(`a.${name}`);\n'
    sent = EXAMPLE.in_module(source)
    many = '{"one":"{count} of {all}","other":"all {count} of {all}"}'
    assert f'\nt.define({{"a.many":{many},"a.title":"Layers"}});\n' in sent


def test_a_module_without_texts_is_sent_unchanged():
    assert EXAMPLE.in_module('split("a.title"); t("a.title");\n') == 'split("a.title"); t("a.title");\n'


def sentences_of(language: str) -> dict[str, str]:
    """The content of the file of a language."""
    sentences: dict[str, str] = encoding.decode((LOCALES / f"{language}.json").read_bytes())
    return sentences


def used() -> set[str]:
    """Every key that a module, a template or the catalogue uses, and all that match composed keys."""
    keys: set[str] = set()
    for path in (ROOT / "static" / "js").rglob("*.js"):
        source = COMMENTS.sub("", path.read_text("utf-8"))
        keys |= {key for _, key in LITERAL.findall(source)}
        keys |= {key for pattern in COMPOSED.findall(source) for key in texts().keys_like(pattern)}
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text("utf-8")
        keys |= set(IN_TEMPLATE.findall(source))
        for expression in COMPOSED_IN_TEMPLATE.findall(source):
            pattern = "".join(
                part[1:-1] if part.startswith('"') else "${x}" for part in re.split(r"\s*~\s*", expression)
            )
            keys |= set(texts().keys_like(pattern))
    for path in (ROOT / "app" / "web").rglob("*.py"):
        keys |= set(IN_PYTHON.findall(path.read_text("utf-8")))
    return keys | used_by_the_catalogue()


class Recording(Texts):
    """The texts, which record the keys that are read."""

    def __init__(self) -> None:
        super().__init__(encoding.decode((LOCALES / "en.json").read_bytes()))
        self.used: set[str] = set()

    def text(self, key: str, **values: object) -> str:
        self.used.add(key)
        return super().text(key, **values)


def used_by_the_catalogue() -> set[str]:
    """The keys of the texts of everything that a configuration can name, and of its fields."""
    recording = Recording()
    described_catalogue(catalogue(), recording)
    for paradigm in PARADIGMS:
        described_schema(json_schema(paradigm), recording)
    return recording.used


def test_every_key_that_is_used_is_defined_and_every_key_that_is_defined_is_used():
    assert texts().keys() == used()


# The codes that engine and service send beside an English sentence, by the prefix of the page's sentences.
CODES = {
    "branch.part": {*PARTS},
    "data.problem": PROBLEMS,
    "data.reason": {*IMPORT_REASONS},
    "data.task_reason": {*TASK_REASONS},
    "data.warning": {*WARNINGS},
    "form.warning": {*MESSAGES},
    "panel.perceptron.obstacle": {OTHER_RULE_CODE},
    "panel.perceptron.violation": {*VIOLATIONS},
    "panel.sample_trace.note": {*NOTES},
    "panel.sample_trace.numeric_reason": {*NUMERIC_REASONS},
    "panel.sample_trace.update_reason": {NO_OPTIMIZER_STATE},
    "studio.reason": {*ENDINGS, *REASONS},
}


@pytest.mark.parametrize("prefix", CODES)
def test_the_page_has_a_sentence_for_every_code(prefix):
    assert set(texts().keys_like(f"{prefix}.${{code}}")) == {f"{prefix}.{code}" for code in CODES[prefix]}


def test_every_error_code_with_a_sentence_is_one_that_the_service_sends():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    codes = {key.removeprefix("studio.error.") for key in texts().keys_like("studio.error.${code}")}
    assert codes and {code for code in codes if f'"{code}"' not in sources} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_sorted_by_key_and_no_sentence_is_empty(language):
    lines = sentences_of(language)
    assert list(lines) == sorted(lines)
    assert all(sentence.strip() for sentence in lines.values())


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_every_sentence_and_no_other(language):
    assert sentences_of("en").keys() == sentences_of(language).keys()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_placeholders_of_the_english_sentence(language):
    english, translated = sentences_of("en"), sentences_of(language)
    placeholders = {
        key: (set(PLACEHOLDER.findall(english[key])), set(PLACEHOLDER.findall(translated[key])))
        for key in english.keys() & translated.keys()
    }
    assert placeholders and {key for key, (first, second) in placeholders.items() if first != second} == set()


def test_a_sentence_that_a_language_does_not_have_is_shown_in_english(tmp_path, monkeypatch):
    english = '{"a.new": "One more", "a.other_form": "All", "a.title": "Layers"}'
    (tmp_path / "en.json").write_text(english, "utf-8")
    (tmp_path / "es.json").write_text('{"a.other_form_other": "Todas", "a.title": "Capas"}', "utf-8")
    monkeypatch.setattr(module, "LOCALES", tmp_path)
    spanish = texts("es")
    assert spanish.keys() == {"a.new", "a.other_form", "a.title"}
    assert [spanish.text(key) for key in sorted(spanish.keys())] == ["One more", "All", "Capas"]


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", ["12,345", "1,234", "0.05", "1234.5"]), ("es", ["12.345", "1234", "0,05", "1234,5"])],
)
def test_numbers_have_the_separators_of_the_language(language, written):
    assert [texts(language).number(value) for value in (12345, 1234, 0.05, 1234.5)] == written


def test_no_module_is_sent_with_a_literal_key():
    keys = texts().keys()
    for path in (ROOT / "static" / "js").rglob("*.js"):
        sent = texts().in_module(path.read_text("utf-8"))
        assert [key for _, key in LITERAL.findall(sent) if key in keys] == [], path.name
