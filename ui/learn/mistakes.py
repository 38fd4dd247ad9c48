"""The riddle before each published mistake: what is claimed, in words that do not give it away, and possible faults.

One more answer stands under every riddle: that nothing is wrong. `answer` counts from 0; the number of faults is it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ui.language import N_

NOTHING = N_("Nothing is wrong here.")


@dataclass(frozen=True)
class Riddle:
    """claim and faults: catalogue keys."""

    claim: str
    faults: tuple[str, ...]
    answer: int


RIDDLES: Mapping[str, Riddle] = {
    "article_mse": Riddle(
        N_(
            "The article works out the mean squared error of three predictions: 0.2, 0.1 and 0.3, where 0.1, 0.2 "
            "and 0.3 are true."
        ),
        (
            N_("The sum of squares must not be divided by three."),
            N_("Absolute differences belong there, not squares."),
        ),
        2,
    ),
    "article_cross_entropy": Riddle(
        N_("The article works out the cross-entropy of three predictions."),
        (
            N_("The sum still has to be divided by three."),
            N_("For these targets no prediction at all can reach so small a value."),
            N_("The logarithm was taken to base 2."),
        ),
        1,
    ),
    "article_distributions": Riddle(
        N_("The article calls both columns of its example probability distributions."),
        (
            N_("The shares of a distribution must add up to 1."),
            N_("A true value can only be 0 or 1."),
            N_("The two columns must have the same order of size."),
        ),
        0,
    ),
    "article_index": Riddle(
        N_("The article writes down the cross-entropy of n samples."),
        (
            N_("The minus sign is too much."),
            N_("The logarithm belongs to the true value, not to the prediction."),
            N_("The sum must run over classes, and the mean over samples is missing."),
        ),
        2,
    ),
    "article_sigmoid": Riddle(
        N_("The article works out the sigmoid of 2."),
        (
            N_("The value is a little too small."),
            N_("It is the value of the tangent's relative, tanh."),
            N_("A sigmoid is never above one half."),
        ),
        0,
    ),
    "article_relu_tanh": Riddle(
        N_("The article works out ReLU of -2 and tanh of 2."),
        (
            N_("ReLU passes -2 on as it is."),
            N_("tanh of 2 has to be above 1."),
        ),
        2,
    ),
    "article_gradient_descent": Riddle(
        N_("The article takes one step of gradient descent from 2.0, with learning rate 0.1 and gradient 0.5."),
        (
            N_("The step must be added, not subtracted."),
            N_("The step taken is ten times too long."),
            N_("The gradient has to be squared first."),
        ),
        1,
    ),
    "article_adam_first_moment": Riddle(
        N_("The article writes down Adam's first moment."),
        (
            N_("Gradients are averaged, not how much they changed."),
            N_("The two weights do not add up to 1."),
            N_("The gradient has to be squared."),
        ),
        0,
    ),
    "article_adam_second_moment": Riddle(
        N_("The article writes down Adam's second moment."),
        (
            N_("The two weights are swapped."),
            N_("The gradient must not be squared."),
            N_("It can become negative, and its root is taken."),
        ),
        2,
    ),
    "article_adam_bias": Riddle(
        N_("The article writes down the step that Adam takes."),
        (
            N_("The root belongs over the first moment."),
            N_("Both averages start at zero, and nothing makes up for it."),
            N_("The learning rate has to be squared."),
        ),
        1,
    ),
    "article_adam_beta2": Riddle(
        N_("The article sets Adam's second decay rate."),
        (
            N_("It is allowed, but not what papers and programs use."),
            N_("It must be smaller than the first decay rate."),
            N_("It has to be above 1."),
        ),
        0,
    ),
    "article_adam_moments": Riddle(
        N_("The article works out both moments of Adam after one step with the gradient 0.5."),
        (
            N_("The second moment must be the square of the first."),
            N_("The first moment must equal the gradient."),
        ),
        2,
    ),
    "article_adam_step": Riddle(
        N_("The article takes Adam's first step from 2.0 with learning rate 0.001."),
        (
            N_("Epsilon must not be added."),
            N_("A first step is as long as the learning rate: the result is far too low."),
            N_("The step must go up: the gradient is positive."),
        ),
        1,
    ),
    "article_f1": Riddle(
        N_("The article says what F1 is made of; A is the accuracy, R the recall."),
        (
            N_("It has to be the arithmetic mean."),
            N_("Recall has to be squared."),
            N_("Accuracy should be precision here."),
        ),
        2,
    ),
    "article_auc": Riddle(
        N_("The article judges a net with ten classes by its ROC curve and the area under it."),
        (
            N_("One curve knows two classes only."),
            N_("The smaller the area, the better the net."),
            N_("The area is defined for training data only."),
        ),
        0,
    ),
    "article_nll": Riddle(
        N_("The article calls PyTorch's NLLLoss the cross-entropy."),
        (
            N_("The two have opposite signs."),
            N_("That holds only where the net ends in a log-softmax."),
            N_("NLLLoss is for numbers, not for classes."),
        ),
        1,
    ),
    "article_linear_layer": Riddle(
        N_("The article's net: two 3 × 3 convolutions, each with pooling, on images of 28 × 28, then a linear layer."),
        (
            N_("64 channels are too many for so small an image."),
            N_("A linear layer cannot follow a convolution."),
            N_("Fewer numbers come out of the convolutions than the layer expects."),
        ),
        2,
    ),
    "article_view": Riddle(
        N_("The article flattens a batch of images for the linear layer."),
        (
            N_("A wrong size can go unnoticed and mix different images."),
            N_("It copies the batch and doubles the memory."),
            N_("Flattening belongs before the convolutions."),
        ),
        0,
    ),
    "convnetjs_adam": Riddle(
        N_("ConvNetJS corrects Adam's moments for their start at zero."),
        (
            N_("Only the first moment may be corrected."),
            N_("It multiplies where it has to divide."),
            N_("The power t must not be there."),
        ),
        1,
    ),
    "ml_from_scratch_adam": Riddle(
        N_("ML-From-Scratch corrects Adam's moments for their start at zero."),
        (
            N_("The correction must fade from step to step; this one never does."),
            N_("It divides where it has to multiply."),
            N_("The two decay rates are swapped."),
        ),
        0,
    ),
    "micrograd_adamw": Riddle(
        N_("A micrograd made for teaching takes the step of AdamW."),
        (
            N_("Epsilon has to stand under the root."),
            N_("The moments are used as they are, although they start at zero."),
            N_("The step has to be added."),
        ),
        1,
    ),
    "playground_cross_entropy": Riddle(
        N_("A request to TensorFlow Playground proposes the cross-entropy as a loss."),
        (
            N_("The target belongs inside the logarithm."),
            N_("It works with three classes only."),
            N_("So written, the best answer has the largest loss."),
        ),
        2,
    ),
    "three_hump_camel": Riddle(
        N_("A collection of test surfaces states the minimum of the three-hump camel."),
        (
            N_("The function has no minimum."),
            N_("That is the minimum of another function."),
            N_("The minimum does not lie at the origin."),
        ),
        1,
    ),
    "anti_dilution_formula": Riddle(
        N_(
            "A calculator prints the weighted-average formula: CP₁ the old conversion price, NM the new money, "
            "OP the old price, NS the new shares."
        ),
        (
            N_("The new money must be divided by the new price."),
            N_("A price is added to numbers of shares."),
            N_("The fraction is upside down."),
        ),
        1,
    ),
    "distill_momentum": Riddle(
        N_("An article on momentum splits the powers of a matrix R by its eigenvalues σ₁ and σ₂."),
        (
            N_("Each part takes the wrong one of the two eigenvalues."),
            N_("The denominator has to be a sum."),
            N_("A matrix of this size has one eigenvalue only."),
        ),
        0,
    ),
    "kl_div_mean": Riddle(
        N_("PyTorch's default mean of the Kullback-Leibler divergence."),
        (
            N_("The logarithm of the target is missing."),
            N_("The two distributions are swapped."),
            N_("It divides by the classes as well as by the samples."),
        ),
        2,
    ),
}
