"""New training images from old ones, a whole batch at a time on the device, with numbers of torch's own generator."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def augmented(images: Tensor, shift_pixels: int, rotate_degrees: float, noise: float, black: float) -> Tensor:
    """Standardised images (n, 1, side, side), each moved, turned and blurred by noise as chance has it.

    shift_pixels: at most so far, in whole pixels, along either axis; rotate_degrees: at most so far, either way
    noise: standard deviation; black: standardised brightness of what comes in at the edges
    """
    if rotate_degrees:
        images = turned(images, _uniform(images, rotate_degrees), _uniform(images, shift_pixels, 2), black)
    elif shift_pixels:
        images = _shifted(images, shift_pixels, black)
    return images + noise * torch.randn_like(images) if noise else images


def turned(images: Tensor, degrees: Tensor, shifts: Tensor, black: float) -> Tensor:
    """Each image turned about its middle by degrees (n,) and moved by shifts (n, 2) in pixels, interpolated."""
    side = images.shape[-1]
    radians = (degrees * (math.pi / 180)).view(-1, 1, 1)
    cosine, sine = radians.cos(), radians.sin()
    moves = (shifts * (2 / side)).view(-1, 2, 1, 1)
    # grid_sample measures from -1 to 1, at the pixels' middles; F.affine_grid finds the same places in twice the time
    across = ((torch.arange(side, device=images.device) * 2 + 1) / side - 1).view(1, 1, side)
    down = across.view(1, side, 1)
    columns = cosine * across - sine * down + moves[:, 0]
    rows = sine * across + cosine * down + moves[:, 1]
    return F.grid_sample(images - black, torch.stack([columns, rows], -1), align_corners=False) + black


def _shifted(images: Tensor, most: int, black: float) -> Tensor:
    """Whole pixels need no interpolation: a window of the padded image."""
    n, side = len(images), images.shape[-1]
    wide = side + 2 * most
    padded = F.pad(images, (most, most, most, most), value=black)
    corner = torch.randint(0, 2 * most + 1, (2, n), device=images.device)
    pixel = torch.arange(side, device=images.device)
    first = torch.arange(n, device=images.device) * wide * wide + corner[0] * wide + corner[1]
    index = first[:, None, None] + pixel[:, None] * wide + pixel
    return padded.flatten().index_select(0, index.flatten()).view(n, 1, side, side)


def _uniform(images: Tensor, most: float, *axes: int) -> Tensor:
    return (torch.rand(len(images), *axes, device=images.device) * 2 - 1) * most
