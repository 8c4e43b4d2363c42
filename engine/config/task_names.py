"""The kinds of problem by name; what applies to some of them says so in its `applies_to`."""

SUPERVISED = ("regression", "binary", "multiclass", "multilabel")
CLASSIFICATION = SUPERVISED[1:]
RECONSTRUCTION = "reconstruction"  # give back what came in, by way of few numbers
CONTROL = "control"  # act, and be paid for it
NUMBERS = ("regression", RECONSTRUCTION)  # tasks whose answers are values
FROM_EXAMPLES = (*SUPERVISED, RECONSTRUCTION)
EVERY = (*FROM_EXAMPLES, CONTROL)
