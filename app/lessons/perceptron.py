"""The perceptron rule and its limits."""

from app.lessons.lesson import Lesson, Try
from app.lessons.perceptron_rule import PERCEPTRON_RULE

LESSON = Lesson(
    "The perceptron learns from mistakes",
    "A line that moves at every mistake, a bound on their number, and a gate that no line can do",
    "The perceptron rule and its limits",
    {**PERCEPTRON_RULE, "dataset": {"name": "gate_and"}},
    ("perceptron", "network"),
    (
        Try("AND", "The line settles after some mistakes, fewer than the bound.", start=True, speed=5),
        Try("OR", "A wider street: fewer mistakes.", {"dataset": {"name": "gate_or"}}, start=True, speed=5),
        Try(
            "XOR",
            "It never settles. Watch the line return to where it has been.",
            {"dataset": {"name": "gate_xor"}},
            start=True,
            speed=5,
        ),
        Try(
            "XOR with x₁·x₂",
            "With one more input the classes can be separated after all.",
            {"dataset": {"name": "gate_xor"}, "features": ["x1", "x2", "x1*x2"]},
            start=True,
            speed=10,
        ),
        Try(
            "Separable clouds",
            "Many points, a wide street: a handful of mistakes.",
            {"dataset": {"name": "separable"}},
            start=True,
            speed=50,
        ),
        Try(
            "A narrow street",
            "Narrower street, larger bound, more mistakes.",
            {"dataset": {"name": "separable", "noise": 0.48}},
            start=True,
            speed=500,
        ),
    ),
    speed=5,
)
