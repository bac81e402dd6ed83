// The pictures of a gallery that are chosen, one by one or from one to another, to be reviewed together.

import { h, say } from "./dom.js";
import { plural } from "./format.js";
import { isCommand } from "./keys.js";
import { reviewControls } from "./review-controls.js";

/** `shown` gives the images of the page; `decided` hears that some have another review, or may have another mask. */
export function selection(job, { shown, decided }) {
  const chosen = new Map();
  const boxes = new Map();
  let last = null;
  const said = h("strong", { role: "status" });
  const controls = reviewControls(job, "selection", { images: () => [...chosen.values()], decided: (decision, done) => {
    // Who writes a note may be about to decide.
    if (decision !== null) for (const image of done) chosen.delete(image.image);
    update();
    if (done.length > 0) decided();
  }, refused: decided });
  const element = h("section", { class: "card selected", "aria-label": "Selected images", hidden: true },
    h("div", { class: "head" }, said, h("button", { type: "button", class: "link", onclick: () => pick(shown(), true) }, "Whole page"), h("button", { type: "button", class: "link", onclick: clear }, "None")), controls.element);

  function pick(images, isChosen) {
    for (const image of images) {
      if (isChosen) chosen.set(image.image, image);
      else chosen.delete(image.image);
    }
    update();
  }

  function clear() {
    chosen.clear();
    update();
  }

  function update() {
    for (const [name, box] of boxes) box.checked = chosen.has(name);
    element.hidden = chosen.size === 0;
    say(said, chosen.size === 0 ? "" : `${plural(chosen.size, "image")} selected`);
    controls.forget();
    controls.update();
  }

  function press(event) {
    if (chosen.size === 0 || document.querySelector("dialog[open]") || !isCommand(event)) return;
    if (controls.press(event)) event.preventDefault();
  }

  addEventListener("keydown", press);
  return {
    element,
    /** The box of an image's card; with Shift it takes all between. */
    box(image) {
      const box = h("input", { type: "checkbox", "aria-label": `Select ${image.image}`, onclick: event => {
        const images = shown();
        const [from, to] = [images.findIndex(item => item.image === last), images.findIndex(item => item.image === image.image)].sort((a, b) => a - b);
        pick(event.shiftKey && from >= 0 ? images.slice(from, to + 1) : [images.find(item => item.image === image.image)], box.checked);
        last = image.image;
      } });
      boxes.set(image.image, box);
      return h("label", { class: "pick" }, box);
    },
    /** Another page is shown; what is chosen stays, as it is now. */
    renew(images) {
      for (const image of images) if (chosen.has(image.image)) chosen.set(image.image, image);
      for (const name of boxes.keys()) if (!images.some(image => image.image === name)) boxes.delete(name);
      for (const [name, box] of boxes) box.checked = chosen.has(name);
      controls.update();
    },
    close: () => removeEventListener("keydown", press),
  };
}
