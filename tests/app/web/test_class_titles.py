"""The names of classes in the catalogue, in the language of the answer."""

from app.web.catalogue_text import described_datasets
from app.web.texts import texts
from engine.catalogue import catalogue

DATASETS = catalogue()["datasets"]
# Numbers and proper names.
THE_SAME = {"setosa", "versicolor", "virginica", "RR Lyrae", "class_0", "class_1", "class_2"}


def titles(language: str) -> dict[str, list[str] | None]:
    return {entry["name"]: entry["class_titles"] for entry in described_datasets(DATASETS, texts(language))}


def test_in_english_classes_have_their_own_names() -> None:
    assert titles("en") == {entry["name"]: entry["classes"] for entry in DATASETS}


def test_every_class_that_is_a_word_has_a_spanish_title() -> None:
    spanish = titles("es")
    for entry in DATASETS:
        named = zip(entry["classes"] or [], spanish[entry["name"]] or [], strict=True)
        for name, title in named:
            assert (name == title) == (name in THE_SAME or name.isdigit()), (entry["name"], name)
    assert spanish["spiral"] == ["segundo brazo", "primer brazo"] and spanish["sine"] is None


def test_the_titles_of_the_classes_of_a_data_set_are_different() -> None:
    for language in ("en", "es"):
        for names in titles(language).values():
            assert names is None or len(set(names)) == len(names)
