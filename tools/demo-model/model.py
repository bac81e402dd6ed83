"""A small CLIP in PyTorch, with the names of Hugging Face's CLIPModel. B pictures, N tokens, D width."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from vocabulary import CONTEXT

SIDE, PATCH = 64, 8
VISION_WIDTH, VISION_LAYERS = 128, 4
TEXT_WIDTH, TEXT_LAYERS = 64, 2
EMBED = 128
HEAD = 64


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.heads = width // HEAD
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(width, width))

    def split(self, x):
        return x.unflatten(-1, (self.heads, HEAD)).transpose(1, 2)

    def forward(self, x, causal=False, queries=None):
        """`queries`: only so many tokens from the start ask."""
        q = self.split(self.q_proj(x if queries is None else x[:, :queries]))
        k, v = self.split(self.k_proj(x)), self.split(self.v_proj(x))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))

    def dense(self, x, method):
        """The last block's attention as a dense method has it."""
        q, k, v = (self.split(projection(x)) for projection in (self.q_proj, self.k_proj, self.v_proj))
        attend = F.scaled_dot_product_attention
        mixed = {"clip": lambda: attend(q, k, v), "maskclip": lambda: v, "sclip": lambda: attend(q, q, v) + attend(k, k, v)}[method]()
        return self.out_proj(mixed.transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer_norm1, self.self_attn = nn.LayerNorm(width), Attention(width)
        self.layer_norm2, self.mlp = nn.LayerNorm(width), Mlp(width)

    def finish(self, x):
        return x + self.mlp(self.layer_norm2(x))

    def forward(self, x, causal=False):
        return self.finish(x + self.self_attn(self.layer_norm1(x), causal))


class Encoder(nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))


