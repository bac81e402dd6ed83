// One picture, large: mixed with its mask, class by class, with the keys of a gallery.

import { ask, filePath, maskPath, picturePath } from "./api.js";
import { h, say } from "./dom.js";
import { percent } from "./format.js";
import { mixer } from "./mixer.js";

const side = 1600;

export function openViewer(job, images, index, mix, colors) {
  const name = h("h2");
  const place = h("span", { class: "soft" });
  const stage = h("div", { class: "stage" });
  const facts = h("p", { class: "soft" });
  const legend = h("ul", { class: "legend", "aria-label": "Classes" });
  const links = h("p", { class: "links" });
  const slider = mixer("viewer", value => stage.style.setProperty("--mix", value), mix);
  const dialog = h("dialog", {
    class: "viewer", "aria-label": "Image",
    onclose: () => dialog.remove(),
    onclick: event => { if (event.target === dialog) dialog.close(); },
    onkeydown: event => {
      if (event.target.matches("input")) return;
      if (event.key === "ArrowRight") move(1);
      else if (event.key === "ArrowLeft") move(-1);
      else return;
      event.preventDefault();
    },
  },
  h("div", { class: "head" }, h("div", { class: "who" }, name, place), slider.element,
    h("button", { type: "button", "aria-label": "Previous image", onclick: () => move(-1) }, "←"), h("button", { type: "button", "aria-label": "Next image", onclick: () => move(1) }, "→"),
    h("button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
  h("div", { class: "body" }, stage, h("div", { class: "side" }, facts, legend, links)));

  function move(step) {
    index = (index + step + images.length) % images.length;
    show();
  }

  function show() {
    const image = images[index];
    say(name, image.image);
    say(place, `${index + 1} of ${images.length}`);
    const failed = image.status === "failed";
    stage.classList.toggle("failed", failed);
    legend.replaceChildren();
    links.replaceChildren();
    const path = picturePath(job.id, image, side);
    const picture = h("img", { src: path, alt: image.image, onerror: () => lack(picture, path) });
    if (failed) {
      stage.replaceChildren(picture);
      say(facts, image.error ?? "It failed.");
      return;
    }
    const mask = h("img", { src: maskPath(job.id, image, side), alt: "", class: "mask" });
    const only = h("canvas", { class: "only", hidden: true });
    const light = spotlight(only, `${maskPath(job.id, image, side)}&places=true`);
    stage.style.setProperty("--shape", `${image.width} / ${image.height}`);
    stage.style.setProperty("--ratio", image.width / image.height);
    stage.replaceChildren(picture, mask, only);
    say(facts, `${image.width} × ${image.height} pixels · ${image.doubt === undefined ? "" : `doubt ${percent(image.doubt)} · `}confidence ${percent(image.mean_confidence ?? 0)} · ${image.windows ?? 0} windows${image.timings ? ` · ${Math.round(image.timings.decode + image.timings.segment + image.timings.encode)} ms` : ""}`);
    const all = image.width * image.height;
    for (const [label, pixels] of Object.entries(image.pixels ?? {}).sort((a, b) => b[1] - a[1])) {
      const place = job.labels.findIndex(item => item.name === label);
      const lit = isLit => light(isLit ? place : null);
      legend.append(h("li", null, h("button", {
        type: "button", "aria-label": `${label}, ${percent(pixels / all)}: show alone`,
        onpointerenter: () => lit(true), onpointerleave: () => lit(false), onfocus: () => lit(true), onblur: () => lit(false),
      }, h("span", { class: "swatch", vars: { color: colors.get(label) } }), h("span", { class: "name" }, label), h("span", { class: "share" }, percent(pixels / all)))));
    }
    links.append(h("a", { href: filePath(job.id, image.mask), target: "_blank", rel: "noopener" }, "Mask"), image.doubt_map ? h("a", { href: filePath(job.id, image.doubt_map), target: "_blank", rel: "noopener" }, "Doubt") : "", image.overlay ? h("a", { href: filePath(job.id, image.overlay), target: "_blank", rel: "noopener" }, "Overlay") : "");
  }

  /** Says why a picture is not there; only a question that is not the browser's own is answered with the reason. */
  async function lack(picture, path) {
    const reason = await ask(path).then(() => null, error => error.message);
    picture.replaceWith(h("p", { class: "nothing" }, reason ?? "The picture cannot be shown."));
  }

  document.body.append(dialog);
  show();
  dialog.showModal();
}

/** Covers all but the pixels of one class, by its place among the classes; null uncovers them. The mask of places is fetched when it is first wanted. */
function spotlight(canvas, path) {
  let mask, wanted;
  return async place => {
    wanted = place;
    canvas.hidden = true;
    if (place === null) return;
    mask ??= pixelsOf(path);
    const picture = await mask.catch(() => null);
    if (picture === null || wanted !== place) return;
    canvas.width = picture.width;
    canvas.height = picture.height;
    const cover = new ImageData(picture.width, picture.height);
    for (let i = 0; i < picture.data.length; i += 4) if ((picture.data[i + 1] << 8 | picture.data[i + 2]) !== place) cover.data.set([8, 12, 16, 200], i);
    canvas.getContext("2d").putImageData(cover, 0, 0);
    canvas.hidden = false;
  };
}

async function pixelsOf(path) {
  const image = h("img", { src: path });
  await image.decode();
  const drawing = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d");
  drawing.drawImage(image, 0, 0);
  return drawing.getImageData(0, 0, image.naturalWidth, image.naturalHeight);
}
