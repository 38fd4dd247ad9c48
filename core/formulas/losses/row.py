"""One loss: its summands, their slopes, and how they become one number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.errors import InputError
from core.formulas.losses.inputs import Inputs, checked
from core.formulas.settings import Setting, completed
from core.formulas.shown_code import Array, shown_code

Reduction = Literal["mean", "sum", "none"]
REDUCTIONS = ("mean", "sum", "none")

REGRESSION = "Regression"
CLASSES = "Classes"
DISTRIBUTIONS = "Distributions"
MARGINS = "Margins"
SIMILARITY = "Similarity"
OVERLAP = "Overlap of masks"

CONVEX = "Convex"
BOUNDED_SLOPE = "Bounded slope"
SYMMETRIC = "Symmetric"
TRAITS = {
    CONVEX: "as a function of the predictions: descent meets no second minimum there",
    BOUNDED_SLOPE: "one outlier pulls no harder than this",
    SYMMETRIC: "predictions and targets may be exchanged",
}


@dataclass(frozen=True)
class LossTerms:
    """A loss taken apart; value = sum of the terms / divisor.

    terms: the summands, by element, or by sample and summand
    slopes: gradient of the sum of the terms with respect to the predictions, in their shape
    divisor: number of samples (the sum of their weights where classes are weighted) for a mean, else 1
    value: one number, or one a sample without a reduction
    gradient: of the value; without a reduction each sample's own
    warnings: English texts of what is odd about the input
    """

    terms: Array
    slopes: Array
    reduction: Reduction
    divisor: float
    value: Array
    gradient: Array
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """A row of the catalogue.

    formula, derivative_formula: LaTeX; of the mean, as a function of the prediction
    summands, slopes: of (predictions, targets, **every setting), see LossTerms
    inputs: what predictions and targets must be, and what counts as one sample
    pytorch: expression in p, t, with {reduction} and settings in braces
    example: predictions and targets that a page starts with
    class_weights: the loss takes a weight for each class
    counts: of (targets, class weights): what each sample adds to the divisor of the mean; without it 1
    trains: the training room offers it
    """

    id: str
    name: str
    family: str
    formula: str
    derivative_formula: str
    summands: Callable[..., Array]
    slopes: Callable[..., Array]
    inputs: Inputs
    traits: tuple[str, ...]
    pytorch: str
    source: str
    example: tuple[Any, Any]
    settings: tuple[Setting, ...] = ()
    convention: str = ""
    note: str = ""
    trains: bool = False
    class_weights: bool = False
    counts: Callable[..., Array] | None = None
    pytorch_mean: str = "mean"

    @property
    def code(self) -> str:
        return shown_code(self.summands)

    @property
    def derivative_code(self) -> str:
        return shown_code(self.slopes)

    def terms(
        self,
        predictions: Any,
        targets: Any,
        reduction: Reduction = "mean",
        class_weights: Any = None,
        **settings: float,
    ) -> LossTerms:
        """The loss with everything it is made of.

        Raises InputError naming what would be right for shapes, numbers out of range, unknown classes or settings.
        """
        if reduction not in REDUCTIONS:
            raise InputError("unknown_name", f"{self.id}.reduction", reduction, " | ".join(REDUCTIONS))
        chosen: dict[str, Any] = dict(completed(self.settings, settings, self.id))
        p, t, weights, warnings = checked(self.id, self.inputs, predictions, targets, class_weights)
        if class_weights is not None and not self.class_weights:
            raise InputError("unknown_field", f"{self.id}.class_weights", class_weights, "None")
        if self.class_weights:
            chosen["class_weights"] = weights
        with np.errstate(over="ignore", invalid="ignore"):  # too large a number is shown as infinite
            terms = np.asarray(self.summands(p, t, **chosen))
            slopes = np.asarray(self.slopes(p, t, **chosen)).reshape(np.shape(predictions))
        by_sample = terms.sum(axis=-1) if self.inputs.by_row else terms
        divisor = 1.0 if reduction != "mean" else self._divisor(by_sample, t, weights)
        value = by_sample if reduction == "none" else by_sample.sum() / divisor
        return LossTerms(terms, slopes, reduction, divisor, np.asarray(value), slopes / divisor, warnings)

    def value(self, predictions: Any, targets: Any, reduction: Reduction = "mean", **settings: Any) -> Array:
        return self.terms(predictions, targets, reduction, **settings).value

    def derivative(self, predictions: Any, targets: Any, reduction: Reduction = "mean", **settings: Any) -> Array:
        return self.terms(predictions, targets, reduction, **settings).gradient

    def pytorch_code(self, reduction: Reduction = "mean", **settings: float) -> str:
        word = self.pytorch_mean if reduction == "mean" else reduction
        return self.pytorch.format(reduction=word, **completed(self.settings, settings, self.id))

    def _divisor(self, by_sample: Array, targets: Array, weights: Array | None) -> float:
        if self.counts is None:
            return float(by_sample.size)
        total = float(self.counts(targets, weights).sum())
        if total == 0:
            raise InputError("out_of_range", f"{self.id}.class_weights", total, "0 < sum of the samples' weights")
        return total
