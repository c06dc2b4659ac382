"""The strongest peer as a cross-check: statsmodels' structural model with level, week, AR(1) and controls, fitted by likelihood.

Takes one to three CPU-seconds, so it is run where it is asked for (an effect that is published or worth much), never in a batch.
"""

from __future__ import annotations

import warnings

import numpy as np
from statsmodels.tsa.statespace.structural import UnobservedComponents

from socius.engine.effect.case import Case
from socius.engine.effect.grid import Floats
from socius.engine.effect.second import Difference

PATHS, STEPS = 300, 200
WEEK = 7


def uc_ar1(case: Case, seed: int) -> Difference | None:
    """Mean effect over the seen rows of the window and its standard deviation from 300 simulated paths; None where it fails."""
    start, end = case.start, case.end
    past, window = case.outcome[:start], case.outcome[start:end]
    scale = float(np.nanstd(past))
    exog = scaled(case)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = UnobservedComponents(
                (past - np.nanmean(past)) / scale, level="llevel", autoregressive=1, exog=None if exog is None else exog[:start],
                **({"seasonal": WEEK, "stochastic_seasonal": False} if case.grain == "day" else {}),
            )  # fmt: skip
            fit = model.fit(disp=False, maxiter=STEPS)
            ahead = {} if exog is None else {"exog": exog[start:end]}
            drawn = fit.simulate(end - start, anchor="end", repetitions=PATHS, rng=np.random.default_rng(seed), **ahead)  # fmt: skip
    except (np.linalg.LinAlgError, ValueError):
        return None
    paths = np.asarray(drawn, dtype=np.float64).reshape(end - start, PATHS) * scale
    seen = ~np.isnan(window)
    means = window[seen].mean() - np.nanmean(past) - paths[seen].mean(axis=0)
    return Difference(float(means.mean()), float(means.std(ddof=1)))


def scaled(case: Case) -> Floats | None:
    """Controls by mean and spread of the rows before the start."""
    if not case.controls:
        return None
    found = np.column_stack(list(case.controls.values()))
    known = found[: case.start]
    return np.asarray((found - known.mean(axis=0)) / known.std(axis=0))
