"""The benchmarks run to their end: figures belong to a machine, but one that breaks off gives none."""

from benchmarks import views
from engine.views import VIEWS

ONE_KIND_OF_NETWORK = {"perceptron", "linear_collapse"}


def test_the_views_benchmark_times_every_view_that_applies_to_its_network() -> None:
    found = views.measure(quick=True)
    assert all(summary["median"] > 0 for summary in found["microseconds"].values())
    left_out = set(VIEWS) - set(found["microseconds"])
    assert all("binary" not in VIEWS[name].applies_to or name in ONE_KIND_OF_NETWORK for name in left_out)
