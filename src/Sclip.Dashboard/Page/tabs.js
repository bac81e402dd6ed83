// Panels of which one is seen; arrow keys go from tab to tab.

import { h, say } from "./dom.js";

/** `parts` are { name, title, element }. */
export function tabs(label, parts) {
  const buttons = parts.map(({ name, title }) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => open(name), onkeydown: step }, h("span", null, title), h("span", { class: "count" })));
  const panels = parts.map(({ name, element }) => h("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, class: "panel" }, element));

  function open(name) {
    parts.forEach((part, i) => {
      const isOpen = part.name === name;
      panels[i].hidden = !isOpen;
      buttons[i].setAttribute("aria-selected", String(isOpen));
      buttons[i].tabIndex = isOpen ? 0 : -1;
    });
  }

  function step(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const shown = buttons.filter(button => !button.hidden);
    const next = shown.at((shown.indexOf(event.currentTarget) + way) % shown.length);
    next.focus();
    next.click();
  }

  open(parts[0].name);
  return {
    element: h("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons), panels, open,
    hide: (name, isHidden) => { buttons[parts.findIndex(part => part.name === name)].hidden = isHidden; },
    count: (name, text) => say(buttons[parts.findIndex(part => part.name === name)].lastChild, text),
  };
}
