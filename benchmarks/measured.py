"""CPU seconds and memory of a whole process tree, and jobs run in a process of their own under that watch."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROC = Path("/proc")
PAUSE_S = 0.5


def _stat(pid: int) -> tuple[int, int] | None:
    """The parent of a process, and the clock ticks that it and its ended children used; None where it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), sum(map(int, fields[11:15]))


def tree(root: int) -> dict[int, int]:
    """Clock ticks by process, of `root` and everything below it."""
    seen = {int(p.name): s for p in PROC.iterdir() if p.name.isdigit() and (s := _stat(int(p.name)))}
    found, grew = {root} & set(seen), True
    while grew:
        more = {pid for pid, (parent, _) in seen.items() if parent in found} - found
        found, grew = found | more, bool(more)
    return {pid: seen[pid][1] for pid in found}


def tree_cpu_s() -> float:
    """CPU seconds, user and system, of this process and everything that it started, ended or not."""
    if PROC.is_dir():
        return sum(tree(os.getpid()).values()) / os.sysconf("SC_CLK_TCK")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _kib(pid: int, file: str, name: str) -> int:
    try:
        text = (PROC / str(pid) / file).read_text(encoding="utf-8")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name}:"))


def memory_kib(root: int) -> int:
    """Memory of a process tree now: of one process its peak so far, of several the sum of their proportional parts."""
    pids = list(tree(root))
    if len(pids) <= 1:
        return sum(_kib(pid, "status", "VmHWM") for pid in pids)
    return sum(_kib(pid, "smaps_rollup", "Pss") for pid in pids)


def run(command: Sequence[str], *, environ: Mapping[str, str], most_s: float) -> dict[str, Any]:
    """The JSON object that a command prints last, with `peak_mib` of its process tree; or `failed` and the reason."""
    begin, peak = time.monotonic(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as process:
        while True:
            try:
                out, err = process.communicate(timeout=PAUSE_S)
                break
            except subprocess.TimeoutExpired:
                peak = max(peak, memory_kib(process.pid) if PROC.is_dir() else 0)
            if time.monotonic() - begin > most_s:
                process.kill()
                process.communicate()
                return {"failed": f"not finished in {most_s:.0f} s"}
    try:
        said: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {"failed": (err.strip().splitlines() or [f"ended with {process.returncode}"])[-1][:300]}
    said["peak_mib"] = max(said.get("peak_mib", 0), peak // 1024)
    return said


def told(result: Mapping[str, Any], *, as_json: bool) -> None:
    """Prints a result in the form of `benchmarks/run.py`: as JSON, or a figure a line and the notes."""
    if as_json:
        print(json.dumps(result))
        return
    for figure in result["figures"]:
        print(f"{figure['value']:>14,} {figure['unit']:<4} {figure['name']}")
    print(*result["notes"], sep="\n")
