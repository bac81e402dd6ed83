// The classes in their colours, with their shares of the pictures in sight; one of them may be shown alone.

import { h, mark, reconcile, say } from "./dom.js";
import { percent } from "./format.js";

/** `single` hears the class that is to be seen alone, or null. */
export function classLegend(single) {
  let chosen = null;
  const element = h("ul", { class: "legend chips", "aria-label": "Classes, by share of the pictures in sight" });

  function item({ name }) {
    const [swatch, label, share] = [h("span", { class: "swatch" }), h("span", { class: "name" }, name), h("span", { class: "share" })];
    const button = h("button", {
      type: "button", "aria-pressed": "false", title: "Show alone",
      onpointerenter: () => single(name), onpointerleave: () => single(chosen), onfocus: () => single(name), onblur: () => single(chosen),
      onclick: () => {
        chosen = chosen === name ? null : name;
        for (const other of element.querySelectorAll("button")) mark(other, "aria-pressed", other.dataset.name === chosen);
        single(chosen);
      },
    }, swatch, label, share);
    button.dataset.name = name;
    return {
      element: h("li", null, button),
      update(now) {
        swatch.style.setProperty("--color", now.color);
        say(share, now.share === null ? "–" : percent(now.share));
      },
    };
  }

  return {
    element,
    update(classes) {
      reconcile(element, classes, ({ name }) => name, item, (part, now) => part.update(now));
      if (chosen !== null && !classes.some(({ name }) => name === chosen)) single(chosen = null);
    },
    /** All classes again; tells whether one was alone. */
    back() {
      if (chosen === null) return false;
      element.querySelector("[aria-pressed=true]").click();
      return true;
    },
  };
}
