"""Properties of activation functions, and how they affect training."""

from app.lessons.lesson import Lesson, Try, layers

LESSON = Lesson(
    "Which bend?",
    "Claims about activation functions, each shown by a network that you can watch failing or learning",
    "Activation functions",
    {
        "dataset": {"name": "circle"},
        "layers": layers("sigmoid", *[8] * 10),
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
    ("layer_health", "curves"),
    (
        Try(
            "Ten layers of sigmoid",
            "The gradient of the first layer is about ten million times smaller than that of the last.",
        ),
        Try(
            "Ten layers of tanh",
            "Zero-centred and steeper: the first layer still gets its share.",
            {"layers": layers("tanh", *[8] * 10)},
        ),
        Try(
            "Ten layers of ReLU",
            "A slope of 1 or 0: nothing fades on the way back.",
            {"layers": layers("relu", *[8] * 10)},
        ),
        Try(
            "Three layers, sigmoid",
            "Look at the step where the loss has fallen below 0.05: some 500.",
            {"layers": layers("sigmoid", 8, 8, 8)},
            start=True,
        ),
        Try(
            "Three layers, ReLU",
            "The same network with ReLU is there in a third of the steps.",
            {"layers": layers("relu", 8, 8, 8)},
            start=True,
        ),
        Try(
            "ReLU that dies",
            "Every bias begins at -5: a whole layer answers 0 to everything, gets no gradient, stays so.",
            {"layers": layers("relu", 16, 16), "initializer": {"name": "auto", "bias": -5}},
            start=True,
        ),
        Try(
            "Leaky ReLU, same start",
            "A slope of 0.01 below zero is enough to come back to life.",
            {"layers": layers("leaky_relu", 16, 16), "initializer": {"name": "auto", "bias": -5}},
            start=True,
        ),
        Try(
            "A hidden step",
            "Its slope is 0: the layer before it never moves. The output layer learns alone.",
            {"layers": [*layers("tanh", 8), *layers("step", 8)]},
            start=True,
        ),
        Try(
            "Forty-five layers of swish",
            "Smooth, and it keeps a little of what is negative: this depth learns.",
            {
                "layers": layers("swish", *[8] * 45),
                "optimizer": {"name": "adam", "learning_rate": 0.003},
            },
            start=True,
        ),
        Try(
            "Forty-five layers of sigmoid",
            "At this depth nothing comes through: the loss stays that of guessing, 0.69.",
            {
                "layers": layers("sigmoid", *[8] * 45),
                "optimizer": {"name": "adam", "learning_rate": 0.003},
            },
            start=True,
        ),
    ),
    speed=200,
)
