"""A series of runs that differ in the noise of DP-SGD alone, to see what privacy costs.

Half the training images are kept from the networks: as many unseen as seen is what an attack is measured with. The
recipe is for small networks under noise: large batches, a rate held still, nothing drawn at random beside the noise.
"""

from core.formulas.settings import Choice
from core.runs.networks import Normalisation, network
from core.runs.training_config import Model, TrainingConfig, changed

NOISES: tuple[float | None, ...] = (None, 0.5, 1.0, 2.0, 4.0)  # in lengths of the clip; None is ordinary training
CLIP = 1.0  # one of the lengths that Abadi et al. 2016 and after them most use
SEEN_SHARE = 0.5


def series(config: TrainingConfig) -> tuple[TrainingConfig, ...]:
    """On the data of a config, with its network where images do not see each other there, else with the plain CNN."""
    small = config.data == "digits"
    base = TrainingConfig(
        data=config.data,
        root=config.root,
        model=config.model if can_be_private(config.model) else "simple_cnn_padded" if small else "simple_cnn",
        optimizer=Choice("adam", {"learning_rate": 0.01 if small else 0.003}),
        epochs=30 if small else 4,
        batch_size=128 if small else 256,
        seed=config.seed,
        validation_share=1 - SEEN_SHARE,
        device=config.device,
        threads=config.threads,
    )
    return tuple(base if noise is None else changed(base, private_clip=CLIP, private_noise=noise) for noise in NOISES)


def can_be_private(model: Model) -> bool:
    """Whether each image is answered by itself in training, too: batch normalisation mixes them."""
    return not any(isinstance(layer, Normalisation) for _, layer in network(model).layers)
