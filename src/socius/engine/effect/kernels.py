"""Compiled loops of the single-series estimator. Lanes (noise processes, break candidates) lie innermost so that they vectorise.

Sums keep their order (no fast maths): the same input gives the same bytes on the same machine.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

Array = Any
# A product and its sum are rounded once, in the order in which they stand.
FUSED = {"contract"}


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


@njit(cache=True, fastmath=FUSED)
def whitened(row: Array, gain: Array, t: int, phi: Array, state: Array, w: Array) -> None:
    """One seen day through the filters: what they did not foresee of each column goes to `w`, the states go on."""
    for c in range(row.shape[0]):
        value = row[c]
        for g in range(phi.shape[0]):
            v = value - state[0, c, g] - state[1, c, g]
            w[c, g] = v * gain[2, t, g]
            state[0, c, g] = phi[g] * (state[0, c, g] + gain[0, t, g] * v)
            state[1, c, g] += gain[1, t, g] * v


@njit(cache=True, fastmath=FUSED)
def added(sums: Array, w: Array, options: int) -> None:
    """Adds the cross-products of four days at once: what is summed is read and written a quarter as often."""
    columns, lanes = sums.shape[0], sums.shape[2]
    for c in range(columns):
        for d in range(c, columns):
            if columns - 1 - options <= c < d < columns - 1:
                continue
            for g in range(lanes):
                sums[c, d, g] += (
                    w[0, c, g] * w[0, d, g] + w[1, c, g] * w[1, d, g]
                    + w[2, c, g] * w[2, d, g] + w[3, c, g] * w[3, d, g]
                )  # fmt: skip


@njit(cache=True, fastmath=FUSED)
def whitened_sums(z: Array, gain: Array, phi: Array, cuts: Array, options: int) -> tuple[Array, Array, Array]:  # fmt: skip
    """Cross-products of the whitened columns up to each cut, the filters' states there, and the sum of log F.

    `z` is days x columns with the outcome last; cuts are sorted. Results: cuts x columns x columns x lanes (upper half),
    cuts x 2 x columns x lanes, cuts x lanes. The last `options` columns before the outcome exclude one another: they are not crossed.
    """
    columns, lanes = z.shape[1], phi.shape[0]
    sums, state, logs = np.zeros((columns, columns, lanes)), np.zeros((2, columns, lanes)), np.zeros(lanes)  # fmt: skip
    w, held = np.zeros((4, columns, lanes)), 0
    at_sums = np.zeros((len(cuts), columns, columns, lanes))
    at_state = np.zeros((len(cuts), 2, columns, lanes))
    at_logs = np.zeros((len(cuts), lanes))
    t = 0
    for done in range(len(cuts)):
        while t < cuts[done]:
            if gain[2, t, 0] > 0:
                whitened(z[t], gain, t, phi, state, w[held])
                logs += gain[3, t]
                held += 1
            else:
                for c in range(columns):
                    state[0, c] *= phi
            if held == 4:
                added(sums, w, options)
                held = 0
            t += 1
        if held:
            w[held:] = 0.0
            added(sums, w, options)
            held = 0
        at_sums[done], at_state[done], at_logs[done] = sums, state, logs
    return at_sums, at_state, at_logs


@njit(cache=True, fastmath=FUSED)
def factored(sums: Array, order: Array, precision: Array) -> Array:  # noqa: C901, PLR0912 - a compiled loop stays in one piece
    """Cholesky factor (lower, rows x columns x lanes) of the cross-products of the columns in `order`, the outcome last, plus the prior precision."""
    columns, lanes = len(order), sums.shape[2]
    low = np.zeros((columns, columns, lanes))
    s = np.zeros(lanes)
    for i in range(columns):
        for j in range(i + 1):
            s[:] = sums[min(order[i], order[j]), max(order[i], order[j])]
            if i == j and i < columns - 1:
                s += precision[order[i]]
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


@njit(cache=True, fastmath=FUSED)
def optional(low: Array, sums: Array, order: Array, options: Array, precision: Array) -> Array:
    """Each optional column beside the base columns: options x (columns + 2) x lanes, each reduced column with, behind it, its root and what it
    says of the outcome.
    """
    p, lanes = low.shape[0] - 1, low.shape[2]
    out = np.zeros((len(options), p + 2, lanes))
    own, said = np.zeros(lanes), np.zeros(lanes)
    for o in range(len(options)):
        at = options[o]
        own[:] = sums[at, at] + precision[at]
        said[:] = sums[min(at, order[p]), max(at, order[p])]
        for c in range(p):
            out[o, c] = sums[min(at, order[c]), max(at, order[c])]
            for k in range(c):
                for g in range(lanes):
                    out[o, c, g] -= low[c, k, g] * out[o, k, g]
            for g in range(lanes):
                out[o, c, g] /= low[c, c, g]
                own[g] -= out[o, c, g] * out[o, c, g]
                said[g] -= out[o, c, g] * low[p, c, g]
        for g in range(lanes):
            out[o, p, g] = np.sqrt(max(own[g], 1e-12))
            out[o, p + 1, g] = said[g] / out[o, p, g]
    return out


@njit(cache=True, fastmath=FUSED)
def evidences(low: Array, added: Array, logs: Array, shape: float, scale: float) -> tuple[Array, Array]:  # fmt: skip
    """Log evidence and scale over shape of each lane: first without any optional column, then with each in turn."""
    p, lanes, many = low.shape[0] - 1, low.shape[2], added.shape[0]
    evidence, share = np.empty((many + 1, lanes)), np.empty((many + 1, lanes))
    for g in range(lanes):
        plain = -logs[g] / 2
        for c in range(p):
            plain -= np.log(low[c, c, g])
        left = low[p, p, g] ** 2
        rest = scale + max(left, 1e-300) / 2
        evidence[0, g], share[0, g] = plain - shape * np.log(rest), rest / shape
        for o in range(many):
            rest = scale + max(left - added[o, p + 1, g] ** 2, 1e-300) / 2
            evidence[o + 1, g] = plain - np.log(added[o, p, g]) - shape * np.log(rest)
            share[o + 1, g] = rest / shape
    return evidence, share


@njit(cache=True)
def relevance(sums: Array, order: Array, precision: Array, weighed: Array, degrees: float) -> Array:
    """The prior precision of the `weighed` columns as the days before the cut show it, in one noise process (columns x columns, upper half).

    One step of EM on the variance of each coefficient's prior (Tipping, JMLR 2001, eq. 16), from the loosest that is allowed, `precision`: a
    column that says nothing is held nearer to 0, one that says much is left alone. Further steps would take what says a little away as well.
    """
    p = len(order) - 1
    found, out = precision.copy(), order[p]
    full, said = np.empty((p, p)), np.empty(p)
    for i in range(p):
        said[i] = sums[min(order[i], out), max(order[i], out)]
        for j in range(p):
            full[i, j] = sums[min(order[i], order[j]), max(order[i], order[j])]
        full[i, i] += precision[order[i]]
    inverse = np.linalg.inv(full)
    slope = inverse @ said
    noise = max(sums[out, out] - slope @ said, 1e-12) / max(degrees, 1.0)
    for i in range(p):
        if weighed[order[i]]:
            found[order[i]] = max(
                1 / (slope[i] * slope[i] / noise + inverse[i, i]), precision[order[i]]
            )
    return found


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
