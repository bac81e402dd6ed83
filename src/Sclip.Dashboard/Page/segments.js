// A row of buttons of which one is pressed.

import { h } from "./dom.js";

/** `items` are [name, text, hint]; a text of one letter is read out as its hint. `chosen` hears the name of the one that is pressed. */
export function segments(label, items, chosen) {
  const buttons = items.map(([name, text, hint]) => h("button", { type: "button", title: hint, "aria-label": text.length === 1 ? hint : undefined, onclick: () => chosen(name) }, text));
  return {
    element: h("div", { class: "segments", role: "group", "aria-label": label }, buttons),
    choose: name => items.forEach(([item], i) => buttons[i].setAttribute("aria-pressed", String(item === name))),
  };
}
