// A mask whose classes can be taken away, and one of them seen alone. The mask of places is fetched when it is first wanted.

import { h } from "./dom.js";
import { ofText, pixel } from "./paint.js";

const [cover, clear] = [pixel(8, 12, 16, 200), 0];

/** `path` is the mask in its colours, `places` the one whose colours are places; `colors` has the colour of each place. */
export function classLayers(path, places, colors) {
  const mask = h("img", { src: path, alt: "", class: "mask", draggable: "false" });
  const some = h("canvas", { class: "mask some", hidden: true, "aria-hidden": "true" });
  const only = h("canvas", { class: "only", hidden: true, "aria-hidden": "true" });
  let [reading, lit, without] = [null, null, ""];

  /** The place of each pixel's class; null where the mask does not come. */
  const read = () => (reading ??= placesOf(places)).catch(() => null);

  async function paint(canvas, isWanted, inkOf) {
    const picture = await read();
    if (picture === null || !isWanted()) return false;
    [canvas.width, canvas.height] = [picture.width, picture.height];
    const image = new ImageData(picture.width, picture.height);
    const pixels = new Uint32Array(image.data.buffer);
    picture.places.forEach((place, i) => { pixels[i] = inkOf(place); });
    canvas.getContext("2d").putImageData(image, 0, 0);
    return true;
  }

  return {
    elements: [mask, some, only],
    /** Covers all but the pixels of one class, by its place; null uncovers them. */
    async light(place) {
      lit = place;
      only.hidden = true;
      if (place !== null && await paint(only, () => lit === place, other => other === place ? clear : cover)) only.hidden = false;
    },
    /** Takes the mask of these classes away. */
    async hide(hidden) {
      const wanted = without = [...hidden].sort().join();
      const inks = hidden.size === 0 ? [] : colors.map((color, place) => hidden.has(place) ? clear : ofText(color));
      const isPainted = hidden.size > 0 && await paint(some, () => without === wanted, place => inks[place] ?? clear);
      if (without !== wanted) return;
      some.hidden = !isPainted;
      mask.hidden = isPainted;
    },
    /** The share of each place that occurs; null where the mask does not come. */
    async shares() {
      const picture = await read();
      if (picture === null) return null;
      const counts = new Map();
      for (const place of picture.places) counts.set(place, (counts.get(place) ?? 0) + 1);
      return new Map([...counts].map(([place, pixels]) => [place, pixels / picture.places.length]));
    },
  };
}

async function placesOf(path) {
  const image = h("img", { src: path });
  await image.decode();
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const drawing = new OffscreenCanvas(width, height).getContext("2d");
  drawing.drawImage(image, 0, 0);
  const { data } = drawing.getImageData(0, 0, width, height);
  return { width, height, places: Uint16Array.from({ length: width * height }, (_, i) => data[4 * i + 1] << 8 | data[4 * i + 2]) };
}
