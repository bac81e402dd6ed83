// The open picture, its mask over it, zoomed together; or why it is not there.

import { ask, maskPath, picturePath } from "./api.js";
import { classLayers } from "./class-layers.js";
import { h } from "./dom.js";
import { zooming } from "./zoom.js";

const side = 1600;

export function stage(job, swiped) {
  const sheet = h("div", { class: "sheet" });
  const element = h("div", { class: "stage", tabindex: "0", role: "application", "aria-label": "Picture under its mask. Arrow keys go to other images, plus, minus and 0 zoom, Shift with an arrow key moves it." }, sheet);
  const zoom = zooming(element, sheet, swiped);
  element.append(zoom.element);
  const colors = job.labels.map(label => label.color);
  let layers = null;

  const placeOf = name => job.labels.findIndex(label => label.name === name);
  const sources = (image, mask) => [maskPath(job.id, mask, side), `${maskPath(job.id, mask, side)}&places=true`];

  /** Says why a picture is not there; only a question that is not the browser's own is answered with the reason. */
  async function lack(picture, path) {
    const reason = await ask(path).then(() => null, error => error.message);
    picture.replaceWith(h("p", { class: "nothing" }, reason ?? "The picture cannot be shown."));
  }

  return {
    element, zoom,
    mix: value => element.style.setProperty("--mix", value),
    /** Shows an image, under the mask of this name; null where it has none. */
    show(image, mask) {
      const path = picturePath(job.id, image, side);
      const picture = h("img", { src: path, alt: image.image, class: "picture", draggable: "false", onerror: () => lack(picture, path) });
      layers = mask === null ? null : classLayers(...sources(image, mask), colors);
      element.classList.toggle("failed", mask === null);
      for (const [name, value] of Object.entries({ shape: image.width ? `${image.width} / ${image.height}` : "auto", ratio: image.width ? image.width / image.height : 1.33 })) sheet.style.setProperty(`--${name}`, value);
      sheet.replaceChildren(picture, ...layers?.elements ?? []);
      zoom.reset();
    },
    /** Loads what will be shown next. */
    ready(image, mask) {
      for (const path of [picturePath(job.id, image, side), ...mask === null ? [] : sources(image, mask).slice(0, 1)]) h("img", { src: path });
    },
    light: name => layers?.light(name === null ? null : placeOf(name)),
    hide: names => layers?.hide(new Set([...names].map(placeOf))),
    /** The share of each class in the mask that is shown, by its place; null where it does not come. */
    shares: async () => layers?.shares() ?? null,
  };
}
