// What share of all pixels each class has.

import { h, mark, reconcile, say } from "./dom.js";
import { percent } from "./format.js";

const mostShown = 12;

/** Bars of the classes, the largest first; a click on one chooses it. */
export function classShares(chosen) {
  const list = h("ul", { class: "shares" });
  const more = h("button", { type: "button", class: "link", hidden: true, onclick: () => { all = !all; draw(); } });
  const element = h("section", { class: "card", hidden: true, "aria-labelledby": "classes-title" }, h("div", { class: "head" }, h("h2", { id: "classes-title" }, "Classes"), h("span", { class: "soft" }, "share of all labelled pixels")), list, more);
  let [entries, all] = [[], false];

  function row(entry) {
    const fill = h("span", { class: "fill", vars: { color: entry.color } });
    const share = h("span", { class: "share" });
    const button = h("button", { type: "button", class: "row", onclick: () => chosen(entry.name) }, h("span", { class: "swatch", vars: { color: entry.color } }), h("span", { class: "name" }, entry.name), h("span", { class: "track" }, fill), share);
    return {
      element: h("li", null, button),
      update(entry) {
        fill.style.width = `${100 * entry.share / Math.max(...entries.map(item => item.share), 1e-12)}%`;
        say(share, percent(entry.share));
        mark(button, "title", `Show images with ${entry.name}`);
      },
    };
  }

  function draw() {
    element.hidden = entries.every(entry => entry.share === 0);
    reconcile(list, all ? entries : entries.slice(0, mostShown), entry => entry.name, row, (part, entry) => part.update(entry));
    more.hidden = entries.length <= mostShown;
    say(more, all ? "Show fewer" : `Show all ${entries.length} classes`);
  }

  return {
    element,
    update(labels, pixels) {
      const sum = Object.values(pixels).reduce((a, b) => a + b, 0);
      entries = labels.map(label => ({ name: label.name, color: label.color, share: sum > 0 ? (pixels[label.name] ?? 0) / sum : 0 })).sort((a, b) => b.share - a.share);
      draw();
    },
  };
}
