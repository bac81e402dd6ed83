// The workbench's pictures under their masks: which are in sight, and what is drawn on them.

import { h, mark, reconcile, say } from "./dom.js";
import { paintHeat, paintMask } from "./paint.js";
import { fileOf } from "./format.js";
import { lay, pointing } from "./pointing.js";

/** How wide cards and how large pictures are. */
export const sizes = { small: 240, medium: 360, large: 800 };

/**
 * `seen` hears that other pictures are in sight; `pointed` that a pixel is meant, `boxed` that a rectangle is; `tool` says what the pointer does.
 * A rectangle is { picture, x, y, width, height } in pixels of the original.
 */
export function board(path, { seen, pointed, boxed, tool }) {
  const parts = new Map();
  const visible = new Set();
  const watcher = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(target);
      else visible.delete(target);
    }
    for (const part of parts.values()) if (visible.has(part.element) && part.stale) paint(part);
    seen();
  }, { rootMargin: "80px" });
  const element = h("ul", { class: "gallery board", "aria-label": "Pictures" });
  let [size, heat, alone] = ["medium", null, null];

  function card(picture) {
    const canvas = h("canvas", { class: "mask", "aria-hidden": "true", width: "1", height: "1" });
    const note = h("span", { class: "soft note-text" });
    const caption = h("span", { class: "caption" }, h("span", { class: "file", title: picture.name }, fileOf(picture.name)), note);
    const part = { picture, canvas, note, mask: null, stale: false };
    if (picture.state !== "ready") {
      const failed = picture.state === "failed";
      part.element = h("li", { class: failed ? "shot failed" : "shot waits" }, h("span", { class: "frame" }, h("span", { class: failed ? "broken" : "waiting", "aria-hidden": "true" }, failed ? "!" : "…")), caption);
      note.className = failed ? "why" : "soft";
      say(note, failed ? picture.error ?? "It failed." : "waiting");
      return part;
    }
    part.image = h("img", { alt: "", draggable: "false", loading: "lazy", decoding: "async" });
    part.marks = h("span", { class: "marks", "aria-hidden": "true" });
    part.cross = h("span", { class: "cross", hidden: true });
    part.box = h("span", { class: "box", hidden: true });
    part.frame = h("div", {
      class: "frame", tabindex: "0", role: "application", "aria-label": `${picture.name}. Arrow keys move a cross-hair, Enter uses the tool at it.`, vars: { shape: `${picture.width} / ${picture.height}` },
    }, part.image, canvas, part.marks, part.box, part.cross);
    pointing(part, { pointed, boxed, tool });
    part.element = h("li", { class: "shot" }, part.frame, caption);
    return part;
  }

  function paint(part) {
    part.stale = !visible.has(part.element);
    if (part.stale || !part.image) return;
    const warm = heat?.get(part.picture.index);
    part.canvas.hidden = heat ? !warm : !part.mask;
    if (part.canvas.hidden) return;
    if (warm) return paintHeat(part.canvas, warm);
    const at = part.mask.classes.findIndex(({ name }) => name === alone);
    paintMask(part.canvas, part.mask, part.mask.classes.map(({ color }) => color), at < 0 ? null : at);
  }

  const paintAll = () => { for (const part of parts.values()) paint(part); };
  const load = part => { if (part.image) mark(part.image, "src", `${path}/pictures/${part.picture.index}?side=${sizes[size]}`); };

  return {
    element,
    /** Those that are in sight and ready, by index. */
    inSight: () => [...parts.values()].filter(part => part.image && visible.has(part.element)).map(part => part.picture.index),
    side: () => sizes[size],
    update(pictures) {
      reconcile(element, pictures, picture => `${picture.index} ${picture.state}`, picture => {
        const [part, old] = [card(picture), parts.get(picture.index)];
        if (old) {
          watcher.unobserve(old.element);
          visible.delete(old.element);
        }
        parts.set(picture.index, part);
        watcher.observe(part.element);
        load(part);
        return part;
      });
    },
    resize(name) {
      size = name;
      element.dataset.size = name;
      for (const part of parts.values()) load(part);
      seen();
    },
    /** Shows masks; each is of the classes it was made with. */
    mask(pictures, key, classes) {
      for (const picture of pictures) {
        const part = parts.get(picture.index);
        part.mask = { ...picture, key, classes };
        paint(part);
      }
    },
    /** Other colours for the masks of a list. */
    recolor(key, classes) {
      for (const part of parts.values()) {
        if (part.mask?.key !== key) continue;
        part.mask.classes = classes;
        paint(part);
      }
    },
    /** One class alone, by name; null for all. */
    single(name) {
      if (alone === name) return;
      alone = name;
      element.classList.toggle("single", alone !== null);
      paintAll();
    },
    /** Warmth by picture in place of masks; null for masks. */
    warm(heats) {
      heat = heats;
      element.classList.toggle("warm", heat !== null);
      for (const part of parts.values()) if (part.image) say(part.note, heat?.get(part.picture.index) ? `up to ${heat.get(part.picture.index).highest.toFixed(2)}` : "");
      paintAll();
    },
    /** Draws wishes, and where the last pixel was asked for. */
    marks(wishes, asked) {
      for (const part of parts.values()) {
        if (!part.image) continue;
        const mine = wishes.filter(wish => wish.picture === part.picture.index);
        part.marks.replaceChildren(...mine.map(wish => lay(h("span", { class: `wish ${wish.width * wish.height > 1 ? "area" : "dot-mark"} ${wish.x > 0.6 * part.picture.width ? "at-right" : ""} ${wish.state}`, vars: { color: wish.color } }, h("span", { class: "word" }, wish.state === "held" ? "✓" : wish.is ?? "")), part.picture, wish)),
          ...(asked?.picture === part.picture.index ? [lay(h("span", { class: "cross asked" }), part.picture, { ...asked, width: 1, height: 1 })] : []));
      }
    },
    /** Brings a picture into sight. */
    find(index) {
      const part = parts.get(index);
      part?.frame?.focus({ preventScroll: true });
      part?.element.scrollIntoView({ block: "center", behavior: "smooth" });
    },
    /** The pixels of each class in the pictures in sight, of masks of a list. */
    pixels(key, classes) {
      const sums = Array.from({ length: classes }, () => 0);
      for (const part of parts.values()) if (part.mask && part.mask.key === key && visible.has(part.element)) part.mask.pixels.forEach((pixels, i) => { sums[i] += pixels; });
      return sums;
    },
    close: () => watcher.disconnect(),
  };
}
