"""The methods themselves, Captum's, with what each is asked for here; importing this takes a second or two."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from captum.attr import (
    GradientShap,
    IntegratedGradients,
    KernelShap,
    LayerAttribution,
    LayerGradCam,
    Lime,
    NoiseTunnel,
    Occlusion,
    Saliency,
)
from torch import Tensor

from core.errors import InputError
from core.runs.explanations import grad_cam_layer
from core.vision.explain import Subject, patches
from core.vision.models import Classifier
from core.vision.question import TellShare

WAY_STEPS = 200  # from the black image to this one: a network of kinks needs more than the 50 of Captum
NOISE_SHARE = 0.15  # of the image's range; Smilkov et al. 2017 advise 10 to 20 %
NOISY_COPIES = 50
SAMPLES = 1000  # of LIME and kernel SHAP
BATCH = 50
WINDOW, STRIDE = 4, 2  # pixels, on 28 x 28


def _saliency(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    found: Tensor = Saliency(explained.network).attribute(image, target=explained.target, abs=False)
    return found


def _integrated_gradients(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    method = IntegratedGradients(explained.network)
    found: Tensor = method.attribute(
        image, baselines=explained.blank(), target=explained.target, n_steps=WAY_STEPS, method="riemann_middle"
    )
    return found


def _smooth_grad(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    reach = float(explained.image.max() - explained.image.min())
    found: Tensor = NoiseTunnel(Saliency(explained.network)).attribute(
        image,
        nt_type="smoothgrad",
        nt_samples=NOISY_COPIES,
        nt_samples_batch_size=NOISY_COPIES,
        stdevs=NOISE_SHARE * reach,
        target=explained.target,
        abs=False,
    )
    return found


def _grad_cam(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    """Equations 1 and 2 of Selvaraju et al.; the maps are those before the pool, so the layers go as described."""
    name = grad_cam_layer(explained.model, explained.side)
    if name is None:
        raise InputError("missing", "explanation.grad_cam", explained.model, "a convolution")
    network = Classifier(dict(explained.network.layers.items()), pool_first=False)
    coarse = LayerGradCam(network, network.layers[name]).attribute(
        image, target=explained.target, relu_attributions=True
    )
    found: Tensor = LayerAttribution.interpolate(coarse, (explained.side, explained.side), "bilinear")
    return found


def _occlusion(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    window, stride = (max(least, size * explained.side // 28) for size, least in ((WINDOW, 2), (STRIDE, 1)))
    found: Tensor = Occlusion(explained.network).attribute(
        image,
        sliding_window_shapes=(1, window, window),
        strides=(1, stride, stride),
        baselines=explained.blank(),
        target=explained.target,
        perturbations_per_eval=BATCH,
    )
    return found


def _gradient_shap(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    found: Tensor = GradientShap(explained.network).attribute(
        image, baselines=explained.background, n_samples=NOISY_COPIES, target=explained.target
    )
    return found


def _lime(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    found: Tensor = Lime(_heard(explained.network, tell)).attribute(
        image,
        baselines=explained.blank(),
        target=explained.target,
        feature_mask=patches(explained.pixels),
        n_samples=SAMPLES,
        perturbations_per_eval=BATCH,
    )
    return found


def _kernel_shap(explained: Subject, image: Tensor, tell: TellShare) -> Tensor:
    found: Tensor = KernelShap(_heard(explained.network, tell)).attribute(
        image,
        baselines=explained.blank(),
        target=explained.target,
        feature_mask=patches(explained.pixels),
        n_samples=SAMPLES,
        perturbations_per_eval=BATCH,
    )
    return found


ATTRIBUTE: Mapping[str, Callable[[Subject, Tensor, TellShare], Tensor]] = MappingProxyType(
    {
        "saliency": _saliency,
        "integrated_gradients": _integrated_gradients,
        "smooth_grad": _smooth_grad,
        "grad_cam": _grad_cam,
        "occlusion": _occlusion,
        "gradient_shap": _gradient_shap,
        "lime": _lime,
        "kernel_shap": _kernel_shap,
    }
)


def _heard(network: Classifier, tell: TellShare) -> Callable[[Tensor], Tensor]:
    """The network, telling how many of the samples it has answered."""
    answered = 0

    def forward(images: Tensor) -> Tensor:
        nonlocal answered
        answered += len(images)
        tell(min(1.0, answered / SAMPLES))
        found: Tensor = network(images)
        return found

    return forward
