"""Views: pure functions of a checkpoint, one per module, collected in `VIEWS`."""

from engine.views.activation_curves import ACTIVATION_CURVES
from engine.views.activation_histograms import ACTIVATION_HISTOGRAMS
from engine.views.advice import ADVICE
from engine.views.answer import ANSWER
from engine.views.bottleneck import BOTTLENECK
from engine.views.boundary_grid import BOUNDARY_GRID
from engine.views.comparison import COMPARISON
from engine.views.decision_boundary import DECISION_BOUNDARY
from engine.views.episode import EPISODE
from engine.views.layer_health import LAYER_HEALTH
from engine.views.linear_collapse import LINEAR_COLLAPSE
from engine.views.loss_landscape import LOSS_LANDSCAPE
from engine.views.network import NETWORK
from engine.views.perceptron import PERCEPTRON
from engine.views.policy import POLICY
from engine.views.reconstruction import RECONSTRUCTION_VIEW
from engine.views.results import RESULTS
from engine.views.sample_trace import SAMPLE_TRACE
from engine.views.unit_numbers import UNIT_NUMBERS
from engine.views.view import View

__all__ = ["VIEWS", "View"]

VIEWS: dict[str, View] = {
    "decision_boundary": DECISION_BOUNDARY,
    "activation_histograms": ACTIVATION_HISTOGRAMS,
    "network": NETWORK,
    "unit_numbers": UNIT_NUMBERS,
    "sample_trace": SAMPLE_TRACE,
    "layer_health": LAYER_HEALTH,
    "loss_landscape": LOSS_LANDSCAPE,
    "results": RESULTS,
    "activation_curves": ACTIVATION_CURVES,
    "reconstruction": RECONSTRUCTION_VIEW,
    "bottleneck": BOTTLENECK,
    "perceptron": PERCEPTRON,
    "linear_collapse": LINEAR_COLLAPSE,
    "answer": ANSWER,
    "episode": EPISODE,
    "policy": POLICY,
    "comparison": COMPARISON,
    "advice": ADVICE,
    "boundary_grid": BOUNDARY_GRID,
}
