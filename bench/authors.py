#!/usr/bin/env python3
"""Windows a second of the authors' vision transformer, for `Sclip.Bench torch`: reads "PRECISION BATCH" lines, answers one number each.

usage: authors.py CHECKOUT DEVICE [THREADS]     CHECKOUT: a clone of the paper's repository (github.com/wangf3014/SCLIP), which is not part of this one
"""
import copy
import importlib.util
import sys
import time
import types

import torch

TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def load(checkout):
    # The model's file imports torchvision, of which the forward pass uses nothing.
    for name in ("torchvision", "torchvision.transforms", "torchvision.transforms.functional"):
        try:
            __import__(name)
        except ImportError:
            sys.modules[name] = types.ModuleType(name)
    spec = importlib.util.spec_from_file_location("authors_model", f"{checkout}/clip/model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.VisionTransformer(input_resolution=224, patch_size=16, width=768, layers=12, heads=12, output_dim=512)


def convert(model, dtype):
    # As the authors' own convert_weights does: norms stay in 32 bits.
    for module in model.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear, torch.nn.MultiheadAttention)):
            module.to(dtype)
    model.proj.data = model.proj.data.to(dtype)
    return model


def rate(model, windows, device):
    def run(passes):
        if device.type == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(passes):
            model(windows, return_all=True, csa=True)
        if device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - start

    once = run(1)
    passes = max(1, int(1 / max(once, 1e-4)))
    return windows.shape[0] * passes / run(passes)


def main():
    checkout, device = sys.argv[1], torch.device("cpu" if sys.argv[2] == "torch-cpu" else sys.argv[2])
    if len(sys.argv) > 3:
        torch.set_num_threads(int(sys.argv[3]))
    torch.manual_seed(1)
    source = load(checkout).eval()
    models = {}
    with torch.inference_mode():
        for line in sys.stdin:
            precision, batch = line.split()
            if precision not in models:
                models[precision] = convert(copy.deepcopy(source).to(device), TYPES[precision])
            windows = torch.randn(int(batch), 3, 224, 224, device=device, dtype=TYPES[precision])
            model = models[precision]
            try:
                model(windows, return_all=True, csa=True)
                print(rate(model, windows, device), flush=True)
            except RuntimeError as error:
                print(f"nan {error}".splitlines()[0], flush=True)


main()
