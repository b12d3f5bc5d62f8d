"""Multinomial logistic regression over rows that are part sparse (n-grams) and part dense (vectors).

The model of scikit-learn's `LogisticRegression`, several times as fast on such rows: the dense part stays a matrix,
everything is 32 bit, and classes are weighed by the root of their rarity, which is between "every class alike" and
"every example alike".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Matrix = npt.NDArray[np.float32]


@dataclass
class Rows:
    """One row a text: `sparse` (n, s) and `dense` (n, d)."""

    sparse: csr_matrix
    dense: Matrix

    def one(self, number: int) -> Rows:
        """Return the features of one text."""
        return Rows(self.sparse[number], self.dense[number : number + 1])


@dataclass
class Softmax:
    """Weights of shape (s + d + 1, classes), the last row the intercepts."""

    classes: list[str]
    weights: Matrix

    @classmethod
    def learn(cls, rows: Rows, labels: list[str], c: float = 6.0, rounds: int = 60) -> Softmax:
        """Fit by L-BFGS; `c` is the inverse strength of the L2 penalty, as in scikit-learn."""
        classes, wanted = np.unique(np.array(labels), return_inverse=True)
        n, k = len(labels), len(classes)
        sparse = rows.sparse.astype(np.float32).tocsr()
        turned, dense = sparse.T.tocsr(), rows.dense.astype(np.float32)
        s, d = sparse.shape[1], dense.shape[1]
        weigh = np.sqrt(n / (k * np.bincount(wanted, minlength=k)))[wanted].astype(np.float32)
        weigh /= weigh.mean()
        here = np.arange(n)

        def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
            weights = flat.reshape(s + d + 1, k).astype(np.float32)
            scores = sparse @ weights[:s] + dense @ weights[s:-1] + weights[-1]
            scores -= scores.max(axis=1, keepdims=True)
            powers = np.exp(scores)
            totals = powers.sum(axis=1, keepdims=True)
            cost = -(weigh * (scores[here, wanted] - np.log(totals[:, 0]))).sum(dtype=np.float64)
            wrong = powers / totals
            wrong[here, wanted] -= 1
            wrong *= weigh[:, None]
            gradient = np.concatenate([turned @ wrong, dense.T @ wrong, wrong.sum(axis=0, keepdims=True)])
            gradient[:-1] += weights[:-1] / np.float32(c)
            penalty = 0.5 / c * float(np.square(weights[:-1]).sum(dtype=np.float64))
            return float(cost) + penalty, gradient.ravel().astype(np.float64)

        found = minimize(
            loss, np.zeros((s + d + 1) * k), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "ftol": 1e-7}
        )
        return cls([str(name) for name in classes], found.x.reshape(s + d + 1, k).astype(np.float32))

    def probabilities(self, rows: Rows) -> Matrix:
        """One row of class probabilities a text, in the order of `classes`."""
        s = rows.sparse.shape[1]
        scores = rows.sparse @ self.weights[:s] + rows.dense @ self.weights[s:-1] + self.weights[-1]
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
