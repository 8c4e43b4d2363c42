"""Import of CSV files: targets, tasks and the answer."""

import pytest

from engine.datasets.tables.limits import MAX_CLASSES

PLAIN = "length,width,kind\n5.1,3.5,a\n4.9,3.0,b\n4.7,3.2,a\n6.3,2.9,b\n"


def rows(*lines):
    return "\n".join(lines) + "\n"


def test_a_number_suggests_regression(read):
    result = read(rows("a,b", *(f"{row},{row * 0.5}" for row in range(20))))
    assert (result.answer["task"], result.answer["target"]) == ("regression", ["b"])


def test_two_values_suggest_binary(read):
    assert read(PLAIN).answer["task"] == "binary"
    result = read(rows("a,b", *(f"{row},{row % 2}" for row in range(20))))
    assert result.answer["task"] == "binary"
    assert result.table.header.classes == ("0", "1")


def test_several_values_suggest_multiclass(read):
    result = read(rows("a,b", *(f"{row},{'xyz'[row % 3]}" for row in range(20))))
    assert result.answer["task"] == "multiclass"
    assert result.table.y.tolist() == [row % 3 for row in range(20)]
    numbers = read(rows("a,b", *(f"{row},{row % 3}" for row in range(20))))
    assert numbers.answer["task"] == "multiclass"
    assert numbers.table.header.classes == ("0", "1", "2")


def test_several_columns_of_0_and_1_with_names_of_targets_suggest_multilabel(read):
    result = read(rows("x,tag red,tag round", "1,0,1", "2,1,1", "3,0,0", "4,1,0"))
    assert (result.answer["task"], result.answer["target"]) == ("multilabel", ["tag red", "tag round"])
    assert result.table.y.tolist() == [[0, 1], [1, 1], [0, 0], [1, 0]]


def test_a_truth_table_has_one_target(read):
    result = read(rows("x1,x2,y", "0,0,0", "0,1,1", "1,0,1", "1,1,0"))
    assert (result.answer["task"], result.answer["target"]) == ("binary", ["y"])


def test_a_column_with_a_usual_target_name_is_the_target(read):
    assert read(rows("class,a,b", "u,1,2", "v,2,3", "u,3,4", "v,4,6")).answer["target"] == ["class"]


def test_target_and_task_can_be_set(read):
    numbers = rows("a,b", *(f"{row % 3},{row % 2}" for row in range(20)))
    assert read(numbers, task="regression").table.header.task == "regression"
    other = read(numbers, target=("a",))
    assert (other.answer["task"], other.table.header.inputs) == ("multiclass", ("b",))
    assert (
        read(rows("x,p,q", "1,0,1", "2,1,1", "3,0,0", "4,1,0"), target=("p,q",)).answer["task"]
        == "multilabel"
    )


@pytest.mark.parametrize("option", ["target", "ignore", "text", "number"])
def test_an_unknown_column_is_refused_with_the_names_of_the_columns(option, refusal):
    problem = refusal(PLAIN, **{option: ("colour",)})
    assert problem.given == "colour" and problem.limit == ["length", "width", "kind"]


@pytest.mark.parametrize(("first", "second"), [("text", "number"), ("target", "ignore")])
def test_a_column_in_two_exclusive_options_is_refused(first, second, refusal):
    problem = refusal(PLAIN, **{first: ("kind",), second: ("width", "kind")})
    assert (problem.given, problem.limit, problem.option) == ("kind", [first, second], second)
    assert problem.code == "conflicting_options"


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_a_target_of_one_class_is_refused(task, refusal):
    problem = refusal(rows("a,kind", "1,x", "2,x", "3,x", "4,x"), task=task)
    assert problem.column == "kind" and "the same value, “x”" in problem.text
    assert refusal(rows("a,kind", "1,x", "2,x", "3,x", "4,x")).column == "kind"


def test_a_constant_target_of_a_regression_is_refused(refusal):
    problem = refusal(rows("a,b", "1,5", "2,5", "3,5", "4,5"), target=("b",), task="regression")
    assert problem.code == "constant_target"


