"""Corruption: how rows are disturbed before an autoencoder sees them; reproducible, whoever asks."""

import numpy as np

from engine.config.autoencoder import AutoencoderConfig, CorruptionConfig

TRAINING, LOOKING = 0, 1  # what is drawn for: an epoch's batches, or the fixed rows that all measuring sees


def generator(config: AutoencoderConfig, purpose: int, number: int) -> np.random.Generator:
    """The chance of one epoch, or of one part of the data.

    It follows from the seed and the number alone, so that the TrainState's own counter of epochs is all
    that a training needs to go on with the same bits from the middle of an epoch.
    """
    seed = config.seed if purpose == TRAINING else config.dataset.seed
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose, number])))


def corrupt(
    clean: np.ndarray, how: CorruptionConfig, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Disturbed rows, and where they were lost: clean + noise · N(0, 1), and 0 where lost.

    0 is a standardised feature's mean. A gap of `missing` · f neighbouring features begins anywhere and goes
    on at the row's beginning where it meets its end. `clean` is (n, f) in the network's units; so are both
    answers, the second of booleans.
    """
    count, features = clean.shape
    disturbed = clean + how.noise * rng.standard_normal(clean.shape)
    if how.pattern == "gap":
        begins = rng.integers(features, size=(count, 1))
        lost = (np.arange(features) - begins) % features < round(how.missing * features)
    else:
        lost = rng.random(clean.shape) < how.missing
    disturbed[lost] = 0
    return disturbed, lost
