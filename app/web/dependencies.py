"""Dependencies of the routes: the use cases, and the run named in the path."""

from typing import Annotated

from fastapi import Depends, Request

from app.datasets import Datasets
from app.errors import refuse_others
from app.experiments.experiment import Experiment
from app.experiments.experiments import Experiments
from app.runs.run import Run
from app.runs.service import Runs
from app.web.json_route import read_object


def get_runs(request: Request) -> Runs:
    """The use cases about runs."""
    runs: Runs = request.app.state.runs
    return runs


def get_datasets(request: Request) -> Datasets:
    """The use cases about data sets."""
    datasets: Datasets = request.app.state.datasets
    return datasets


async def get_run(id: str, runs: Annotated[Runs, Depends(get_runs)]) -> Run:
    """The run whose id is in the path. Raises NotFound."""
    return await runs.queries.get(id)


def get_experiments(request: Request) -> Experiments:
    """The use cases about experiments."""
    experiments: Experiments = request.app.state.experiments
    return experiments


async def get_experiment(
    id: str, experiments: Annotated[Experiments, Depends(get_experiments)]
) -> Experiment:
    """The experiment whose id is in the path. Raises NotFound."""
    return experiments.get(id)


async def no_body(request: Request) -> None:
    """Refuses a body that has any field. Raises Invalid or Malformed."""
    refuse_others(await read_object(request))


AllRuns = Annotated[Runs, Depends(get_runs)]
OneRun = Annotated[Run, Depends(get_run)]
AllExperiments = Annotated[Experiments, Depends(get_experiments)]
OneExperiment = Annotated[Experiment, Depends(get_experiment)]
AllDatasets = Annotated[Datasets, Depends(get_datasets)]
