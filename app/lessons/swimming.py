"""A perceptron with weights set by hand, and trained."""

from app.lessons.lesson import Lesson, Try
from app.lessons.perceptron_rule import PERCEPTRON_RULE

LESSON = Lesson(
    "Shall we go swimming?",
    "One unit, three questions, a decision: the perceptron by hand",
    "The neuron and the perceptron",
    {**PERCEPTRON_RULE, "dataset": {"name": "swimming"}},
    ("swimming", "perceptron"),
    (
        Try(
            "The lecture's weights",
            "Warm water and no shark outweigh the crowd: z = 5, so go.",
            weights=True,
        ),
        Try(
            "Learn them instead",
            "From zero weights the rule finds weights of its own. They are not the lecture's, "
            "and yet they decide all eight cases alike.",
            {"seed": 1},
            start=True,
            speed=5,
        ),
    ),
    speed=5,
    weights=((0, 0, 0, 4), (0, 0, 1, 2), (0, 0, 2, 4), (0, 0, "bias", -3)),
)
