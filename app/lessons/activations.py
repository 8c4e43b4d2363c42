"""Properties of activation functions, and how they affect training."""

from app.lessons.lesson import Claim, Lesson, Try, layers

_SLOW = {"name": "adam", "learning_rate": 0.001}

_TRIES = (
    Try(
        "Ten layers of sigmoid",
        "At the start the gradient of the first layer is below 1/100,000 of that of the last, in 8 of "
        "8 seeds.",
        start=True,
        speed=5,
    ),
    Try(
        "Ten layers of tanh",
        "At the start the gradient of the first layer is at least half that of the last, in 8 of 8 seeds.",
        {"layers": layers("tanh", *[8] * 10)},
        start=True,
        speed=5,
    ),
    Try(
        "Ten layers of ReLU",
        "At the start the gradient of the first layer is between 1/100 and twice that of the last, in 8 of 8 "
        "seeds.",
        {"layers": layers("relu", *[8] * 10)},
        start=True,
        speed=5,
    ),
    Try(
        "Three layers, sigmoid",
        "The training loss falls below 0.05 after 250 to 2,000 steps in 7 of 8 seeds; in one it does not "
        "within 4,000 steps.",
        {"layers": layers("sigmoid", 8, 8, 8)},
        start=True,
    ),
    Try(
        "Three layers, ReLU",
        "The same network needs at most a third of the steps of the sigmoid, in 7 of 8 seeds.",
        {"layers": layers("relu", 8, 8, 8)},
        start=True,
    ),
    Try(
        "Three layers, tanh",
        "The training loss falls below 0.05 after 100 to 1,700 steps, in 8 of 8 seeds: about as "
        "fast as ReLU.",
        {"layers": layers("tanh", 8, 8, 8)},
        start=True,
    ),
    Try(
        "Dying ReLU",
        "All biases start at −6. In 6 of 8 seeds a whole layer outputs 0 for every point: it has no "
        "gradient, and the loss stays at 0.69.",
        {"layers": layers("relu", 16, 16), "initializer": {"name": "auto", "bias": -6}},
        start=True,
    ),
    Try(
        "Leaky ReLU, same start",
        "With a slope of 0.01 below zero the loss falls below 0.1 within 2,000 steps, in 8 of 8 seeds.",
        {"layers": layers("leaky_relu", 16, 16), "initializer": {"name": "auto", "bias": -6}},
        start=True,
    ),
    Try(
        "A hidden step layer",
        "The derivative of the step is 0: the weights of the layer before it never change. The output layer "
        "learns alone.",
        {"layers": [*layers("tanh", 8), *layers("step", 8)]},
        start=True,
    ),
    Try(
        "Forty-five layers of swish",
        "Swish is smooth and keeps a part of the negative values: the loss falls below 0.2 within 1,200 "
        "steps, in 8 of 8 seeds.",
        {"layers": layers("swish", *[8] * 45), "optimizer": _SLOW},
        start=True,
    ),
    Try(
        "Forty-five layers of sigmoid",
        "For 1,200 steps the loss stays at 0.69, that of a constant prediction, in 8 of 8 seeds.",
        {"layers": layers("sigmoid", *[8] * 45), "optimizer": _SLOW},
        start=True,
    ),
)

LESSON = Lesson(
    "Choosing an activation function",
    "Gradients that vanish, units that no longer learn, and very deep networks",
    "Activation functions",
    {
        "dataset": {"name": "circle"},
        "layers": layers("sigmoid", *[8] * 10),
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
    ("layer_health", "curves"),
    _TRIES,
    speed=200,
    goal=("train_loss", 0.05),
    claims=(
        Claim("below 1/100,000 of that of the last", "Ten layers of sigmoid", "gradient_ratio", 0, high=1e-5),
        Claim("at least half that of the last", "Ten layers of tanh", "gradient_ratio", 0, low=0.5),
        Claim("between 1/100 and twice that", "Ten layers of ReLU", "gradient_ratio", 0, 0.01, 2),
        Claim("after 250 to 2,000 steps", "Three layers, sigmoid", "steps_to_loss", 4000, 250, 2000, 7),
        Claim(
            "at most a third of the steps of the sigmoid", "Three layers, ReLU", "ratio_of_steps", 4000,
            high=1 / 3, holds=7, against="Three layers, sigmoid",
        ),
        Claim("after 100 to 1,700 steps", "Three layers, tanh", "steps_to_loss", 4000, 100, 1700),
        Claim("In 6 of 8 seeds a whole layer", "Dying ReLU", "dead_share", 2000, low=1, holds=6),
        Claim("the loss stays at 0.69", "Dying ReLU", "loss", 2000, 0.685, 0.695, 6),
        Claim("the loss falls below 0.1", "Leaky ReLU, same start", "loss", 2000, high=0.1),
        Claim("never change", "A hidden step layer", "change_of_first_layer", 300, 0, 0),
        Claim("The output layer learns alone", "A hidden step layer", "change_of_output_layer", 300, 0.01),
        Claim("the loss falls below 0.2", "Forty-five layers of swish", "loss", 1200, high=0.2),
        Claim("the loss stays at 0.69", "Forty-five layers of sigmoid", "loss", 1200, 0.685, 0.695),
    ),
)  # fmt: skip
