"""Compiled loops of the single-series estimator. Lanes (noise processes, break candidates) lie innermost so that they vectorise.

Sums keep their order (no fast maths): the same input gives the same bytes on the same machine.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

Array = Any


@njit(cache=True)
def gains(noise: Array, seen: Array) -> Array:
    """Kalman gains, weights 1/sqrt(F) and log F of each day, and the variance of the state before each day.

    They depend on the noise process and on which days were seen, not on the data. `noise` has the rows phi, q, r, q_level,
    start, start_level; the result has the rows k1, k2, 1/sqrt(F), log F, P11, P12, P22, each (days + 1) x lanes.
    """
    days, lanes = seen.shape[0], noise.shape[1]
    out = np.zeros((7, days + 1, lanes))
    for g in range(lanes):
        phi, q, r, q_level = noise[0, g], noise[1, g], noise[2, g], noise[3, g]
        p11, p12, p22 = noise[4, g], 0.0, noise[5, g]
        for t in range(days + 1):
            out[4, t, g], out[5, t, g], out[6, t, g] = p11, p12, p22
            if t == days:
                break
            if seen[t]:
                f = p11 + 2 * p12 + p22 + r
                k1, k2 = (p11 + p12) / f, (p12 + p22) / f
                out[0, t, g], out[1, t, g] = k1, k2
                out[2, t, g], out[3, t, g] = 1 / np.sqrt(f), np.log(f)
                p11, p12, p22 = p11 - k1 * k1 * f, p12 - k1 * k2 * f, p22 - k2 * k2 * f
            p11, p12, p22 = phi * phi * p11 + q, phi * p12, p22 + q_level
    return out


@njit(cache=True)
def whitened_sums(z: Array, gain: Array, phi: Array, cuts: Array, options: int) -> tuple[Array, Array, Array]:  # fmt: skip # noqa: C901, PLR0912 - a compiled loop stays in one piece
    """Cross-products of the whitened columns up to each cut, the filters' states there, and the sum of log F.

    `z` is days x columns with the outcome last; cuts are sorted. Results: cuts x columns x columns x lanes (upper half),
    cuts x 2 x columns x lanes, cuts x lanes. The last `options` columns before the outcome exclude one another: they are not crossed.
    """
    columns, lanes = z.shape[1], phi.shape[0]
    sums = np.zeros((columns, columns, lanes))
    state = np.zeros((2, columns, lanes))
    w = np.zeros((columns, lanes))
    logs = np.zeros(lanes)
    at_sums = np.zeros((len(cuts), columns, columns, lanes))
    at_state = np.zeros((len(cuts), 2, columns, lanes))
    at_logs = np.zeros((len(cuts), lanes))
    done = 0
    for t in range(cuts[-1] + 1):
        while done < len(cuts) and cuts[done] == t:
            at_sums[done], at_state[done], at_logs[done] = sums, state, logs
            done += 1
        if t == cuts[-1]:
            break
        seen = gain[2, t, 0] > 0
        for c in range(columns):
            value = z[t, c]
            for g in range(lanes):
                if seen:
                    v = value - state[0, c, g] - state[1, c, g]
                    w[c, g] = v * gain[2, t, g]
                    state[0, c, g] = phi[g] * (state[0, c, g] + gain[0, t, g] * v)
                    state[1, c, g] += gain[1, t, g] * v
                else:
                    state[0, c, g] *= phi[g]
        if not seen:
            continue
        for g in range(lanes):
            logs[g] += gain[3, t, g]
        for c in range(columns):
            for d in range(c, columns):
                if columns - 1 - options <= c < d < columns - 1:
                    continue
                for g in range(lanes):
                    sums[c, d, g] += w[c, g] * w[d, g]
    return at_sums, at_state, at_logs


@njit(cache=True)
def factored(sums: Array, precision: Array) -> Array:  # noqa: C901, PLR0912 - a compiled loop stays in one piece
    """Cholesky factor (lower, rows x columns x lanes) of the cross-products plus the prior precision; the outcome's row is last."""
    columns, lanes = sums.shape[0], sums.shape[2]
    low = np.zeros((columns, columns, lanes))
    s = np.zeros(lanes)
    for i in range(columns):
        for j in range(i + 1):
            s[:] = sums[j, i]
            if i == j and i < columns - 1:
                s += precision[i]
            for k in range(j):
                for g in range(lanes):
                    s[g] -= low[i, k, g] * low[j, k, g]
            if i == j:
                for g in range(lanes):
                    low[i, i, g] = np.sqrt(max(s[g], 1e-300))
            else:
                for g in range(lanes):
                    low[i, j, g] = s[g] / low[j, j, g]
    return low


@njit(cache=True)
def window_noise(noise: Array, gain: Array, at: int, seen: Array) -> tuple[Array, Array]:
    """How far the state's mean reaches into a window (mean of phi^h), and the variance that the window adds to its mean."""
    lanes, days = noise.shape[1], seen.shape[0]
    n = 0.0
    for j in range(days):
        n += seen[j]
    along, spread = np.zeros(lanes), np.empty(lanes)
    level = 0.0
    for g in range(lanes):
        spread[g] = noise[2, g] / n
    for j in range(days - 1, -1, -1):
        level += seen[j]
        for g in range(lanes):
            along[g] = seen[j] + noise[0, g] * along[g]
        if j:
            for g in range(lanes):
                q, q_level = noise[1, g], noise[3, g]
                spread[g] += (q * along[g] * along[g] + q_level * level * level) / (n * n)
    reach = along / n
    for g in range(lanes):
        spread[g] += gain[4, at, g] * reach[g] ** 2 + 2 * gain[5, at, g] * reach[g] + gain[6, at, g]
    return reach, spread


