"""Paradigms: configuration, problem and trainer of each; reading an earlier checkpoint format."""

import base64
import zlib
from typing import Any

import pytest

from engine.catalogue import catalogue
from engine.config.errors import ConfigError
from engine.tasks.paradigms import PARADIGMS, load_data, problem
from engine.tasks.resolve import json_schema, parse
from engine.tasks.task import TASKS
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint

# A checkpoint of the first format: gate_xor, two tanh units, momentum, seed 3, five steps.
FORMAT_1 = (
    "eNqVVM+LJDUUXhVBEATPXpa6icOapKqSVO/6i2WRPQjDqiDMNkW6KtUdrK4USWp2esb2qid1QUG8KYKCeBIEGXc96J/g"
    "P+DNgwePHn0vXdM97Z5sGvLyvZf3vnzvpQ5v3bl56/Ct1+7cfvuNP568En9nSWPdUoVkcpUeXE0q2zVmDpuzpFNLDUaS"
    "ANwrp2ozX+LeD712x8brGj21CsrrsHdiroIuT6xDv1fLvtUe4Ax2nYVzYJNrBIu1yvvo64a2BeBYtQYSGtuVjVMVGtvg"
    "oH3YR3NMH1RXK1ebU0zbqNZrRDWQg5A12I1WYXCxylFyQpHTCUumsLRqpV3Ez5KhMwFNBjiWOFZjmQQKLPCQavuF2lGt"
    "ne3tELb0GmdPdXfBYY35wd0PodxP50FFa6J0rfV+T7eZ6ZRblZUDh+4CVFhFiXUbLirjjQxwNaDUqXb7srfW2VDCVbCl"
    "UfxKteiikeLMKL/hi1lsH8zykRxLu4TKQzzdauU6081LB/3cHMQR2YYgUmBeHVRJd9LEPdvt3cLuNrr3po1SjMA9beaL"
    "UNa6Uqsd6quFrodIfkcOhhP7HTaiQHzpA+S71JQIjnRH7D99u6fccuj3Dq7jKJq+7FC2HdbSbXdbtjVnKlSL0m8GLmXx"
    "SrZaYDJKCEaAbC1Ss30P6l1iF1Z9vEfTWhVSluwmNcV68MBgxjGgkKSWM53JSkjOFBUyh5VqpWesEoWgvBFcqGpW5wXl"
    "ouK8ThtWMJXKolJplcSXPHRhnG9glcc/mcYG1nozit0cFMZZaBoMQ+e7ukcKR+NTigvifjE0zdiPmQnlXHcahLY4Psnh"
    "zdd5lmyeY9jEXFiMUJ7LlIpU5hmnORV5TsASGSckk4QLXtBMxrGuIF4WRPCM5YJRXhRCECkhgpG0oFLmnJKMSy5QroXy"
    "5WA6FHLz7cKNnseBpixjROQkY+u9t/o/ucsilTxnBCjwgqSC5hmlRSZZTjOaS5JlRGTZlntKZFqknEmRp3BtAVypoDKn"
    "TBI4RzjnKc0f4U72ucfXeWl6jm7DJxme/OoAI8nYROWcWsXmHiU3GrzAEcxiMQUfAEYikE2n0/Xf/zx46dvvP3/47Jer"
    "V765f//l3+3d8w8fPHP+5keTX57+7LuHf/743I3fDq5d/3j9dfH8O59Orr9/d+K/+GDy688vTt776oXzT37466enZq+e"
    "Xxl/j43rE+P6+Lj+C3M145Y="
)
THETA = [
    0.09275997, -0.2981999, 0.97511393, 0.28431436, -0.0033635991, -0.002178045, -0.7287342, -0.33512148,
    0.0095040575,
]  # fmt: skip


def test_a_checkpoint_of_the_first_format_can_still_be_read() -> None:
    restored = Checkpoint.from_bytes(zlib.decompress(base64.b64decode(FORMAT_1)))
    assert restored.theta.tolist() == pytest.approx(THETA)
    assert (restored.step, restored.epoch) == (5, 5)
    raw: dict[str, Any] = {"dataset": {"name": "gate_xor"}, "layers": [{"units": 2}], "seed": 3}
    assert restored.config == parse({**raw, "optimizer": {"name": "momentum", "learning_rate": 0.01}})


@pytest.mark.parametrize("paradigm", ["magic", 3, None, ["supervised"]])
def test_an_unknown_paradigm_is_refused_by_the_name_of_its_field(paradigm: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"paradigm": paradigm})
    assert (caught.value.field, caught.value.given) == ("paradigm", paradigm)
    assert caught.value.limit == list(PARADIGMS)


@pytest.mark.parametrize("name", PARADIGMS)
def test_every_paradigm_resolves_its_defaults_and_trains(name: str) -> None:
    config = parse({"paradigm": name})
    assert type(config) is PARADIGMS[name].config
    assert parse(config.model_dump()) == config
    assert problem(config).task in PARADIGMS[name].tasks
    uninterrupted = trainer(config, load_data(config))
    uninterrupted.advance(3)
    assert uninterrupted.checkpoint().problem == problem(config)
    restored = Checkpoint.from_bytes(uninterrupted.checkpoint().to_bytes())
    resumed = trainer(config, load_data(config), restored)
    uninterrupted.advance(5)
    resumed.advance(5)
    assert resumed.checkpoint().to_bytes() == uninterrupted.checkpoint().to_bytes()


@pytest.mark.parametrize("name", PARADIGMS)
def test_the_schema_of_every_paradigm_has_the_fields_of_its_configuration(name: str) -> None:
    assert set(json_schema(name)["properties"]) == set(parse({"paradigm": name}).model_dump())


def test_every_task_belongs_to_the_paradigm_in_the_catalogue() -> None:
    tasks = [task for paradigm in PARADIGMS.values() for task in paradigm.tasks]
    assert sorted(tasks) == sorted(TASKS)
    for name, task in catalogue()["tasks"].items():
        assert name in PARADIGMS[task["paradigm"]].tasks


def test_every_applies_to_of_the_catalogue_contains_tasks_only() -> None:
    for key in ("losses", "optimizers", "metrics", "views", "diagnoses", "datasets"):
        for entry in catalogue()[key]:
            assert entry["applies_to"], (key, entry["name"])
            assert set(entry["applies_to"]) <= set(TASKS), (key, entry["name"])
