"""Lessons: one module per lesson, in the order in which the page lists them."""

from app.lessons import activations, choosing_the_output, linear_collapse, perceptron, swimming
from app.lessons.lesson import Lesson

LESSONS: dict[str, Lesson] = {
    "swimming": swimming.LESSON,
    "perceptron": perceptron.LESSON,
    "linear-collapse": linear_collapse.LESSON,
    "choosing-the-output": choosing_the_output.LESSON,
    "activations": activations.LESSON,
}
