"""The windows that Sclip.Scenes drew, and batches of them."""
import random

import numpy as np
import torch

from captions import BACKGROUNDS, caption

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1) * 255
DEVIATION = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1) * 255
BACKGROUND_BITS = (1 << len(BACKGROUNDS)) - 1


def normalise(pictures):
    """uint8 `[B, H, W, 3]` -> `[B, 3, H, W]`."""
    return ((torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() - MEAN) / DEVIATION).contiguous()


class Windows:
    def __init__(self, folder):
        self.pictures = np.load(f"{folder}/pictures.npy", mmap_mode="r")
        self.contents = np.load(f"{folder}/contents.npy")
        self.labels = np.load(f"{folder}/labels.npy", mmap_mode="r")

    def draw(self, count, rng, backgrounds=None):
        """Indices of windows, no two of which show the same classes unless there are too few; `backgrounds` (bits): of windows that show no others."""
        chosen = {}
        for attempt in range(6):
            for i in rng.integers(0, len(self.contents), 3 * count):
                seen = int(self.contents[i])
                if backgrounds is None or not seen & BACKGROUND_BITS & ~backgrounds:
                    chosen.setdefault((seen, attempt // 3), i)
            if len(chosen) >= count:
                break
        return rng.permutation(np.array(list(chosen.values())))[:count]


class Batches:
    """Batches of pictures and captions. A batch is a function of the seed and its number, so training goes on after a break as if there were none."""

    def __init__(self, full, simple, vocabulary, size, seed):
        self.full, self.simple, self.vocabulary, self.size, self.seed = full, simple, vocabulary, size, seed

    def batch(self, number, simple_share, alike_share):
        """`simple_share` of its windows are simple ones; in `alike_share` of batches all windows show the same two backgrounds at most, so that things must tell them apart."""
        rng = np.random.default_rng([self.seed, number])
        alike = None
        if rng.random() < alike_share:
            alike = sum(1 << int(bit) for bit in rng.choice(len(BACKGROUNDS), 2, replace=False))
        parts = []
        for windows, count in ((self.simple, round(self.size * simple_share)), (self.full, self.size - round(self.size * simple_share))):
            if count:
                drawn = windows.draw(count, rng, alike)
                parts.append((windows.pictures[np.sort(drawn)], windows.contents[np.sort(drawn)]))
        pictures = np.concatenate([part[0] for part in parts])
        if rng.random() < 0.5:
            pictures = pictures[:, :, ::-1]
        words = random.Random(int(rng.integers(1 << 62)))
        texts = [self.vocabulary.encode(caption(int(seen), words)) for part in parts for seen in part[1]]
        return normalise(pictures), torch.tensor(texts)
