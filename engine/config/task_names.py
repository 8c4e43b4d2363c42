"""Names of tasks, for the `applies_to` of losses, optimizers, metrics and views.

`engine.tasks.task.TASKS` defines the tasks, `engine.tasks.paradigms.PARADIGMS` the learning paradigms.
"""

SUPERVISED = ("regression", "binary", "multiclass", "multilabel")
CLASSIFICATION = SUPERVISED[1:]
RECONSTRUCTION = "reconstruction"  # an autoencoder: the targets are the inputs
CONTROL = "control"  # choose actions that earn rewards
NUMBERS = ("regression", RECONSTRUCTION)  # tasks with real-valued outputs
FROM_EXAMPLES = (*SUPERVISED, RECONSTRUCTION)
EVERY = (*FROM_EXAMPLES, CONTROL)
