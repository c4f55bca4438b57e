"""What every contestant of `./remix bench` in Python shares: its work, its batches, and the way it is told to run.

The harness starts `python PEER.py work.json`, reads one line `{"ready": …}`, and then sends `{"steps": n}` a line. Each is
answered, when the n steps are done, by one line with the time, tokens and loss of each step and the peak of the process's
memory. The end of the input is the end of the process.
"""

import json
import os
import sys
import time

import torch

# Lines for the harness go where standard output was; whatever a library prints goes to the log.
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


class Work:
    """The members of work.json as attributes, and the examples that it points to."""

    def __init__(self, path):
        with open(path) as file:
            self.__dict__.update(json.load(file))
        with open(self.workload) as file:
            data = json.load(file)
        self.examples = data["examples"]
        self.batches = data[self.order]


def padded(examples):
    """Tokens, labels (-100 where nothing is learnt) and attention mask, [B, T], padded on the right."""
    width = max(len(e["tokens"]) for e in examples)
    tokens = torch.zeros(len(examples), width, dtype=torch.long)
    labels = torch.full((len(examples), width), -100)
    mask = torch.zeros(len(examples), width, dtype=torch.long)
    for b, e in enumerate(examples):
        length = len(e["tokens"])
        tokens[b, :length] = torch.tensor(e["tokens"])
        labels[b, e["prompt"] : length] = tokens[b, e["prompt"] : length]
        mask[b, :length] = 1
    return tokens, labels, mask


def serve(work, step):
    """Runs `step(examples) -> mean loss of the learnt tokens` as often as it is told to, one batch after the other."""
    reset_peak_memory()
    reply({"ready": f"torch {torch.__version__}, {torch.get_num_threads()} threads"})
    done = 0
    for line in sys.stdin:
        cpu = time.process_time()
        steps = []
        for _ in range(json.loads(line)["steps"]):
            examples = [work.examples[i] for i in work.batches[done % len(work.batches)]]
            begin = time.perf_counter()
            loss = step(examples)
            steps.append(
                {
                    "seconds": time.perf_counter() - begin,
                    "tokens": sum(len(e["tokens"]) for e in examples),
                    "learnt": sum(len(e["tokens"]) - e["prompt"] for e in examples),
                    "loss": loss,
                }
            )
            done += 1
        reply(
            {
                "steps": steps,
                "cpu_seconds": time.process_time() - cpu,
                "resident_memory_bytes": memory("VmRSS"),
                "peak_memory_bytes": memory("VmHWM"),
            }
        )


def reply(message):
    print(json.dumps(message), file=replies, flush=True)


def reset_peak_memory():
    """What loading the model took at its height is not the steps' memory."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass  # not allowed everywhere; the peak then includes the loading


def memory(member):
    with open("/proc/self/status") as file:
        return next(1024 * int(line.split()[1]) for line in file if line.startswith(member))
