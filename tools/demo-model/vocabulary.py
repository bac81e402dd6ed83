"""A byte-level BPE vocabulary in CLIP's form in which every word of the captions is one token."""
import json

from captions import words

CONTEXT = 24


def byte_characters():
    """CLIP's printable stand-ins of the 256 bytes, in its order."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    rest = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(rest))]


def merges():
    """Byte-pair merges learned on the words until each is one token: the most frequent pair first, then in the order of the alphabet."""
    split = [list(word[:-1]) + [word[-1] + "</w>"] for word in words()]
    learned = []
    while any(len(parts) > 1 for parts in split):
        counts = {}
        for parts in split:
            for pair in zip(parts, parts[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        learned.append(best)
        split = [merge(parts, best) for parts in split]
    return learned


def merge(parts, pair):
    merged, i = [], 0
    while i < len(parts):
        if tuple(parts[i:i + 2]) == pair:
            merged.append(parts[i] + parts[i + 1])
            i += 2
        else:
            merged.append(parts[i])
            i += 1
    return merged


class Vocabulary:
    def __init__(self):
        self.merges = merges()
        characters = byte_characters()
        tokens = characters + [character + "</w>" for character in characters] + ["".join(pair) for pair in self.merges] + ["<|startoftext|>", "<|endoftext|>"]
        self.ids = {token: i for i, token in enumerate(tokens)}
        self.start, self.end = len(tokens) - 2, len(tokens) - 1

    def __len__(self):
        return len(self.ids)

    def encode(self, text):
        """Token ids, `CONTEXT` of them: start, a token a word, end, and zeros."""
        ids = [self.start] + [self.ids[word + "</w>"] for word in text.split()] + [self.end]
        assert len(ids) <= CONTEXT, text
        return ids + [0] * (CONTEXT - len(ids))

    def save(self, folder):
        with open(f"{folder}/vocab.json", "w", encoding="utf-8") as file:
            json.dump(self.ids, file, ensure_ascii=False, indent=0)
        with open(f"{folder}/merges.txt", "w", encoding="utf-8") as file:
            file.write("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in self.merges))
