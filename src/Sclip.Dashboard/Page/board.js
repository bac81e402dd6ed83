// The pictures under their masks: what is seen of them, where they are pointed at with mouse, finger or keys, and what is drawn on them.

import { h, mark, reconcile, say } from "./dom.js";
import { paintHeat, paintMask } from "./paint.js";
import { fileOf } from "./format.js";

/** How wide cards and how large pictures are. */
export const sizes = { small: 240, medium: 360, large: 800 };
const [slack, steps] = [5, 40];

/**
 * `seen` hears that other pictures are looked at; `pointed` that a pixel is meant, `boxed` that a rectangle is; `tool` says what the pointer does.
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
    const part = { picture, canvas, note, mask: null, stale: false, at: null };
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
      onkeydown: event => press(part, event), onblur: () => { part.cross.hidden = part.box.hidden = true; say(note, ""); },
    }, part.image, canvas, part.marks, part.box, part.cross);
    point(part);
    part.element = h("li", { class: "shot" }, part.frame, caption);
    return part;
  }

  /** The pixel of the original under the pointer. */
  function placeOf(part, event) {
    const [frame, { width, height }] = [part.frame.getBoundingClientRect(), part.picture];
    const inside = (at, length) => Math.min(length - 1, Math.max(0, Math.floor(at * length)));
    return { x: inside((event.clientX - frame.left) / frame.width, width), y: inside((event.clientY - frame.top) / frame.height, height) };
  }

  function point(part) {
    let start = null;
    const far = event => Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > slack;
    const release = () => { start = null; part.box.hidden = true; };
    part.frame.addEventListener("pointerdown", event => {
      if (event.button !== 0 || !event.isPrimary) return;
      start = { clientX: event.clientX, clientY: event.clientY, ...placeOf(part, event) };
      part.cross.hidden = true;
      if (tool() !== "pixel") part.frame.setPointerCapture(event.pointerId);
    });
    part.frame.addEventListener("pointermove", event => {
      if (start && tool() !== "pixel" && far(event)) draw(part, between(start, placeOf(part, event)));
    });
    part.frame.addEventListener("pointercancel", release);
    part.frame.addEventListener("pointerup", event => {
      if (!start) return;
      const end = placeOf(part, event);
      part.at = end;
      if (tool() !== "pixel" && far(event)) boxed({ picture: part.picture.index, ...between(start, end) });
      else if (!far(event)) pointed({ picture: part.picture.index, ...end });
      release();
    });
  }

  /** Arrows move, with Shift they open a rectangle from where it began, Enter takes what is there. */
  function press(part, event) {
    const { width, height, index } = part.picture;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.ctrlKey || event.metaKey || event.altKey || (dx === 0 && dy === 0 && event.key !== "Enter" && !(event.key === "Escape" && part.from))) return;
    event.preventDefault();
    part.at ??= { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    if (event.key === "Escape") {
      part.from = null;
      event.stopPropagation();
    } else if (event.key === "Enter") {
      if (part.from) boxed({ picture: index, ...between(part.from, part.at) });
      else pointed({ picture: index, ...part.at });
      part.from = null;
    } else {
      const step = Math.max(1, Math.round(Math.max(width, height) / steps));
      part.from = event.shiftKey && tool() !== "pixel" ? part.from ?? part.at : null;
      part.at = { x: Math.min(width - 1, Math.max(0, part.at.x + dx * step)), y: Math.min(height - 1, Math.max(0, part.at.y + dy * step)) };
    }
    lay(part.cross, part, { ...part.at, width: 1, height: 1 });
    if (part.from) draw(part, between(part.from, part.at));
    else part.box.hidden = true;
    say(part.note, `${part.at.x}, ${part.at.y}`);
  }

  function draw(part, box) {
    lay(part.box, part, box);
  }

  /** Lays an element over part of a picture. */
  function lay(overlay, { picture }, { x, y, width, height }) {
    const share = { x: (x + (width === 1 ? 0.5 : 0)) / picture.width, y: (y + (height === 1 ? 0.5 : 0)) / picture.height, w: width / picture.width, h: height / picture.height };
    for (const [name, value] of Object.entries(share)) overlay.style.setProperty(`--${name}`, value);
    overlay.hidden = false;
    return overlay;
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
        part.marks.replaceChildren(...mine.map(wish => lay(h("span", { class: `wish ${wish.width * wish.height > 1 ? "area" : "dot-mark"} ${wish.x > 0.6 * part.picture.width ? "at-right" : ""} ${wish.state}`, vars: { color: wish.color } }, h("span", { class: "word" }, wish.state === "held" ? "✓" : wish.is ?? "")), part, wish)),
          ...(asked?.picture === part.picture.index ? [lay(h("span", { class: "cross asked" }), part, { ...asked, width: 1, height: 1 })] : []));
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

function between(a, b) {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.abs(a.x - b.x) + 1, height: Math.abs(a.y - b.y) + 1 };
}
