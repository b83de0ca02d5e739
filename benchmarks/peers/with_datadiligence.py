"""Headers through datadiligence: reads cases from standard input as JSON, writes its answers and its speed as JSON.

Runs with the interpreter of the peers. Each case is a list of header lines; the answer is `allowed`, `refused` or the
name of the exception that it raised.
"""

from __future__ import annotations

import json
import sys
import time

from datadiligence.evaluators import HttpEvaluator

ROUNDS = 200


def main() -> int:
    """Answers and answers per second."""
    cases = [dict(lines) for lines in json.load(sys.stdin)]
    evaluator = HttpEvaluator()
    answers = []
    for headers in cases:
        try:
            answers.append("allowed" if evaluator.is_allowed(headers=headers) else "refused")
        except Exception as error:  # noqa: BLE001 - what it raises is the finding
            answers.append(type(error).__name__)
    timed = [headers for headers, answer in zip(cases, answers, strict=True) if answer in ("allowed", "refused")]
    start = time.perf_counter()
    for _ in range(ROUNDS):
        for headers in timed:
            evaluator.is_allowed(headers=headers)
    per_second = ROUNDS * len(timed) / (time.perf_counter() - start)
    print(json.dumps({"answers": answers, "per_second": per_second}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
