"""The covariance of Chinchilla's refitted constants, which their paper does not print: `scaling.EPOCH_COVARIANCE`.

Repeats the bootstrap of Besiroglu et al. 2024 (arXiv 2404.10102 and its notebook): the 240 runs that are left of
245 without the five of highest loss are drawn with replacement 4,000 times, and each time the Huber loss (δ = 1e-3) of
the residuals of log loss is minimised. Needs their data, which have no licence and are therefore not kept here:
svg_extracted_data.csv of github.com/Besiroglu/data, commit 02783aeb. `python -m tools.chinchilla_covariance CSV`
"""

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

OUTLIERS = 5
HUBER_DELTA = 1e-3
REFITS = 4_000
BATCH = 200
ITERATIONS = 300
NOTEBOOK_FIT = np.array([6.17795598, 7.64273236, 0.59711196, 0.34781303, 0.36585412])  # ln A, ln B, ln E, α, β
STEP_SCALE = np.array([1, 1, 0.05, 0.05, 0.05])


def main(path: Path) -> None:
    runs = read_runs(path)
    point = minimise(NOTEBOOK_FIT[None], runs[None])
    draws = np.random.default_rng(42)
    refits = np.concatenate(
        [
            minimise(np.repeat(point, BATCH, axis=0), runs[draws.integers(0, len(runs), (BATCH, len(runs)))])
            for _ in range(REFITS // BATCH)
        ]
    )
    natural = np.hstack([np.exp(refits[:, :3]), refits[:, 3:]])
    print("standard errors of A, B, E, α, β", natural.std(axis=0, ddof=1))
    print("95 % intervals", np.percentile(natural, [2.5, 97.5], axis=0), sep="\n")
    covariance = np.cov(refits.T)
    print("covariance of ln A, ln B, ln E, α, β", *(list(map("{:.7e}".format, row)) for row in covariance), sep="\n")


def read_runs(path: Path) -> Array:
    """ln N, ln D, ln L of each run, shape (240, 3), with D = C / 6N."""
    with path.open(newline="", encoding="utf-8") as handle:
        cells = [(row["Model Size"], row["Training FLOP"], row["loss"]) for row in csv.DictReader(handle)]
    parameters, flops, loss = np.array([row for row in cells if all(row)], dtype=np.float64).T
    runs = np.log(np.stack([parameters, flops / 6 / parameters, loss], axis=-1))
    return np.asarray(runs[loss < np.sort(loss)[-OUTLIERS]])


def minimise(start: Array, runs: Array) -> Array:
    """Constants of least Huber loss, shape (fits, 5), by Levenberg-Marquardt on reweighted least squares."""
    fits, damping = start.copy(), np.full(len(start), 1e-3)
    residuals, jacobian = predict(fits, runs)
    objective = huber(residuals)
    for _ in range(ITERATIONS):
        weights = 1 / np.maximum(np.abs(residuals), HUBER_DELTA)
        scaled = jacobian * STEP_SCALE
        curvature = np.einsum("fri,fr,frj->fij", scaled, weights, scaled)
        slope = np.einsum("fri,fr,fr->fi", scaled, weights, residuals)
        curvature += damping[:, None, None] * curvature * np.eye(5)
        trial = fits - np.linalg.solve(curvature, slope[..., None])[..., 0] * STEP_SCALE
        trial_residuals, trial_jacobian = predict(trial, runs)
        better = huber(trial_residuals) < objective
        fits[better], residuals[better], jacobian[better] = (
            trial[better],
            trial_residuals[better],
            trial_jacobian[better],
        )
        objective = huber(residuals)
        damping = np.clip(np.where(better, damping * 0.3, damping * 4), 1e-9, 1e6)
    return fits


def predict(fits: Array, runs: Array) -> tuple[Array, Array]:
    """(residuals of ln L, shape (fits, runs); their derivatives by the constants, shape (fits, runs, 5))."""
    log_parameters, log_tokens, log_loss = np.moveaxis(runs, -1, 0)
    a, b, e, alpha, beta = fits.T[..., None]
    terms = np.stack([a - alpha * log_parameters, b - beta * log_tokens, e + 0 * log_loss], axis=-1)
    log_sum = np.logaddexp.reduce(terms, axis=-1)
    shares = np.exp(terms - log_sum[..., None])
    by_exponents = [-shares[..., 0] * log_parameters, -shares[..., 1] * log_tokens]
    return log_sum - log_loss, np.concatenate([shares, np.stack(by_exponents, axis=-1)], axis=-1)


def huber(residuals: Array) -> Array:
    size = np.abs(residuals)
    each = np.where(size <= HUBER_DELTA, size**2 / (2 * HUBER_DELTA), size - HUBER_DELTA / 2)
    return np.asarray(each.sum(axis=-1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
