"""The run record: each field is declared once, and appears in the store, the answers and the frames."""

from dataclasses import dataclass

import pytest

from app.runs.run_record import JSON, RunRecord, appearances, appears
from app.web.models import run_answers


@dataclass(kw_only=True, eq=False)
class ExtendedRecord(RunRecord):
    """A record with one more field, which has different names in store, answer and frame."""

    labels: list[str] = appears("label_column", "label_answer", "label_status", codec=JSON, show=sorted)


@pytest.fixture
def record():
    return ExtendedRecord(id="a", config_dict={"name": ""}, labels=["second", "first"])


def test_an_added_field_is_a_column_of_the_store(record):
    assert record.row()["label_column"] == '["second","first"]'


def test_an_added_field_is_read_back_from_its_column(record):
    assert ExtendedRecord.from_row(record.row()).labels == record.labels


def test_an_added_field_is_in_the_answer(record):
    assert record.answer()["label_answer"] == ["first", "second"]


def test_an_added_field_is_in_the_status_frame(record):
    assert record.status_content()["label_status"] == ["first", "second"]


def test_a_field_without_a_name_in_the_answer_is_only_stored(record):
    assert record.row()["raised"] == 0
    assert "raised" not in record.answer() | record.status_content()


def test_a_field_that_is_not_stored_is_left_out_while_it_has_no_value(record):
    assert not {"parameters", "warnings"} & set(record.answer() | record.status_content())
    record.parameters = 17
    assert record.answer()["parameters"] == record.status_content()["parameters"] == 17


def answer_names(memory_only):
    """Names in the answer of the record's fields that are not stored, or of the others."""
    fields = appearances(RunRecord).values()
    return {field.answer for field in fields if field.answer and field.memory_only == memory_only}


def test_the_described_answer_has_the_fields_of_the_record():
    summary, run = set(run_answers.RunSummary.model_fields), set(run_answers.Run.model_fields)
    assert summary == answer_names(memory_only=False) | {"url", "name"}
    assert run - summary == answer_names(memory_only=True) | {"seq"}


def test_the_fields_that_are_not_stored_are_optional_in_the_described_list():
    optional = {name for name, field in run_answers.ListedRun.model_fields.items() if not field.is_required()}
    assert optional == answer_names(memory_only=True) | {"seq"}


def test_the_described_answer_has_the_description_of_the_record():
    fields = [field for field in appearances(RunRecord).values() if field.answer]
    described = {name: field.description for name, field in run_answers.Run.model_fields.items()}
    assert {field.answer: described[field.answer] for field in fields} == {
        field.answer: field.description for field in fields
    }
