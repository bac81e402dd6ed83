// How near the masks are to the ground truth, class by class, and how near they were at the start.

import { h, say } from "./dom.js";
import { plural } from "./format.js";

const points = value => (100 * value).toFixed(1);
export const share = value => value === null || value === undefined ? "–" : `${points(value)} %`;
export const gain = (now, then) => {
  if (now === null || now === undefined || then === null || then === undefined) return "";
  const text = points(now - then);
  return Math.abs(now - then) < 0.0005 ? "±0" : now > then ? `+${text}` : text.replace("-", "−");
};

export function truthTable(changed) {
  let [start, now] = [null, null];
  const total = h("p", { class: "score" });
  const rows = h("tbody");
  const table = h("table", { hidden: true }, h("caption", { class: "sr" }, "Intersection over union by class"), h("thead", null, h("tr", null, ["Class", "IoU", "Since the start"].map(text => h("th", { scope: "col" }, text)))), rows);
  const fresh = h("button", { type: "button", hidden: true, onclick: () => { start = compactOf(now); draw(); changed(); } }, "Count from here");
  const left = h("p", { class: "note", hidden: true });
  const element = h("div", { class: "stack" }, total, left, h("div", { class: "wide-table" }, table), h("div", { class: "actions" }, fresh));

  const compactOf = ({ miou, classes }) => ({ miou, classes: Object.fromEntries(classes.map(({ name, iou }) => [name, iou])) });

  function draw() {
    table.hidden = fresh.hidden = now === null;
    left.hidden = !now?.error;
    say(left, now?.error ?? "");
    if (now === null) return say(total, "Nothing to compare yet: the pictures with ground truth are not ready.");
    total.replaceChildren(h("strong", null, share(now.miou)), ` mIoU over ${plural(now.pictures, "picture")} `, h("span", { class: "gain" }, gain(now.miou, start.miou)));
    rows.replaceChildren(...now.classes.map(({ name, iou }) => h("tr", null, h("th", { scope: "row" }, name), h("td", null, share(iou)), h("td", { class: "gain" }, gain(iou, start.classes[name])))));
  }

  draw();
  return {
    element,
    get start() { return start; },
    begin(kept) { start = kept ?? null; },
    get now() { return now; },
    show(truth) {
      now = truth;
      if (now) start ??= compactOf(now);
      draw();
    },
  };
}
