// The classes of one picture: each on and off, or seen alone. What is off stays so in the next picture.

import { h, mark } from "./dom.js";
import { percent } from "./format.js";

/** `light` hears the class to be seen alone, or null; `hide` the set of those that are off. */
export function classSwitches(light, hide) {
  const off = new Set();
  let pinned = null;
  const element = h("ul", { class: "legend switches", "aria-label": "Classes" });

  function row({ name, color, share }) {
    const toggle = h("button", { type: "button", class: "toggle", "aria-pressed": String(!off.has(name)), "aria-label": `Mask of ${name}`, title: "On and off", onclick: () => {
      if (!off.delete(name)) off.add(name);
      mark(toggle, "aria-pressed", !off.has(name));
      hide(off);
    } }, h("span", { class: "swatch", vars: { color } }));
    const alone = h("button", {
      type: "button", class: "alone", "aria-pressed": String(pinned === name), title: "Show alone",
      onpointerenter: () => light(name), onpointerleave: () => light(pinned), onfocus: () => light(name), onblur: () => light(pinned),
      onclick: () => {
        pinned = pinned === name ? null : name;
        for (const other of element.querySelectorAll(".alone")) mark(other, "aria-pressed", other === alone && pinned !== null);
        light(pinned);
      },
    }, h("span", { class: "name" }, name), h("span", { class: "share" }, percent(share)));
    return h("li", null, toggle, alone);
  }

  return {
    element,
    /** Shows the classes { name, color, share } of another picture. */
    show(classes) {
      element.replaceChildren(...classes.map(row));
      hide(off);
      light(pinned !== null && classes.some(({ name }) => name === pinned) ? pinned : null);
    },
    clear: () => element.replaceChildren(),
  };
}
