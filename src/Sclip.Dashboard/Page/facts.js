// Names and values beside each other.

import { h, say } from "./dom.js";

/** Names and values; one that is null is left out. */
export function factList(names) {
  const element = h("dl", { class: "facts" });
  const values = new Map();
  for (const name of names) {
    const value = h("dd");
    const item = h("div", { hidden: true }, h("dt", null, name), value);
    element.append(item);
    values.set(name, { item, value });
  }
  return {
    element,
    set(name, text, style = "", title = "") {
      const { item, value } = values.get(name);
      item.hidden = text === null;
      if (text !== null) say(value, text);
      value.className = style;
      value.title = title;
    },
    /** Sets links, `[text, address]` each, where they are others. */
    links(name, links) {
      const { item, value } = values.get(name);
      item.hidden = links.length === 0;
      if (value.dataset.links === JSON.stringify(links)) return;
      value.dataset.links = JSON.stringify(links);
      value.replaceChildren(...links.map(([text, address]) => h("a", { href: address }, text)));
    },
  };
}
