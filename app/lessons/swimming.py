"""A perceptron with weights set by hand, and trained."""

from app.lessons.lesson import Claim, Lesson, Try
from app.lessons.perceptron_rule import PERCEPTRON_RULE

LESSON = Lesson(
    "Shall we go swimming?",
    "One unit, three inputs, one decision: a perceptron with weights set by hand",
    "The neuron and the perceptron",
    {**PERCEPTRON_RULE, "dataset": {"name": "swimming"}},
    ("swimming", "perceptron"),
    (
        Try(
            "The weights of the text",
            "Warm water and no shark outweigh the full beach: z = 5, so swim.",
            weights=True,
        ),
        Try(
            "Learn them instead",
            "From zero weights the perceptron rule finds other weights after 3 to 9 mistakes, in 8 of 8 "
            "seeds; all eight outputs are correct.",
            {"seed": 1},
            start=True,
            speed=5,
        ),
    ),
    speed=5,
    goal=("train_accuracy", 1),
    weights=((0, 0, 0, 4), (0, 0, 1, 2), (0, 0, 2, 4), (0, 0, "bias", -3)),
    claims=(
        Claim("after 3 to 9 mistakes", "Learn them instead", "mistakes_to_converge", 3000, 3, 9),
        Claim("all eight outputs are correct", "Learn them instead", "errors", 3000, 0, 0),
    ),
)
