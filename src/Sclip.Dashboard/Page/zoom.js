// Zoom and pan of what lies on a stage: wheel and pinch, drag, keys; where nothing is zoomed, a finger's stroke to the side is a swipe.

import { h, say } from "./dom.js";

const [most, step, panStep, swipe] = [16, 1.5, 80, 50];

/** `sheet` lies in the middle of `stage`; `swiped` hears 1 (on) or -1 (back). */
export function zooming(stage, sheet, swiped) {
  const pointers = new Map();
  const level = h("button", { type: "button", title: "Whole picture (0)", onclick: () => set(1, 0, 0) }, "100 %");
  const element = h("div", { class: "zoom", role: "group", "aria-label": "Zoom" },
    h("button", { type: "button", "aria-label": "Zoom out", title: "Zoom out (-)", onclick: () => about(1 / step) }, "−"), level, h("button", { type: "button", "aria-label": "Zoom in", title: "Zoom in (+)", onclick: () => about(step) }, "+"));
  let [zoom, x, y] = [1, 0, 0];
  let begun = null;

  /** The edges of the sheet stay at the stage's or beyond. */
  function set(wanted, left, top) {
    zoom = Math.min(most, Math.max(1, wanted));
    const within = (shift, length, room) => Math.min(1, Math.max(-1, shift / Math.max(1e-9, (length * zoom - room) / 2))) * Math.max(0, (length * zoom - room) / 2);
    [x, y] = [within(left, sheet.offsetWidth, stage.clientWidth), within(top, sheet.offsetHeight, stage.clientHeight)];
    for (const [name, value] of Object.entries({ zoom, x: `${x}px`, y: `${y}px` })) sheet.style.setProperty(`--${name}`, value);
    stage.classList.toggle("zoomed", zoom > 1);
    say(level, `${Math.round(100 * zoom)} %`);
  }

  /** Zooms, and keeps what is at a place of the stage, from its middle, where it is. */
  function about(factor, at = { x: 0, y: 0 }) {
    const real = Math.min(most, Math.max(1, zoom * factor)) / zoom;
    set(zoom * real, at.x - (at.x - x) * real, at.y - (at.y - y) * real);
  }

  function place(event) {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  function spread() {
    const [a, b] = [...pointers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, far: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
  }

  const listeners = {
    wheel(event) {
      event.preventDefault();
      // A pinch on a touch pad is a wheel with Ctrl, of small steps.
      about(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), place(event));
    },
    pointerdown(event) {
      if (event.button !== 0 || event.target.closest("button, a")) return;
      stage.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      begun = pointers.size === 1 ? place(event) : null;
    },
    pointermove(event) {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const pair = pointers.size === 2 ? spread() : null;
      pointers.set(event.pointerId, place(event));
      if (pair) {
        const now = spread();
        about(now.far / pair.far, now);
        set(zoom, x + now.x - pair.x, y + now.y - pair.y);
      } else if (pointers.size === 1 && zoom > 1) set(zoom, x + place(event).x - before.x, y + place(event).y - before.y);
    },
    pointerup(event) {
      const [start, end] = [begun, place(event)];
      leave(event);
      if (!start || zoom > 1 || event.pointerType === "mouse") return;
      const [dx, dy] = [end.x - start.x, end.y - start.y];
      if (Math.abs(dx) > swipe && Math.abs(dx) > 2 * Math.abs(dy)) swiped(dx < 0 ? 1 : -1);
    },
    pointercancel: leave,
  };

  function leave(event) {
    pointers.delete(event.pointerId);
    begun = null;
  }

  for (const [name, listener] of Object.entries(listeners)) stage.addEventListener(name, listener);
  return {
    element,
    reset: () => set(1, 0, 0),
    /** Takes a key; tells whether it was one of its own. */
    press(event) {
      const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.shiftKey && way) set(zoom, x + way[0] * panStep, y + way[1] * panStep);
      else if (event.key === "+" || event.key === "=") about(step);
      else if (event.key === "-") about(1 / step);
      else if (event.key === "0") set(1, 0, 0);
      else return false;
      return true;
    },
  };
}
