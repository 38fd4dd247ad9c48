"""What methods, regions and verdicts are called."""

from collections.abc import Mapping

from core.runs.explanations import METHODS, Verdict
from ui.language import N_, words

NAMES: Mapping[str, str] = {
    "integrated_gradients": N_("Integrated gradients"),
    "saliency": N_("Saliency"),
    "smooth_grad": N_("SmoothGrad"),
    "grad_cam": N_("Grad-CAM"),
    "occlusion": N_("Occlusion"),
    "gradient_shap": N_("GradientSHAP"),
    "lime": N_("LIME"),
    "kernel_shap": N_("Kernel SHAP"),
}
WHAT_IT_DOES: Mapping[str, str] = {
    "integrated_gradients": N_(
        "Adds up the score's slope at each pixel on the way from a black image to this one; the sum over all pixels is "
        "the score's whole rise."
    ),
    "saliency": N_("The score's slope at each pixel: what a little more brightness there would do."),
    "smooth_grad": N_("Saliency, averaged over 50 noisy copies of the image, so that chance slopes cancel."),
    "grad_cam": N_(
        "The maps of the last convolution that is still wider than two pixels, each weighted by its mean slope; "
        "coarse. Only what speaks for the class is shown."
    ),
    "occlusion": N_("Paints a small square black, place by place, and sees how far the score falls."),
    "gradient_shap": N_("Integrated gradients from 32 training images in place of black, at random points of the way."),
    "lime": N_("Hides random squares of ink a thousand times and fits a sparse straight line to the scores."),
    "kernel_shap": N_(
        "Hides random squares of ink a thousand times and shares the score among them as Shapley shares a gain among "
        "players."
    ),
}
assert NAMES.keys() == WHAT_IT_DOES.keys() == METHODS.keys(), "every method has its name and its meaning"
REGIONS = (
    (N_("upper left"), N_("upper middle"), N_("upper right")),
    (N_("middle left"), N_("centre"), N_("middle right")),
    (N_("lower left"), N_("lower middle"), N_("lower right")),
)
VERDICTS: Mapping[Verdict, str] = {
    "believe": N_("Yes"),
    "signs_alone": N_("Colours only"),
    "drawing": N_("No: it redraws the image"),
    "chance": N_("No: like chance"),
}


def name_of(method: str) -> str:
    return words(NAMES[method])


def region(row: int, column: int) -> str:
    return words(REGIONS[row][column])