def test_too_many_classes_are_refused(refusal):
    lines = [f"{row},n{row}" for row in range(MAX_CLASSES + 1)]
    problem = refusal(rows("a,kind", *lines), target=("kind",), task="multiclass")
    assert (problem.given, problem.limit) == (MAX_CLASSES + 1, MAX_CLASSES)


def test_binary_of_three_values_is_refused(refusal):
    problem = refusal(rows("a,k", "1,x", "2,y", "3,z", "4,x"), task="binary")
    assert (problem.code, problem.given) == ("binary_values", ["x", "y", "z"])


def test_a_text_target_of_a_regression_is_refused(refusal):
    assert refusal(PLAIN, task="regression").code == "target_is_text"


def test_labels_other_than_0_and_1_are_refused(refusal):
    problem = refusal(rows("x,p,q", "1,0,1", "2,2,1", "3,0,0", "4,1,0"), target=("p", "q"))
    assert problem.column == "p"


def test_the_answer_contains_the_first_rows_and_describes_the_columns(read):
    answer = read(PLAIN).answer
    assert answer["preview"]["rows"][0] == ["5.1", "3.5", "a"]
    assert [column["role"] for column in answer["columns"]] == ["input", "input", "target"]
    assert [column["type"] for column in answer["columns"]] == ["number", "number", "text"]
    assert answer["columns"][0]["minimum"] == 4.7
    assert len(answer["sample"]["inputs"]) == len(answer["sample"]["targets"]) == 4


def codes(result):
    return [warning["code"] for warning in result.answer["warning_codes"]]


def test_columns_of_0_and_1_at_the_end_are_no_labels_without_a_sign(read):
    result = read(rows("x,smoker,male", *(f"{row},{row % 2},{row // 2 % 2}" for row in range(20))))
    assert (result.answer["task"], result.answer["target"]) == ("binary", ["male"])


def test_a_last_column_of_too_many_classes_is_named_when_another_is_suggested(read):
    lines = [f"{row * 7 % 11},{row % 3},name{row % (MAX_CLASSES + 1)}" for row in range(60)]
    result = read(rows("x,kind,town", *lines))
    assert result.answer["target"] == ["kind"]
    parameters = {"name": "town", "limit": MAX_CLASSES, "other": "kind"}
    assert {"code": "many_classes", "parameters": parameters} in result.answer["warning_codes"]


def test_a_column_with_few_values_is_not_suggested_as_target(read):
    lines = [f"{row},{row * 3 % 7},{'5' if row == 3 else ''}" for row in range(20)]
    assert read(rows("x,kind,note", *lines)).answer["target"] == ["kind"]


@pytest.mark.parametrize(
    ("names", "target"),
    [("x,y,z,price,depth", "price"), ("survived,pclass,class,age,sex", "survived"), ("y,a,b,c,d", "y")],
)
def test_of_several_usual_names_the_one_outside_a_group_of_alike_columns_is_suggested(names, target, read):
    lines = [f"{row * 3 % 7},{row % 5},{row % 3},{row * 5 % 11},{row % 4}" for row in range(30)]
    result = read(rows(names, *lines))
    assert result.answer["target"] == [target]


def test_several_columns_with_usual_names_are_a_question_whose_readings_are_options(read):
    text = rows("quality,a,price", *(f"{row % 7},{row % 5},{row * 5 % 11}" for row in range(30)))
    (question,) = read(text).answer["questions"]
    assert [reading["value"] for reading in question["readings"]] == ["price", "quality"]
    assert read(text, target=("quality",)).answer["questions"] == []


@pytest.mark.parametrize(
    ("name", "numbers", "code"),
    [
        ("id", range(1, 31), "row_numbers"),
        ("", range(30), "row_numbers"),
        ("CustomerID", [row * 37 % 1009 for row in range(30)], "identifier"),
    ],
)
def test_columns_that_name_or_number_the_rows_are_no_inputs_unless_they_are_kept(name, numbers, code, read):
    lines = [f"{number},{row % 7},{row % 3}" for row, number in enumerate(numbers)]
    result = read(rows(f"{name},x,y", *lines))
    assert result.table.header.inputs == ("x",)
    assert code in codes(result)
    kept = read(rows(f"{name},x,y", *lines), input=(name or "column 1",))
    assert kept.table.header.inputs == (name or "column 1", "x")
    assert code not in codes(kept)


