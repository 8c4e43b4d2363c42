"""Warnings of an import, and reasons of the suggested task, as stable codes with English sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

# The English sentence of each code, with its parameters as placeholders; {s} and {are} follow `count`.
WARNINGS = {
    "latin_1": "The file is not UTF-8 and was decoded as Latin-1 (Windows 1252): check names with accents.",
    "unnamed_column": "Column {position} has no name in the header and is called “{name}”.",
    "repeated_name": "Two columns are called “{name}”: column {position} is renamed to “{renamed}”.",
    "empty_column": "“{name}” has no values and is ignored.",
    "constant_column": "“{name}” is {value} in every row and is ignored.",
    "many_texts": "“{name}” is text with {count:,} different values and is ignored: at most {limit} can be "
    "encoded as inputs.",
    "too_many_texts": "“{name}” is text with more than 1,000 different values and is ignored: at most "
    "{limit} can be encoded as inputs.",
    "read_as_text": "“{name}” is read as text, though {count:,} of its cells are numbers.",
    "large_graph": "The network has {count} inputs; the graph does not show them all.",
    "rare_class": "The class “{name}” has only {count} row{s}.",
    "dropped_rows": "{count:,} row{s} {are} dropped because a value is missing.",
    "row_numbers": "“{name}” numbers the rows and is no input: a network could recognise rows by it.",
    "identifier": "“{name}” has another number in almost every row, a name of the row, and is no input.",
    "named_texts": "“{name}” is called an identifier and has {count:,} different texts; it is no input: a "
    "network could recognise rows by it.",
    "row_texts": "“{name}” has another text in almost every row, a name of the row, and is no input.",
    "many_classes": "“{name}” has more than {limit} different texts, too many for classes: “{other}” is "
    "suggested as target instead.",
    "named_classes": "“{name}” has more than {limit} different texts, too many for classes. Its name is "
    "that of a target, so no other column is taken; “{other}” could be.",
    "few_targets": "“{name}”, the last column, has a value in only {count:,} row{s}: “{other}” is suggested "
    "as target instead.",
    "many_numbers": "“{name}” has {count} different whole numbers, more than {limit} classes, and is "
    "predicted as a number; “{other}” could be the target instead.",
    "numbers_or_classes": "“{name}” has {count} different whole numbers and is predicted as a number; they "
    "could also be classes.",
    "other_notation": "“{name}” has no numbers as they were set to be written; “{cell}” is read as {read:,}.",
    "other_target": "“{name}” is suggested as target; “{other}” has a usual name of a target too.",
    "empty_end": "{count} column{s} at the end without names and values {are} left out.",
    "stray_quote": "Line {row:,} has a quotation mark inside a cell: cells may be joined there.",
    "ambiguous_numbers": "“{name}”: “{cell}” is read as {read:,}; it could also be {other:,}.",
    "ambiguous_dates": "“{name}”: “{cell}” is read as {read}; it could also be {other}.",
    "two_notations": "“{name}” is written in two ways: “{cell}” is read as {read}, and “{other}” is not "
    "read.",
    "word_is_value": "“{name}” is text, and “{word}” is read as one of its values, not as missing.",
    "sentinel": "“{name}” is {value:g} in {count:,} row{s}, far from its others: does it mean missing?",
    "long_integers": "“{name}” has integers of many digits: they are read as names.",
    "codes": "“{name}” is read as numbers, but “{cell}” begins with 0 as codes and dates do: read it as text "
    "if it names something.",
    "spellings": "“{name}” has “{first}” and “{second}”, which are different values.",
    "mixed_units": "“{name}” has numbers with different units ({units}), which are not converted.",
    "header_read": "The first row is read as names of the columns; it could also be a row of values.",
    "no_header_read": "The first row is read as values; it could also be the names of the columns.",
    "preamble": "{count} line{s} before the table {are} left out: “{line}”.",
    "footer": "{count} line{s} below the table {are} left out: “{line}”.",
    "formulas": "{count:,} formula{s} {are} without a computed value, the first in {cell}, and read as "
    "missing or 0: open the file in a spreadsheet program, save it, and import it again.",
    "merged_cells": "{count:,} cell{s} {are} filled with the value of merged cells, the first in row "
    "{row:,}.",
    "group_titles": "Row {row:,} has titles over several columns, which are read as the beginning of their "
    "names: “{name}”.",
    "second_header": "The second row has no numbers and is left out: “{line}”.",
    "row_names": "The rows have one cell more than the header: the first column is called “{name}”.",
    "blank_rows": "{count:,} row{s} without any value {are} left out, the first at line {row:,}.",
    "padded_rows": "{count:,} short row{s} {are} filled with missing values, the first at line {row:,}.",
    "cut_rows": "{count:,} long row{s} {are} cut, the first at line {row:,}.",
    "ragged_rows": "{count:,} row{s} of another length {are} left out, the first at line {row:,}.",
    "joined_pairs": "{count} pairs of files are joined; a run selects its test data from all of them.",
}
TASK_REASONS = {
    "label_columns": "{count} columns of 0 and 1, one per label",
    "two_values": "“{name}” has two values",
    "classes": "“{name}” names one of {count} classes",
    "few_integers": "“{name}” has only {count} values, all integers",
    "many_integers": "“{name}” has {count} different whole numbers, more than {limit}",
    "numbers": "“{name}” is a number",
}


@dataclass(frozen=True)
class Sentence:
    """What is said about a file: a code of `texts` with parameters."""

    texts: ClassVar[Mapping[str, str]]
    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The English text."""
        ending, verb = ("", "is") if self.parameters.get("count") == 1 else ("s", "are")
        return self.texts[self.code].format(**self.parameters, s=ending, are=verb)


class FileWarning(Sentence):
    """A warning of an import."""

    texts = WARNINGS


class TaskReason(Sentence):
    """Why a task is suggested, without a full stop."""

    texts = TASK_REASONS


def describe_warnings(warnings: list[FileWarning]) -> dict[str, Any]:
    """Returns the fields of the answer: English sentences, and their codes in the same order."""
    return {
        "warnings": [warning.text for warning in warnings],
        "warning_codes": [
            {"code": warning.code, "parameters": dict(warning.parameters)} for warning in warnings
        ],
    }
