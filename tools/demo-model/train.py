"""Trains the demo model: image-caption contrast (InfoNCE) on CLIP's pooled CLS embedding, and nothing else; no label map is used.

The learning rate is constant for --samples pictures and falls to zero over --decay more, in which no patch is dropped. A checkpoint is saved all along;
training goes on from --resume.
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

from model import Clip
from probes import class_embeddings, class_probe, dense_iou, summary
from vocabulary import Vocabulary
from windows import Batches, Windows

MOST_SCALE = 50


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="folder with full, simple, choose and choose-simple, as ./draw makes it")
    parser.add_argument("--out", required=True, help="checkpoint")
    parser.add_argument("--resume", help="checkpoint to go on from")
    parser.add_argument("--samples", type=int, required=True)
    parser.add_argument("--decay", type=int, default=0)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--keep", type=float, nargs=2, default=(0.3, 0.7), help="share of patches kept, from and to")
    parser.add_argument("--class-drop", type=float, default=0.5)
    parser.add_argument("--path-drop", type=float, default=0.5)
    parser.add_argument("--alike", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--probe", type=int, default=800, help="batches between probes")
    return parser.parse_args()


def optimiser(clip, weight_decay):
    is_matrix = lambda name, value: value.ndim > 1 and "embedding" not in name
    named = list(clip.named_parameters())
    groups = [dict(params=[value for name, value in named if is_matrix(name, value)], weight_decay=weight_decay),
              dict(params=[value for name, value in named if not is_matrix(name, value)], weight_decay=0)]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    vocabulary = Vocabulary()
    clip = Clip(len(vocabulary))
    with torch.no_grad():
        attention = clip.vision_model.encoder.layers[-1].self_attn
        attention.q_proj.weight *= 1.5
        attention.k_proj.weight *= 1.5
    optimise = optimiser(clip, options.weight_decay)
    step = 0
    if options.resume:
        state = torch.load(options.resume)
        clip.load_state_dict(state["model"])
        optimise.load_state_dict(state["optimiser"])
        step = state["step"]
    batches = Batches(Windows(f"{options.data}/full"), Windows(f"{options.data}/simple"), vocabulary, options.batch, options.seed)
    choose, choose_simple = Windows(f"{options.data}/choose"), Windows(f"{options.data}/choose-simple")
    print(json.dumps(vars(options)), f"{sum(value.numel() for value in clip.parameters())} parameters", flush=True)

    constant, last = options.samples // options.batch, (options.samples + options.decay) // options.batch
    start, loss_mean, first = time.time(), None, step
    while step < last:
        falling = step >= constant
        rate = options.rate * min(1, (step + 1) / 300) * ((last - step) / (last - constant) if falling else 1)
        for group in optimise.param_groups:
            group["lr"] = rate
        pictures, texts = batches.batch(step, max(0.15, 0.6 - 0.45 * step / 3000), options.alike)
        torch.manual_seed(options.seed * 1_000_003 + step)
        keep = 1.0 if falling else float(torch.empty(1).uniform_(*options.keep))
        logits = clip.logit_scale.exp() * clip.pictures(pictures, keep=keep, class_drop=options.class_drop, path_drop=options.path_drop) @ clip.texts(texts).t()
        same = torch.arange(len(logits))
        loss = (F.cross_entropy(logits, same) + F.cross_entropy(logits.t(), same)) / 2
        optimise.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(clip.parameters(), 1.0)
        optimise.step()
        with torch.no_grad():
            clip.logit_scale.clamp_(max=math.log(MOST_SCALE))
        loss_mean = loss.item() if loss_mean is None else 0.98 * loss_mean + 0.02 * loss.item()
        step += 1
        if step % 100 == 0:
            speed = (step - first) * options.batch / (time.time() - start)
            print(f"step {step} loss {loss_mean:.3f} scale {clip.logit_scale.exp().item():.1f} rate {rate:.5f} pictures/s {speed:.0f}", flush=True)
        if step % options.probe == 0 or step == last:
            clip.eval()
            classes = class_embeddings(clip, vocabulary)
            iou = dense_iou(clip, classes, choose)
            probe = [round(float(share), 1) for share in class_probe(clip, classes, choose_simple)]
            print(f"probe {step}: CLS backgrounds, things {probe}; IoU {summary(iou)}; sclip {iou['sclip'].round().astype(int).tolist()}", flush=True)
            clip.train()
            torch.save(dict(model=clip.state_dict(), optimiser=optimise.state_dict(), step=step), options.out)


if __name__ == "__main__":
    main()