class VisionEmbeddings(nn.Module):
    def __init__(self):
        super().__init__()
        self.class_embedding = nn.Parameter(torch.randn(VISION_WIDTH) * VISION_WIDTH ** -0.5)
        self.patch_embedding = nn.Conv2d(3, VISION_WIDTH, PATCH, PATCH, bias=False)
        self.position_embedding = nn.Embedding((SIDE // PATCH) ** 2 + 1, VISION_WIDTH)


class Vision(nn.Module):
    def __init__(self):
        super().__init__()
        self.embeddings = VisionEmbeddings()
        self.pre_layrnorm = nn.LayerNorm(VISION_WIDTH)
        self.encoder = Encoder(VISION_WIDTH, VISION_LAYERS)
        self.post_layernorm = nn.LayerNorm(VISION_WIDTH)

    def tokens(self, pictures, keep=1.0):
        """`[B, 3, SIDE, SIDE]` -> `[B, 1 + patches, D]`; with `keep` below 1 each picture keeps that share of its patches, drawn at random."""
        e, grid = self.embeddings, SIDE // PATCH
        patches = pictures.unflatten(3, (grid, PATCH)).unflatten(2, (grid, PATCH)).permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
        positions = e.position_embedding.weight
        where = positions[1:].expand(len(pictures), -1, -1)
        if keep < 1:
            kept = torch.rand(len(pictures), grid * grid).argsort(1)[:, :round(keep * grid * grid), None]
            patches, where = (part.gather(1, kept.expand(-1, -1, part.shape[2])) for part in (patches, where))
        x = patches @ e.patch_embedding.weight.flatten(1).t() + where
        return self.pre_layrnorm(torch.cat([(e.class_embedding + positions[0]).expand(len(x), 1, -1), x], 1))

    def forward(self, pictures, keep=1.0, class_drop=0.0, path_drop=0.0):
        """The CLS embedding `[B, D]`. All blocks but the last pass over their attention now and then (stochastic depth): in a share `path_drop` of pictures
        for all tokens, which keeps patches to what is in them, and in a share `class_drop` of the rest for CLS alone, which leaves the reading to the last block."""
        x = self.tokens(pictures, keep)
        *trunk, last = self.encoder.layers
        for layer in trunk:
            mixed = layer.self_attn(layer.layer_norm1(x))
            if class_drop > 0 or path_drop > 0:
                kept = torch.ones(len(x), x.shape[1], 1)
                if path_drop > 0:
                    kept *= (torch.rand(len(x), 1, 1) >= path_drop).float()
                kept[:, 0] *= (torch.rand(len(x), 1) >= class_drop).float()
                mixed = mixed * kept
            x = layer.finish(x + mixed)
        x = last.finish(x[:, :1] + last.self_attn(last.layer_norm1(x), queries=1))
        return self.post_layernorm(x[:, 0])

    def dense(self, pictures, methods):
        """For each method the patch tokens `[B, patches, D]`."""
        x = self.tokens(pictures)
        *trunk, last = self.encoder.layers
        for layer in trunk:
            x = layer(x)
        return [self.post_layernorm(last.finish(x + last.self_attn.dense(last.layer_norm1(x), method)))[:, 1:] for method in methods]


class TextEmbeddings(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, TEXT_WIDTH)
        self.position_embedding = nn.Embedding(CONTEXT, TEXT_WIDTH)


class Text(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embeddings = TextEmbeddings(vocabulary)
        self.encoder = Encoder(TEXT_WIDTH, TEXT_LAYERS)
        self.final_layer_norm = nn.LayerNorm(TEXT_WIDTH)

    def forward(self, ids):
        """`[B, CONTEXT]` -> the end token's embedding `[B, D]`; what follows the longest text is left out."""
        ends = ids.argmax(1)
        ids = ids[:, :int(ends.max()) + 1]
        x = self.embeddings.token_embedding(ids) + self.embeddings.position_embedding.weight[:ids.shape[1]]
        for layer in self.encoder.layers:
            x = layer(x, causal=True)
        return self.final_layer_norm(x)[torch.arange(len(ids)), ends]


class Clip(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.vision_model, self.text_model = Vision(), Text(vocabulary)
        self.visual_projection = nn.Linear(VISION_WIDTH, EMBED, bias=False)
        self.text_projection = nn.Linear(TEXT_WIDTH, EMBED, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.initialise()

    def initialise(self):
        """As CLIP's, with scales for small widths."""
        for tower in (self.vision_model, self.text_model):
            layers = tower.encoder.layers
            width = layers[0].self_attn.q_proj.in_features
            out = width ** -0.5 * (2 * len(layers)) ** -0.5
            for layer in layers:
                a, m = layer.self_attn, layer.mlp
                for linear, deviation in ((a.q_proj, width ** -0.5), (a.k_proj, width ** -0.5), (a.v_proj, width ** -0.5), (a.out_proj, out), (m.fc1, (2 * width) ** -0.5), (m.fc2, out)):
                    nn.init.normal_(linear.weight, std=deviation)
                    nn.init.zeros_(linear.bias)
        text, vision = self.text_model.embeddings, self.vision_model.embeddings
        nn.init.normal_(text.token_embedding.weight, std=0.02)
        nn.init.normal_(text.position_embedding.weight, std=0.01)
        nn.init.normal_(vision.position_embedding.weight, std=0.02)
        nn.init.normal_(vision.patch_embedding.weight, std=(3 * PATCH ** 2) ** -0.5)
        nn.init.normal_(self.visual_projection.weight, std=VISION_WIDTH ** -0.5)
        nn.init.normal_(self.text_projection.weight, std=TEXT_WIDTH ** -0.5)

    def pictures(self, pictures, **training):
        """Normalised embeddings `[B, EMBED]`."""
        return F.normalize(self.visual_projection(self.vision_model(pictures, **training)), dim=-1)

    def texts(self, ids):
        """Normalised embeddings `[B, EMBED]`."""
        return F.normalize(self.text_projection(self.text_model(ids)), dim=-1)

    def dense(self, pictures, methods):
        """For each method normalised patch features `[B, patches, EMBED]`."""
        return [F.normalize(self.visual_projection(tokens), dim=-1) for tokens in self.vision_model.dense(pictures, methods)]
