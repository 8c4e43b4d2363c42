"""Weights: reading, editing, and predictions."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.web.dependencies import AllRuns, OneRun
from app.web.json_route import JsonRoute
from app.web.models.bodies import EditWeights
from app.web.models.predict_body import Predict
from app.web.models.queries import PredictOptions, WeightsOptions
from app.web.models.run_answers import Prediction, RunWithEvent, Weights
from app.web.responses import json, json_text

router = APIRouter(prefix="/api/runs/{id}", tags=["runs"], route_class=JsonRoute)


@router.get("/weights", response_model=Weights)
async def read_weights(run: OneRun, runs: AllRuns, options: Annotated[WeightsOptions, Query()]) -> Response:
    """Read all weights and biases, and the preprocessing of the data."""
    arguments = {"typed": options.arrays == "typed"}
    return json_text(await runs.queries.compute(run, "weights", options.step, arguments, options.attempt))


@router.patch("/weights", response_model=RunWithEvent)
async def edit_weights(body: EditWeights, run: OneRun, runs: AllRuns) -> Response:
    """Set weights, freeze them, disable, enable, duplicate or remove units; also while the run trains."""
    answer = await runs.commands.edit_weights(run, body.set_fields())
    return json(answer)


TABLE: dict[str, Any] = {
    "requestBody": {
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "length,colour\n5.1,red\n4.9,blue\n"}
        }
    }
}


@router.post("/predict", response_model=Prediction, openapi_extra=TABLE)
async def predict(
    body: Predict, run: OneRun, runs: AllRuns, options: Annotated[PredictOptions, Query()]
) -> Response:
    """Predict the outputs for inputs in the data set's own units, or in the words of its table."""
    step = options.step if body.step is None else body.step
    attempt = options.attempt if body.attempt is None else body.attempt
    return json_text(await runs.queries.compute(run, "predict", step, {"inputs": body.inputs}, attempt))
