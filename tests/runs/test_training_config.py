"""A run's config: JSON in and out, and each fault named with what would be right."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.formulas.settings import Choice
from core.runs.training_config import TrainingConfig, changed, from_json, recommended, trainable


@pytest.mark.parametrize("data", ["digits", "mnist", "fashion-mnist"])
def test_recommended_recipe_survives_its_file(data: str) -> None:
    config = recommended(data)  # type: ignore[arg-type]
    assert from_json(config.model_dump_json()) == config
    assert config.data == data


def test_smoothed_labels_keep_the_loss_up() -> None:
    """Shares 0.91 and nine times 0.01 of the target: 0.500288 nats; a squared error of targets can be 0."""
    assert TrainingConfig(label_smoothing=0.1).least_loss(10) == pytest.approx(0.500288, abs=1e-6)
    assert TrainingConfig().least_loss(10) is None
    assert TrainingConfig(loss=Choice("brier"), label_smoothing=0.1).least_loss(10) is None


def test_a_choice_is_its_name_and_its_settings_in_json() -> None:
    config = TrainingConfig(optimizer=Choice("adam", {"learning_rate": 0.003}))
    assert json.loads(config.model_dump_json())["optimizer"] == {"name": "adam", "settings": {"learning_rate": 0.003}}


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("{", "malformed", "training"),
        ('{"epochs": 0}', "out_of_range", "training.epochs"),
        ('{"epochs": "3"}', "wrong_type", "training.epochs"),
        ('{"rounds": 3}', "unknown_field", "training.rounds"),
        ('{"data": "imagenet"}', "unknown_name", "training.data"),
        ('{"noise": NaN}', "not_a_number", "training.noise"),
        ('{"loss": {"name": "dice"}}', "unknown_name", "training.loss"),
        ('{"loss": "cross_entropy"}', "wrong_type", "training.loss"),
        ('{"optimizer": {"name": "adam", "settings": {"beta1": 3}}}', "out_of_range", "training.optimizer.adam.beta1"),
        ('{"initial": "../../etc/passwd"}', "malformed", "training.initial"),
    ],
)
def test_a_fault_is_named(text: str, code: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        from_json(text)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_only_rows_that_train_are_offered() -> None:
    """Softmax acts on a vector, dice on a mask: neither is a part of this network."""
    assert "softmax" not in trainable("activation")
    assert "dice" not in trainable("loss")
    assert {"cross_entropy", "mse"} <= trainable("loss").keys()
    assert {"sgd", "adam", "lion"} <= trainable("optimizer").keys()


@given(st.integers(-5, 2000))
def test_changed_takes_what_a_new_one_takes(epochs: int) -> None:
    if 1 <= epochs <= 1000:
        assert changed(TrainingConfig(), epochs=epochs).epochs == epochs
    else:
        with pytest.raises(InputError, match="out of range"):
            changed(TrainingConfig(), epochs=epochs)
