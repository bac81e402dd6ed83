// An image as a card: the picture under its mask, or why there is none.

import { maskOf, maskPath, picturePath } from "./api.js";
import { h } from "./dom.js";
import { fileOf, percent } from "./format.js";

/** Makes the card; `open` hears the click. The mask's opacity is the variable --mix of what holds it. */
export function shot(job, image, side, open) {
  const [failed, file] = [image.status === "failed", fileOf(image.image)];
  // Results of earlier versions tell a confidence alone.
  const [what, value] = image.doubt === undefined ? ["confidence", image.mean_confidence ?? 0] : ["doubt", image.doubt];
  const layer = (src, style) => h("img", { src, alt: "", class: style, loading: "lazy", decoding: "async", onerror: event => event.target.classList.add("gone") });
  return h("li", null, h("button", { type: "button", class: failed ? "shot failed" : "shot", onclick: open },
    failed
      ? h("span", { class: "frame" }, h("span", { class: "broken", "aria-hidden": "true" }, "!"))
      : h("span", { class: "frame", vars: { shape: `${image.width} / ${image.height}` } }, layer(picturePath(job.id, image, side), "picture"), layer(maskPath(job.id, maskOf(image), side), "mask")),
    h("span", { class: "caption" },
      h("span", { class: "file", title: image.image }, h("span", { class: "unseen" }, image.image.slice(0, -file.length)), file),
      failed ? h("span", { class: "why" }, image.error ?? "It failed.") : h("span", { class: "sure", title: what === "doubt" ? "Doubt: how little the best class is ahead of the next" : "Mean confidence", vars: { value } }, `${what} ${percent(value)}`))));
}
