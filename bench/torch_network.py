"""The network of src/forecast/network in PyTorch, on one thread: the loss of one batch and the time of training steps.

  torch_network.py FOLDER   reads FOLDER/bench.json, FOLDER/parameters.f32 and FOLDER/batch.f32; prints one line of JSON
"""
import json, sys, time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import softplus

torch.set_num_threads(1)


class Decoder(nn.Module):
    def __init__(self, hidden, features, width, levels):
        super().__init__()
        self.first = nn.Linear(hidden + features, width)
        self.second = nn.Linear(width, width)
        self.head = nn.Linear(width, levels)

    def forward(self, states, features):
        raw = self.head(torch.relu(self.second(torch.relu(self.first(torch.cat([states, features], -1))))))
        return torch.cumsum(torch.cat([raw[:, :1], softplus(raw[:, 1:])], -1), -1)


class Network(nn.Module):
    def __init__(self, shape, levels):
        super().__init__()
        self.lstm = nn.LSTM(shape["inputs"], shape["hidden"])
        self.decoders = nn.ModuleList(
            Decoder(shape["hidden"], d["features"], shape["width"], levels) for d in shape["decoders"]
        )


def load(network, blocks, flat):
    """From the flat array; torch keeps matrices transposed and gates in the same order."""
    def block(b): return torch.from_numpy(flat[b["at"] : b["at"] + b["rows"] * b["columns"]].reshape(b["rows"], b["columns"]).copy())
    with torch.no_grad():
        network.lstm.weight_ih_l0.copy_(block(blocks["inputWeights"]).T)
        network.lstm.weight_hh_l0.copy_(block(blocks["hiddenWeights"]).T)
        network.lstm.bias_ih_l0.copy_(block(blocks["gateBias"])[0])
        network.lstm.bias_hh_l0.zero_()
        for decoder, b in zip(network.decoders, blocks["decoders"]):
            levels = decoder.head.out_features
            decoder.first.weight.copy_(torch.cat([block(b["stateWeights"]), block(b["featureWeights"])]).T)
            decoder.first.bias.copy_(block(b["firstBias"])[0])
            decoder.second.weight.copy_(block(b["secondWeights"]).T)
            decoder.second.bias.copy_(block(b["secondBias"])[0])
            decoder.head.weight.copy_(block(b["headWeights"]).T[:levels])
            decoder.head.bias.copy_(block(b["headBias"])[0][:levels])


def read_batch(folder, bench):
    flat = torch.from_numpy(np.fromfile(folder / "batch.f32", np.float32))
    shape, at = bench["shape"], 0
    def take(*dims):
        nonlocal at
        size = int(np.prod(dims))
        at += size
        return flat[at - size : at].reshape(dims).clone()
    inputs = take(bench["steps"], bench["windows"], shape["inputs"])
    questions = []
    for q in bench["questions"]:
        states, rows = q["states"], len(q["states"]) * q["rowsPerState"]
        # A run of states that ends with the last is a plain slice, as anyone would write it.
        index = slice(states[0], None) if states == list(range(states[0], bench["steps"] * bench["windows"])) else torch.tensor(states)
        features = take(rows, shape["decoders"][q["decoder"]]["features"])
        questions.append((q["decoder"], index, q["rowsPerState"], features, take(rows, 1), q["weight"]))
    return inputs, questions


def main(folder):
    bench = json.loads((folder / "bench.json").read_text())
    q = torch.tensor(bench["levels"])
    weights = 1 / torch.sqrt(q * (1 - q))
    network = Network(bench["shape"], len(q))
    load(network, bench["layout"], np.fromfile(folder / "parameters.f32", np.float32))
    inputs, questions = read_batch(folder, bench)
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)

    def loss_of_batch():
        states = network.lstm(inputs)[0].flatten(0, 1)
        loss = 0
        for decoder, index, rows_per_state, features, targets, weight in questions:
            asked = states[index]
            if rows_per_state > 1:
                asked = asked.repeat_interleave(rows_per_state, 0)
            error = targets - network.decoders[decoder](asked, features)
            loss = loss + weight * (torch.maximum(q * error, (q - 1) * error) * weights).mean()
        return loss

    def step():
        optimizer.zero_grad()
        loss_of_batch().backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    loss = loss_of_batch().item()
    for _ in range(5):
        step()
    times, used = [], time.process_time()
    for _ in range(bench["runs"]):
        begin = time.perf_counter()
        step()
        times.append((time.perf_counter() - begin) * 1e3)
    cpu = (time.process_time() - used) * 1e3 / bench["runs"]
    print(json.dumps({"version": torch.__version__, "loss": loss, "milliseconds": times, "cpuMilliseconds": cpu}))


main(Path(sys.argv[1]))
