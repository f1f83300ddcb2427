"""How many scores with their full robustness table one core computes in a second.

The inputs are 12 tasks each, drawn once from a fixed seed over the whole range of every input, so that distant lines,
which take the longest search, are among them. Time is processor time of this process.
"""

from __future__ import annotations

import platform
import random
import sys
import time

from agent.schemas.scored import ScoredTask, ScoreInputs
from agent.schemas.vocabulary import BarrierName, Bucket, EvidenceName, PrincipleName
from agent.scoring import score

TASKS = 12
INPUTS = 500
ROUNDS = 5
BUCKET = {1: Bucket.NOT_INVOLVED, 2: Bucket.AUGMENTATION, 3: Bucket.AUGMENTATION, 4: Bucket.AUGMENTATION}


def some_inputs(draw: random.Random) -> ScoreInputs:
    """Inputs of 12 tasks, each value anywhere in its range."""
    cuts = sorted(draw.sample(range(1, 100), TASKS - 1))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    scores = [draw.randint(1, 5) for _ in shares]
    return ScoreInputs(
        tasks=tuple(
            ScoredTask(name=f"Task {i}", share=share, score=value, bucket=BUCKET.get(value, Bucket.DISPLACEMENT))
            for i, (share, value) in enumerate(zip(shares, scores, strict=True))
        ),
        evidence={name: draw.randint(-2, 2) for name in EvidenceName},
        barriers={name: draw.randint(0, 2) for name in BarrierName},
        growth=draw.randint(-2, 2),
        principles={name: draw.randint(0, 3) for name in PrincipleName},
    )


def rate(inputs: list[ScoreInputs]) -> float:
    """Scores a second of processor time."""
    start = time.process_time()
    for each in inputs:
        score(each)
    return len(inputs) / (time.process_time() - start)


def rates() -> list[float]:
    """Scores a second of each round, slowest first, after one round that is not counted."""
    draw = random.Random(0)
    inputs = [some_inputs(draw) for _ in range(INPUTS)]
    rate(inputs)
    return sorted(rate(inputs) for _ in range(ROUNDS))


def main() -> None:
    """Print the median and the slowest of the rounds."""
    measured = rates()
    sys.stdout.write(
        f"{measured[ROUNDS // 2]:,.0f} scores a second and core (slowest round {measured[0]:,.0f}), "
        f"{TASKS} tasks each, Python {platform.python_version()} on {platform.machine()}\n"
    )


if __name__ == "__main__":
    main()
