"""A network of linear layers is one linear layer."""

from app.lessons.lesson import Claim, Lesson, Try, layers

_TRIES = (
    Try(
        "Train it",
        "The matrices change with every step; the outputs stay equal to within 10⁻⁶, in 8 of 8 seeds.",
        start=True,
    ),
    Try(
        "Ten layers",
        "Still one straight boundary: the outputs are equal to within 10⁻⁶, in 8 of 8 seeds.",
        {"layers": layers("linear", *[6] * 10)},
        start=True,
    ),
    Try(
        "In double precision",
        "The same with 16 digits: the difference stays below 10⁻¹⁵, in 8 of 8 seeds.",
        {"dtype": "float64"},
        start=True,
    ),
    Try(
        "A circle, eight linear layers",
        "A straight boundary cannot enclose a disc: after 1,000 steps the loss is above 0.67 in 8 of 8 "
        "seeds, near the 0.69 of a constant prediction.",
        {"dataset": {"name": "circle"}, "layers": layers("linear", *[8] * 8)},
        start=True,
        speed=200,
    ),
    Try(
        "One ReLU layer",
        "The loss falls below 0.1 within 1,000 steps, in 8 of 8 seeds. The product of the matrices is no "
        "longer the network: outputs differ by more than 0.5.",
        {"dataset": {"name": "circle"}, "layers": [*layers("linear", 6), *layers("relu", 8)]},
        start=True,
        speed=200,
    ),
)

LESSON = Lesson(
    "Why depth needs non-linearity",
    "Without a non-linear activation between them, any number of layers is one layer",
    "The collapse of a linear network",
    {
        "dataset": {"name": "gauss", "noise": 0.2},
        "layers": layers("linear", 6, 4),
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
    ("linear_collapse", "network"),
    _TRIES,
    speed=100,
    goal=("train_loss", 0.1),
    claims=(
        Claim("equal to within 10⁻⁶", "Train it", "collapse_difference", 1000, high=1e-6),
        Claim("equal to within 10⁻⁶", "Ten layers", "collapse_difference", 1000, high=1e-6),
        Claim("below 10⁻¹⁵", "In double precision", "collapse_difference", 1000, high=1e-15),
        Claim("the loss is above 0.67", "A circle, eight linear layers", "loss", 1000, 0.67, 0.7),
        Claim("The loss falls below 0.1", "One ReLU layer", "loss", 1000, high=0.1),
        Claim("differ by more than 0.5", "One ReLU layer", "collapse_difference", 1000, low=0.5),
    ),
)
