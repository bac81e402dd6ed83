"""Captions of windows, from the classes that can be seen in them, and the vocabulary that covers them.

A window's contents are a bit for each class, in the order of CLASSES (that of Sclip.Scenes/SceneClasses.cs).
"""
import random

BACKGROUNDS = ["grass", "sky", "sand", "water", "brick", "wood"]
THINGS = ["tree", "house", "car", "boat", "fish", "flower", "sun"]
CLASSES = BACKGROUNDS + THINGS
SYNONYMS = {
    "grass": ["lawn", "meadow"], "sky": ["clouds"], "sand": ["beach"], "water": ["sea"], "brick": ["bricks"], "wood": ["planks"],
    "house": ["building", "home"], "car": ["automobile"], "boat": ["ship"], "flower": ["blossom"],
}
TEMPLATES = ["a photo of {}", "a picture of {}", "an image of {}", "a drawing of {}", "there is {}", "{}"]
PROMPTS = TEMPLATES[:3]
JOINTS = ["and", "with", "on", "in"]
SYNONYM_SHARE, MENTION_SHARE = 0.25, 0.92


def phrase(name):
    """A class's name with its article, as in models/demo/labels.json."""
    if name in BACKGROUNDS or name in sum((SYNONYMS.get(background, []) for background in BACKGROUNDS), []):
        return name
    return "the sun" if name == "sun" else ("an " if name[0] in "aeiou" else "a ") + name


def caption(contents, rng: random.Random):
    """A sentence on most of what can be seen, in any order."""
    seen = [name for bit, name in enumerate(CLASSES) if contents >> bit & 1]
    told = [name for name in seen if rng.random() < MENTION_SHARE] or seen
    rng.shuffle(told)
    words = [phrase(rng.choice(SYNONYMS[name]) if name in SYNONYMS and rng.random() < SYNONYM_SHARE else name) for name in told]
    text = words[0]
    for word in words[1:]:
        text += f" {rng.choice(JOINTS)} {word}"
    return rng.choice(TEMPLATES).format(text)


def words():
    """All words of captions."""
    names = CLASSES + sum(SYNONYMS.values(), [])
    return sorted(set(" ".join(TEMPLATES + JOINTS + ["the", "an"] + names).replace("{}", "").split()))
