"""The slide groups of the lecture, and the lessons to show for each of them."""

# The key of a group's title is `lessons.groups.<group>`; lessons are in the order in which they are shown.
SLIDE_GROUPS: dict[str, tuple[str, ...]] = {
    "neuron": ("swimming",),
    "perceptron": ("swimming", "perceptron"),
    "forward_pass": ("forward-pass", "batch"),
    "depth": ("layers", "linear-collapse"),
    "training": ("learning-is-complete", "misconceptions"),
    "descent": ("error", "downhill"),
    "chain_rule": ("chain-rule", "sign"),
    "minima": ("many-valleys",),
    "activations": ("activations", "very-deep"),
    "choice": ("choosing-the-output",),
    "outlook": ("pictures", "without-a-teacher", "learning-to-act"),
}
