"""A network of linear layers is one linear layer."""

from app.lessons.lesson import Lesson, Try, layers

LESSON = Lesson(
    "Deep, but linear",
    "Without a bend between them, any number of layers is one layer",
    "The collapse of a linear network",
    {
        "dataset": {"name": "gauss", "noise": 0.2},
        "layers": layers("linear", 6, 4),
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
    ("linear_collapse", "network"),
    (
        Try("Train it", "The matrices change with every step; the difference stays rounding.", start=True),
        Try(
            "Ten layers",
            "As deep as you like: still one straight edge.",
            {"layers": layers("linear", *[6] * 10)},
            start=True,
        ),
        Try(
            "In double precision",
            "The same, and the difference shrinks by nine powers of ten.",
            {"dtype": "float64"},
            start=True,
        ),
        Try(
            "A circle, linearly",
            "Eight linear layers cannot close a curve: the loss stays high.",
            {"dataset": {"name": "circle"}, "layers": layers("linear", *[8] * 8)},
            start=True,
            speed=200,
        ),
        Try(
            "Bend one layer",
            "One ReLU layer, and the difference is no rounding any more.",
            {"dataset": {"name": "circle"}, "layers": [*layers("linear", 6), *layers("relu", 8)]},
            start=True,
            speed=200,
        ),
    ),
    speed=100,
)
