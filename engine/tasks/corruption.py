"""Corruption of the inputs of a denoising autoencoder; reproducible from the seed."""

import numpy as np

from engine.config.autoencoder import AutoencoderConfig, CorruptionConfig

TRAINING, EVALUATION = 0, 1  # purpose: batches of an epoch, or the rows for losses and views


def generator(config: AutoencoderConfig, purpose: int, number: int) -> np.random.Generator:
    """Returns the generator of epoch `number`, or of part `number` of the data for EVALUATION.

    It depends on the seed and the number only, so that the epoch counter of the TrainState is enough to
    resume bit-identically within an epoch.
    """
    seed = config.seed if purpose == TRAINING else config.dataset.seed
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose, number])))


def corrupt(
    clean: np.ndarray, corruption: CorruptionConfig, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the corrupted rows clean + noise · N(0, 1), and the mask of missing values, which are 0.

    0 is the mean of a standardised feature. A gap is `missing` · f neighbouring features and wraps around at
    the end of the row. `clean` (n, f) is in the network's units; both results are (n, f).
    """
    count, features = clean.shape
    corrupted = clean + corruption.noise * rng.standard_normal(clean.shape)
    if corruption.pattern == "gap":
        starts = rng.integers(features, size=(count, 1))
        missing = (np.arange(features) - starts) % features < round(corruption.missing * features)
    else:
        missing = rng.random(clean.shape) < corruption.missing
    corrupted[missing] = 0
    return corrupted, missing
