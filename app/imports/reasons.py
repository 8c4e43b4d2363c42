"""Reasons of the automatic decisions of an import, as stable codes with short English texts."""

from typing import Any

from app.imports.sentences import Sentence

# The English text of each code, with its parameters as placeholders, without a full stop.
REASONS = {
    "given": "set by you",
    "format": "given by the format {format}",
    "delimiter_line": "the first line of the file names it",
    "delimiter_none": "no sign separates the rows into equally many cells",
    "delimiter_rows": "{share} of the first {rows} rows have {columns} cells",
    "decimal_none": "no number has decimals",
    "decimal_plain": "every cell is a number with a point or without decimals",
    "decimal_used": "as in “{cell}” of “{name}”",
    "thousands_none": "no number has groups of digits",
    "thousands_used": "as in “{cell}” of “{name}”",
    "header_comment": "the comment above the table has a name for each column",
    "header_only": "there is only one row",
    "header_repeated": "“{cell}” of the first row occurs below it too",
    "header_sequence": "the numbers of the first row count up, and those below do not",
    "header_unique": "no word of the first row occurs below it",
    "header_values": "the first row has values of the same kind as the rows below",
    "header_words": "the first row has words above {words} of {columns} columns of numbers or dates",
    "skip_blank": "the lines above are empty",
    "skip_few_cells": "lines above have fewer cells than the {columns} columns",
    "skip_line": "the first line only names the separator",
    "skip_none": "the table begins in the first line",
    "comment_lines": "the first lines begin with it, the rows do not",
    "comment_none": "the first line does not begin with #, % or //",
    "words_blank": "only empty cells",
    "words_found": "found: {words}",
    "words_none": "no cell is missing",
    "missing_few": "{missing} of {rows} rows lack an input, not more than 5%",
    "missing_many": "{missing} of {rows} rows lack an input, more than 5%",
    "type_classes": "its values are the classes",
    "type_empty": "no cell has a value",
    "type_long_integers": "integers of too many digits for numbers",
    "type_most_numbers": "{numbers} of {filled} cells are numbers",
    "type_numbers": "all {filled} cells are numbers",
    "type_unit": "all {filled} cells are numbers with the unit {unit}, which is left out",
    "type_words": "{words} of {filled} cells are no numbers",
    "type_dates_dmy": "dates: day, month, year",
    "type_dates_mdy": "dates: month, day, year",
    "type_dates_ymd": "dates: year, month, day",
    "dates_differ": "the numbers that differ between the rows",
    "dates_left_out": "dates are left out",
    "date_order_most": "the order in which most cells are dates",
    "date_order_usual": "both orders are possible; this one is usual in such files",
    "input_dates": "{inputs} numbers; days count from {first}",
    "input_number": "a number",
    "input_texts": "a word of {texts}",
    "target_labels": "its name and its values 0 and 1 are those of a label",
    "target_last": "the last column that can be the target",
    "target_name": "its name is usual for a target",
    "empty_column": "has no values",
    "constant_column": "is {value} in every row",
    "many_texts": "{count} different texts, at most {limit} can be inputs",
    "too_many_texts": "too many different texts, at most {limit} can be inputs",
    "row_numbers": "numbers the rows",
    "named_texts": "is called an identifier",
    "row_texts": "another text in almost every row, a name of the row",
    "identifier": "another number in almost every row, a name of the row",
}


class Reason(Sentence):
    """Why something was decided."""

    texts = REASONS

    def describe(self) -> dict[str, Any]:
        """The reason as a part of the answer."""
        return {"code": self.code, "parameters": dict(self.parameters), "text": self.text}


GIVEN = Reason("given")