@pytest.mark.parametrize("count", [10, 30])
def test_a_text_column_with_another_text_in_each_row_is_no_input_unless_it_is_kept(count, read):
    text = rows("name,x,y", *(f"n{row},{row % 7},{row % 3}" for row in range(count)))
    result = read(text)
    assert result.table.header.inputs == ("x",)
    assert codes(result).count("row_texts") == 1
    assert len(read(text, input=("name",)).table.header.inputs) == count + 1


def test_texts_that_recur_and_the_only_possible_input_are_inputs(read):
    recurring = rows("name,x,y", *(f"n{row % 24},{row % 7},{row % 3}" for row in range(30)))
    assert "row_texts" not in codes(read(recurring))
    only = rows("name,y", *(f"n{row},{row % 3}" for row in range(30)))
    assert len(read(only).table.header.inputs) == 30


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("x", range(30)), ("id", [row % 5 for row in range(30)]), ("id", [row + 0.5 for row in range(30)])],
)
def test_other_columns_are_no_identifiers(name, numbers, read):
    lines = [f"{number},{row % 7},{row % 3}" for row, number in enumerate(numbers)]
    assert read(rows(f"{name},a,y", *lines)).table.header.inputs == (name, "a")


def values_of(question):
    return [(reading["option"], reading["value"]) for reading in question["readings"]]


def test_the_column_that_is_taken_for_one_of_too_many_classes_is_a_question(read):
    lines = [f"{row * 7 % 11},{row % 3},name{row % (MAX_CLASSES + 1)}" for row in range(60)]
    (question,) = read(rows("x,kind,town", *lines)).answer["questions"]
    assert values_of(question) == [("target", "kind"), ("target", "town")]


def test_no_other_column_is_taken_for_one_of_too_many_classes_with_the_name_of_a_target(read):
    lines = [f"{row * 7 % 11},{row % 3},name{row % (MAX_CLASSES + 1)}" for row in range(60)]
    text = rows("x,kind,label", *lines)
    result = read(text)
    assert (result.answer["target"], result.table) == (["label"], None)
    (problem,) = result.answer["problems"]
    assert (problem["code"], problem["column"], problem["given"]) == ("too_many_classes", "label", 21)
    assert "named_classes" in codes(result)
    (question,) = result.answer["questions"]
    assert values_of(question) == [("target", "label"), ("target", "kind")]
    assert read(text, target=("kind",)).answer["problems"] == []


def test_more_than_20_whole_numbers_of_a_class_are_predicted_as_a_number_and_another_target_is_offered(read):
    text = rows("x,kind,class", *(f"{row * 7 % 11},{row % 3},{row % 25}" for row in range(200)))
    result = read(text)
    assert (result.answer["target"], result.answer["task"]) == (["class"], "regression")
    reason = {key: result.answer[f"task_reason_{key}"] for key in ("code", "parameters")}
    assert reason == {"code": "many_integers", "parameters": {"name": "class", "count": 25, "limit": 20}}
    assert "many_numbers" in codes(result)
    (question,) = result.answer["questions"]
    assert values_of(question) == [("target", "class"), ("target", "kind")]
    assert read(text, target=("class",)).answer["questions"] == []


def test_whole_numbers_that_could_be_classes_are_a_question_and_classes_where_the_name_says_so(read):
    lines = [f"{row * 7 % 11},{row % 15}" for row in range(100)]
    counts = read(rows("x,rooms", *lines))
    assert (counts.answer["task"], codes(counts)) == ("regression", ["numbers_or_classes"])
    (question,) = counts.answer["questions"]
    assert values_of(question) == [("task", "regression"), ("task", "multiclass")]
    assert read(rows("x,rooms", *lines), task="multiclass").answer["questions"] == []
    named = read(rows("x,class", *lines))
    assert (named.answer["task"], named.answer["questions"]) == ("multiclass", [])
