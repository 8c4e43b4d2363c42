"""DenoisingTrainer: the fold of a denoising autoencoder: inputs disturbed afresh in every epoch."""

from typing import cast

from engine.config.autoencoder import AutoencoderConfig
from engine.tasks.corruption import TRAINING, corrupt, generator
from engine.training.trainer import Trainer


class DenoisingTrainer(Trainer):
    """A Trainer whose inputs are drawn anew before each epoch, from a generator the epoch determines."""

    def _arrange(self) -> None:
        config = cast(AutoencoderConfig, self.config)
        rng = generator(config, TRAINING, self.state.epoch)
        disturbed, _ = corrupt(self.data.train.targets, config.corruption, rng)
        self._stepper.batches.replace_inputs(disturbed)
        super()._arrange()
