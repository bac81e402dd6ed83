// An image as a card: the picture under its mask, or why there is none.

import { maskPath, picturePath } from "./api.js";
import { h } from "./dom.js";
import { fileOf, percent } from "./format.js";

/** Makes the card; `open` hears the click. The mask's opacity is the variable --mix of what holds it. */
export function shot(job, image, side, open) {
  const failed = image.status === "failed";
  const sure = image.mean_confidence ?? 0;
  const layer = (src, style) => h("img", { src, alt: "", class: style, loading: "lazy", decoding: "async", onerror: event => event.target.classList.add("gone") });
  return h("li", null, h("button", { type: "button", class: failed ? "shot failed" : "shot", onclick: open, "aria-label": failed ? `${image.image}, failed: ${image.error ?? ""}` : `${image.image}, confidence ${percent(sure)}` },
    failed
      ? h("span", { class: "frame" }, h("span", { class: "broken", "aria-hidden": "true" }, "!"))
      : h("span", { class: "frame", vars: { shape: `${image.width} / ${image.height}` } }, layer(picturePath(job.id, image, side), "picture"), layer(maskPath(job.id, image, side), "mask")),
    h("span", { class: "caption" },
      h("span", { class: "file", title: image.image }, fileOf(image.image)),
      failed ? h("span", { class: "why" }, image.error ?? "It failed.") : h("span", { class: "sure", title: "Mean confidence", vars: { sure } }, percent(sure)))));
}
