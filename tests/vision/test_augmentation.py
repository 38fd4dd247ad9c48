"""Augmentation by hand: where a pixel goes, what comes in at the edge, and that chance stays within its bounds."""

import pytest
import torch

from core.vision.augmentation import augmented, turned

BLACK = -0.5


def dot(row: int, column: int, copies: int = 1, side: int = 9) -> torch.Tensor:
    images = torch.full((copies, 1, side, side), BLACK)
    images[:, 0, row, column] = 2.0
    return images


def test_nothing_asked_for_changes_nothing() -> None:
    images = dot(4, 4, 3)
    assert torch.equal(augmented(images, 0, 0.0, 0.0, BLACK), images)


def test_a_shift_moves_each_image_by_whole_pixels_and_lets_black_in() -> None:
    torch.manual_seed(0)
    moved = augmented(dot(4, 4, 400), 2, 0.0, 0.0, BLACK)
    assert torch.equal(moved.flatten(1).sort(1).values, dot(4, 4, 400).flatten(1).sort(1).values)
    places = (moved[:, 0] == 2.0).nonzero()[:, 1:]
    assert places.min() == 2
    assert places.max() == 6
    assert len({tuple(one) for one in places.tolist()}) == 25  # all 5 x 5 places


@pytest.mark.parametrize(("degrees", "place"), [(90.0, (4, 6)), (180.0, (6, 4)), (0.0, (2, 4))])
def test_a_turn_moves_a_dot_about_the_middle(degrees: float, place: tuple[int, int]) -> None:
    """The dot stands two pixels above the middle; the grid turns the view one way, so the picture the other."""
    image = turned(dot(2, 4), torch.tensor([degrees]), torch.zeros(1, 2), BLACK)[0, 0]
    brightest = divmod(int(image.argmax()), 9)
    assert brightest in {place, (place[0], 8 - place[1])}
    assert image.max().item() == pytest.approx(2.0, abs=1e-4)
    assert image.min().item() == pytest.approx(BLACK, abs=1e-4)


def test_turning_and_moving_is_pytorchs_affine_map() -> None:
    torch.manual_seed(4)
    images, degrees, shifts = torch.rand(6, 1, 28, 28), torch.rand(6) * 90 - 45, torch.rand(6, 2) * 6 - 3
    cosine, sine = (degrees * torch.pi / 180).cos(), (degrees * torch.pi / 180).sin()
    rows = [torch.stack([cosine, -sine, shifts[:, 0] / 14], 1), torch.stack([sine, cosine, shifts[:, 1] / 14], 1)]
    grid = torch.nn.functional.affine_grid(torch.stack(rows, 1), [6, 1, 28, 28], align_corners=False)
    expected = torch.nn.functional.grid_sample(images - BLACK, grid, align_corners=False) + BLACK
    assert torch.allclose(turned(images, degrees, shifts, BLACK), expected, atol=1e-4)


def test_noise_has_the_deviation_asked_for() -> None:
    torch.manual_seed(1)
    noisy = augmented(torch.zeros(200, 1, 28, 28), 0, 0.0, 0.3, BLACK)
    assert noisy.std().item() == pytest.approx(0.3, rel=0.02)


def test_the_same_seed_gives_the_same_images() -> None:
    images = torch.rand(5, 1, 8, 8)
    torch.manual_seed(3)
    first = augmented(images, 1, 15.0, 0.1, BLACK)
    torch.manual_seed(3)
    assert torch.equal(augmented(images, 1, 15.0, 0.1, BLACK), first)
