"""What explanations of a network's answer are, and how far they can be believed: the arithmetic of the worker's arrays.

An attribution is a map (side, side): how much each pixel speaks for a class (> 0) or against it (< 0).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.runs.answers import Answer
from core.runs.classification_metrics import Floats, mean_interval
from core.runs.networks import Activation, Convolution, Fire, network_cost

Verdict = Literal["believe", "signs_alone", "drawing", "chance"]
STEPS = 50  # of a curve from no pixel hidden to all
HIDDEN_SHARE = 0.1  # of the pixels, in the sentence that says what hiding them does
HIDDEN_STEP = round(STEPS * HIDDEN_SHARE)
LEAST_MAP = 3  # pixels on a side: a coarser map of a convolution says nothing about places
ALIKE = 0.5  # rank correlation from which on two maps show the same
THIRDS = 3  # rows and columns of the regions that are named


@dataclass(frozen=True)
class Method:
    """One way to explain.

    slow: it asks the network a thousand times; sensitivity: it says how the score would change with the pixel, not how
    much the pixel has given, so that its size counts and not its sign
    """

    source: str
    slow: bool = False
    sensitivity: bool = False


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "integrated_gradients": Method("Sundararajan et al. 2017, arXiv 1703.01365"),
        "saliency": Method("Simonyan et al. 2013, arXiv 1312.6034", sensitivity=True),
        "smooth_grad": Method("Smilkov et al. 2017, arXiv 1706.03825", sensitivity=True),
        "grad_cam": Method("Selvaraju et al. 2017, arXiv 1610.02391"),
        "occlusion": Method("Zeiler and Fergus 2014, arXiv 1311.2901"),
        "gradient_shap": Method("Lundberg and Lee 2017, arXiv 1705.07874"),
        "lime": Method("Ribeiro et al. 2016, arXiv 1602.04938", slow=True),
        "kernel_shap": Method("Lundberg and Lee 2017, arXiv 1705.07874", slow=True),
    }
)


@dataclass(frozen=True)
class Attribution:
    """values (side, side); hidden, shown (STEPS + 1,): certainty of the class with the first pixels painted black, and
    with all others black; seconds: that the map alone took

    difference: of the class's score between the image and a black one; layer: that the map was read from, or None
    """

    values: Floats
    hidden: Floats
    shown: Floats
    seconds: float
    difference: float
    layer: str | None

    @property
    def speaks(self) -> bool:
        """Whether any pixel speaks for the class; Grad-CAM finds none where all that it sees speaks against it."""
        return bool((self.values > 0).any())


@dataclass(frozen=True)
class Trust:
    """One method over some test images, each explained for the class it is answered.

    hidden, shown: areas under the two curves, by image; chance: the area where the ink is hidden in random order
    signed, sizes: rank correlation with the map of a network whose last layers have random weights (levels, images), of
    the values and of their sizes; levels: the deepest layer that is random, from the output down to all layers
    """

    hidden: Floats
    shown: Floats
    chance: Floats
    signed: Floats
    sizes: Floats
    levels: tuple[str, ...]
    seconds: float

    @property
    def gain(self) -> tuple[float, float, float]:
        """How much smaller the area is than chance, with its 95 % interval over the images."""
        return mean_interval((self.chance - self.hidden).tolist())

    @property
    def verdict(self) -> Verdict:
        """What to make of the method's maps, from the network with all weights random and from chance."""
        if float(self.signed[-1].mean()) >= ALIKE:
            return "drawing"
        if self.gain[1] <= 0:
            return "chance"
        return "signs_alone" if float(self.sizes[-1].mean()) >= ALIKE else "believe"


def grad_cam_layer(model: str, side: int) -> str | None:
    """The last convolution whose maps are at least LEAST_MAP pixels wide, after its activation where it has one.

    None for a network without convolutions. Before the activation a map is mostly below zero, which says nothing.
    """
    found, last = None, False
    for one in network_cost(model, side).layers:
        if isinstance(one.layer, Convolution | Fire):
            last = one.shape[-1] >= LEAST_MAP
            found = one.name if last else found
        elif isinstance(one.layer, Activation) and last:
            found, last = one.name, False
    return found


def order(values: NDArray[Any], *, sensitivity: bool) -> NDArray[np.int64]:
    """Places of the flattened pixels, the most important first; equals in the order of reading."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    return np.argsort(-(np.abs(flat) if sensitivity else flat), kind="stable")


def hidden_counts(pixels: int) -> NDArray[np.int64]:
    """How many pixels are hidden at each of the STEPS + 1 points of a curve."""
    return np.rint(np.linspace(0, pixels, STEPS + 1)).astype(np.int64)


def area(curve: NDArray[Any]) -> Floats:
    """Under curves (..., STEPS + 1) over the share that is hidden from 0 to 1, by trapezoids."""
    values = np.asarray(curve, dtype=np.float64)
    return np.asarray((values[..., 1:] + values[..., :-1]).mean(axis=-1) / 2)


def rank_correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Spearman's, equals sharing the mean of their ranks; 0 where a map is the same everywhere."""
    ranks = [_ranks(np.asarray(values, dtype=np.float64).ravel()) for values in (one, other)]
    first, second = (values - values.mean() for values in ranks)
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / size) if size else 0.0


def strongest_region(values: NDArray[Any]) -> tuple[int, int]:
    """Row and column, 0 to 2, of the ninth of the picture that speaks most for the class."""
    parts = [np.array_split(rows, THIRDS, axis=1) for rows in np.array_split(np.maximum(values, 0), THIRDS, axis=0)]
    sums = np.array([[float(part.sum()) for part in row] for row in parts])
    row, column = np.unravel_index(int(sums.argmax()), sums.shape)
    return int(row), int(column)


def attribution(answer: Answer) -> Attribution:
    """From the worker's answer to {"kind": "attribution"}."""
    arrays, figures = answer.arrays, answer.figures
    values, hidden, shown = (arrays[name].astype(np.float64) for name in ("values", "hidden", "shown"))
    return Attribution(values, hidden, shown, figures["seconds"], figures["difference"], figures["layer"])


def trust(answer: Answer, chance: Answer) -> Trust:
    """From the worker's answers to {"kind": "explanation_trust"} and {"kind": "explanation_chance"}."""
    arrays, figures = answer.arrays, answer.figures
    every = -(-len(chance.arrays["areas"]) // len(arrays["hidden"]))  # a slow method is judged over every other image
    return Trust(
        hidden=arrays["hidden"],
        shown=arrays["shown"],
        chance=chance.arrays["areas"].mean(axis=1)[::every],
        signed=arrays["signed"],
        sizes=arrays["sizes"],
        levels=tuple(figures["levels"]),
        seconds=figures["seconds"],
    )


def _ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse])
