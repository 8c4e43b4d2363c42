"""The perceptron rule and its limits."""

from app.lessons.lesson import Claim, Lesson, Try
from app.lessons.perceptron_rule import PERCEPTRON_RULE

_TRIES = (
    Try(
        "AND",
        "The line settles after 8 to 15 mistakes, in 8 of 8 seeds; the bound is 51.",
        start=True,
        speed=5,
    ),
    Try(
        "OR",
        "The margin is wider: 3 to 5 mistakes, in 8 of 8 seeds; the bound is 27.",
        {"dataset": {"name": "gate_or"}},
        start=True,
        speed=5,
    ),
    Try(
        "XOR",
        "It never settles: about two of three examples are mistakes. Watch the line return to where it was.",
        {"dataset": {"name": "gate_xor"}},
        start=True,
        speed=5,
    ),
    Try(
        "XOR with x₁·x₂",
        "With one more input the classes are linearly separable: 13 to 17 mistakes, in 8 of 8 seeds.",
        {"dataset": {"name": "gate_xor"}, "features": ["x1", "x2", "x1*x2"]},
        start=True,
        speed=10,
    ),
    Try(
        "Separable clusters",
        "Many points and a wide margin: 3 to 6 mistakes, in 8 of 8 seeds.",
        {"dataset": {"name": "separable"}},
        start=True,
        speed=50,
    ),
    Try(
        "A narrow margin",
        "A larger bound, and more mistakes: 24 to 47, in 8 of 8 seeds.",
        {"dataset": {"name": "separable", "noise": 0.48}},
        start=True,
        speed=500,
    ),
)

LESSON = Lesson(
    "The perceptron learns from mistakes",
    "A line that moves at every mistake, a bound on their number, and a gate that no line can separate",
    "The perceptron rule and its limits",
    {**PERCEPTRON_RULE, "dataset": {"name": "gate_and"}},
    ("perceptron", "network"),
    _TRIES,
    speed=5,
    goal=("train_accuracy", 1),
    claims=(
        Claim("8 to 15 mistakes", "AND", "mistakes_to_converge", 3000, 8, 15),
        Claim("the bound is 51", "AND", "bound", 0, 51, 51.999),
        Claim("3 to 5 mistakes", "OR", "mistakes_to_converge", 3000, 3, 5),
        Claim("the bound is 27", "OR", "bound", 0, 27, 27.999),
        Claim("about two of three examples", "XOR", "mistakes_per_example", 3000, 0.6, 0.75),
        Claim("13 to 17 mistakes", "XOR with x₁·x₂", "mistakes_to_converge", 3000, 13, 17),
        Claim("3 to 6 mistakes", "Separable clusters", "mistakes_to_converge", 3000, 3, 6),
        Claim("24 to 47", "A narrow margin", "mistakes_to_converge", 3000, 24, 47),
    ),
)
