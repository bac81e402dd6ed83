#!/usr/bin/env python3
"""Copies the part of the golden vectors that the repository keeps: the model `tiny` and what fits of its cases, and all that needs no model.

Usage: make.py GOLDEN TARGET. The manifest keeps its form; it lists only what was copied.
"""
import json, os, shutil, sys

# One case of windows and one of the whole picture; the largest interpolation is left out.
SLIDES = ["tiny/slide_5.png", "tiny/slide_6.png"]
LARGEST_INTERPOLATION = 500_000
source, target = sys.argv[1:]
manifest = json.load(open(f"{source}/manifest.json"))


def files(node):
    """The paths that a part of the manifest names."""
    if isinstance(node, dict):
        return [path for value in node.values() for path in files(value)]
    if isinstance(node, list):
        return [path for value in node for path in files(value)]
    return [node] if isinstance(node, str) and os.path.isfile(f"{source}/{node}") else []


tiny = manifest["models"]["tiny"]
tiny["slide"] = [case for case in tiny["slide"] if case["image"] in SLIDES]
manifest["interpolation"] = [case for case in manifest["interpolation"] if os.path.getsize(f"{source}/{case['output']}") <= LARGEST_INTERPOLATION]
manifest["models"] = {"tiny": tiny}
paths = set(files(manifest)) | {"tokens.json", "templates.json"}
paths |= {f"models/tiny/{name}" for name in os.listdir(f"{source}/models/tiny")}
for path in sorted(paths):
    os.makedirs(os.path.dirname(f"{target}/{path}"), exist_ok=True)
    shutil.copyfile(f"{source}/{path}", f"{target}/{path}")
json.dump(manifest, open(f"{target}/manifest.json", "w"), indent=1)
print(f"{sum(os.path.getsize(f'{target}/{path}') for path in paths) / 1e6:.2f} MB in {len(paths)} files")
