// Points at a picture with mouse, finger or keys: at a pixel, or at a rectangle of pixels.

import { say } from "./dom.js";

// A press that moves less, in pixels of the screen, is a click; an arrow key moves by this part of the longer side.
const [slack, steps] = [5, 40];

/** Lays an element over a rectangle of a picture; of one pixel it marks the middle. */
export function lay(overlay, picture, { x, y, width, height }) {
  const share = { x: (x + (width === 1 ? 0.5 : 0)) / picture.width, y: (y + (height === 1 ? 0.5 : 0)) / picture.height, w: width / picture.width, h: height / picture.height };
  for (const [name, value] of Object.entries(share)) overlay.style.setProperty(`--${name}`, value);
  overlay.hidden = false;
  return overlay;
}

/**
 * Listens on the frame of a picture. `pointed` hears that a pixel is meant, `boxed` that a rectangle is, both in pixels of the original;
 * `tool` says what the pointer does: with "pixel" it draws no rectangles.
 */
export function pointing({ picture, frame, cross, box, note }, { pointed, boxed, tool }) {
  const { width, height, index } = picture;
  const draw = rectangle => lay(box, picture, rectangle);
  // Where the pointer was last, where it went down, and where the keys began a rectangle.
  let at = null, start = null, from = null;

  /** The pixel under the pointer. */
  function placeOf(event) {
    const bounds = frame.getBoundingClientRect();
    const inside = (share, length) => Math.min(length - 1, Math.max(0, Math.floor(share * length)));
    return { x: inside((event.clientX - bounds.left) / bounds.width, width), y: inside((event.clientY - bounds.top) / bounds.height, height) };
  }

  const isDrag = event => Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > slack;
  const release = () => { start = null; box.hidden = true; };

  frame.addEventListener("pointerdown", event => {
    if (event.button !== 0 || !event.isPrimary) return;
    start = { clientX: event.clientX, clientY: event.clientY, ...placeOf(event) };
    cross.hidden = true;
    if (tool() !== "pixel") frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", event => {
    if (start && tool() !== "pixel" && isDrag(event)) draw(between(start, placeOf(event)));
  });
  frame.addEventListener("pointercancel", release);
  frame.addEventListener("pointerup", event => {
    if (!start) return;
    at = placeOf(event);
    if (tool() !== "pixel" && isDrag(event)) boxed({ picture: index, ...between(start, at) });
    else if (!isDrag(event)) pointed({ picture: index, ...at });
    release();
  });

  /** Arrows move, with Shift they open a rectangle from where it began, Enter takes what is there. */
  frame.addEventListener("keydown", event => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.ctrlKey || event.metaKey || event.altKey || (dx === 0 && dy === 0 && event.key !== "Enter" && !(event.key === "Escape" && from))) return;
    event.preventDefault();
    at ??= { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    if (event.key === "Escape") {
      from = null;
      event.stopPropagation();
    } else if (event.key === "Enter") {
      if (from) boxed({ picture: index, ...between(from, at) });
      else pointed({ picture: index, ...at });
      from = null;
    } else {
      const step = Math.max(1, Math.round(Math.max(width, height) / steps));
      from = event.shiftKey && tool() !== "pixel" ? from ?? at : null;
      at = { x: Math.min(width - 1, Math.max(0, at.x + dx * step)), y: Math.min(height - 1, Math.max(0, at.y + dy * step)) };
    }
    lay(cross, picture, { ...at, width: 1, height: 1 });
    if (from) draw(between(from, at));
    else box.hidden = true;
    say(note, `${at.x}, ${at.y}`);
  });
  frame.addEventListener("blur", () => {
    cross.hidden = box.hidden = true;
    say(note, "");
  });
}

function between(a, b) {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.abs(a.x - b.x) + 1, height: Math.abs(a.y - b.y) + 1 };
}