@njit(cache=True)
def reduced(low: Array, right: Array) -> Array:
    """Solves low @ x = right for each right side (many x rows x lanes); `low` may have further rows below."""
    many, rows, lanes = right.shape
    x = right.copy()
    for o in range(many):
        for c in range(rows):
            for k in range(c):
                for g in range(lanes):
                    x[o, c, g] -= low[c, k, g] * x[o, k, g]
            for g in range(lanes):
                x[o, c, g] /= low[c, c, g]
    return x


@njit(cache=True)
def foreseen(low: Array, optional: Array, share: Array, ahead: Array, spread: Array) -> tuple[Array, Array]:  # fmt: skip
    """Effect and variance of each lane: first without any optional column, then with each in turn.

    `low`: factor of the base columns, outcome last. `optional`: options x (columns + 2) x lanes, each reduced column with, behind it,
    its root and what it says of the outcome. `share`: scale over shape. `ahead`: what the filters do not foresee of the window's mean, for
    base columns, options and outcome. `spread`: variance that the window adds.
    """
    p, options, lanes = low.shape[0] - 1, optional.shape[0], low.shape[2]
    effect, variance = np.empty((options + 1, lanes)), np.empty((options + 1, lanes))
    x = reduced(low, ahead[None, :p])[0]
    said, own = np.zeros(lanes), np.zeros(lanes)
    for c in range(p):
        for g in range(lanes):
            said[g] += x[c, g] * low[p, c, g]
            own[g] += x[c, g] * x[c, g]
    for g in range(lanes):
        effect[0, g] = ahead[p + options, g] - said[g]
        variance[0, g] = share[0, g] * (own[g] + spread[g])
    seen = np.empty(lanes)
    for o in range(options):
        seen[:] = 0.0
        for c in range(p):
            for g in range(lanes):
                seen[g] += optional[o, c, g] * x[c, g]
        for g in range(lanes):
            further = (ahead[p + o, g] - seen[g]) / optional[o, p, g]
            effect[o + 1, g] = effect[0, g] - further * optional[o, p + 1, g]
            variance[o + 1, g] = share[o + 1, g] * (own[g] + further * further + spread[g])
    return effect, variance


@njit(cache=True)
def tail(z: float, degrees: float) -> float:
    """P(T <= z) of Student's t by Hill's transform to the normal (CACM Algorithm 395); within 1e-6 from 10 degrees on."""
    a = degrees - 0.5
    b = 48 * a * a
    u = np.sqrt(a * np.log1p(z * z / degrees))
    s = u * u
    u += ((((-0.4 * s - 3.3) * s - 24) * s - 85.5) / (0.8 * s * s + 100 + b) + s + 3) / b * u
    return 0.5 * math.erfc(-u / math.sqrt(2) if z > 0 else u / math.sqrt(2))


@njit(cache=True)
def below(x: float, weight: Array, centre: Array, sd: Array, degrees: float) -> float:
    """P(effect <= x) of a mixture of Student's t."""
    total = 0.0
    for g in range(weight.shape[0]):
        if weight[g] > 0:
            total += weight[g] * tail((x - centre[g]) / sd[g], degrees)
    return total


@njit(cache=True)
def about(share: float, weight: Array, centre: Array, sd: Array, degrees: float) -> tuple[float, float]:  # fmt: skip # noqa: C901 - a compiled loop stays in one piece
    """Two points, a hair apart where it goes well, between which the point lies below which `share` of a mixture lies: secants."""
    mean, variance, widest = 0.0, 0.0, 0.0
    under, over = 1e300, -1e300
    for g in range(weight.shape[0]):
        if weight[g] > 0:
            under, over = min(under, centre[g] - 12 * sd[g]), max(over, centre[g] + 12 * sd[g])
            widest = max(widest, sd[g])
            mean += weight[g] * centre[g]
    for g in range(weight.shape[0]):
        variance += weight[g] * (sd[g] ** 2 + (centre[g] - mean) ** 2)
    spread, hair = np.sqrt(variance), 1e-10 * widest
    at, slope = mean + 2 * (2 * share - 1) * spread, 0.1 / spread
    last, off = at, 0.0
    for k in range(13):
        new = below(at, weight, centre, sd, degrees) - share
        under, over = (at, over) if new < 0 else (under, at)
        if over - under < 8 * hair:
            break
        if k and (new - off) / (at - last) > 0:
            slope = (new - off) / (at - last)
        last, off = at, new
        at -= off / slope
        if abs(at - last) < 4 * hair:
            # A little beyond, so that both sides close in.
            at += hair if off < 0 else -hair
        if not under < at < over:
            at = (under + over) / 2
    return under, over


@njit(cache=True)
def quantile(share: float, weight: Array, centre: Array, sd: Array, degrees: float) -> float:
    """The point below which `share` of a mixture lies, by bisection to 1e-9 of its widest part. What `about` knows is not asked again."""
    low, high, widest = 1e300, -1e300, 0.0
    for g in range(weight.shape[0]):
        if weight[g] > 0:
            low, high = min(low, centre[g] - 12 * sd[g]), max(high, centre[g] + 12 * sd[g])
            widest = max(widest, sd[g])
    under, over = about(share, weight, centre, sd, degrees)
    while high - low > 1e-9 * widest:
        middle = (low + high) / 2
        if middle <= under or (
            middle < over and below(middle, weight, centre, sd, degrees) < share
        ):
            low = middle
        else:
            high = middle
    return (low + high) / 2
