"""What a checkpoint can do: CLS probes on simple windows, and label maps of windows against their classes."""
import numpy as np
import torch
import torch.nn.functional as F

from captions import BACKGROUNDS, CLASSES, PROMPTS, THINGS, phrase
from model import PATCH, SIDE
from windows import normalise

METHODS = ["clip", "maskclip", "sclip"]


@torch.no_grad()
def class_embeddings(clip, vocabulary):
    """`[classes, EMBED]`: the mean over the prompts, normalised."""
    ids = torch.tensor([vocabulary.encode(prompt.format(phrase(name))) for name in CLASSES for prompt in PROMPTS])
    return F.normalize(clip.texts(ids).unflatten(0, (len(CLASSES), len(PROMPTS))).mean(1), dim=-1)


@torch.no_grad()
def class_probe(clip, classes, windows):
    """Of simple windows: how often CLS is nearest to the background that is there, among backgrounds, and to the thing, among things; in percent."""
    near = torch.cat([clip.pictures(normalise(windows.pictures[i:i + 200])) @ classes.t() for i in range(0, len(windows.contents), 200)]).numpy()
    split, shares = len(BACKGROUNDS), []
    for names, scores, bits in ((BACKGROUNDS, near[:, :split], windows.contents & (1 << split) - 1), (THINGS, near[:, split:], windows.contents >> split)):
        told = np.isin(bits, 1 << np.arange(len(names)))
        shares.append(100 * (1 << scores[told].argmax(1) == bits[told]).mean())
    return shares


@torch.no_grad()
def dense_iou(clip, classes, windows):
    """For each method the IoU of each class in percent, over whole windows at the model's own size (no sliding)."""
    count, grid = len(CLASSES), SIDE // PATCH
    confusion = {method: np.zeros((count, count)) for method in METHODS}
    for i in range(0, len(windows.contents), 100):
        truth = np.asarray(windows.labels[i:i + 100]).astype(np.int64)
        for method, features in zip(METHODS, clip.dense(normalise(windows.pictures[i:i + 100]), METHODS)):
            scores = (features @ classes.t()).transpose(1, 2).unflatten(2, (grid, grid))
            found = F.interpolate(scores, size=truth.shape[1:], mode="bilinear", align_corners=False).argmax(1).numpy()
            confusion[method] += np.bincount((truth * count + found).ravel(), minlength=count * count).reshape(count, count)
    result = {}
    for method, matrix in confusion.items():
        hits = np.diag(matrix)
        result[method] = 100 * hits / (matrix.sum(0) + matrix.sum(1) - hits)
    return result


def summary(iou):
    """Mean IoU of backgrounds and of things, for each method."""
    return {method: (round(float(values[:len(BACKGROUNDS)].mean()), 1), round(float(values[len(BACKGROUNDS):].mean()), 1)) for method, values in iou.items()}
