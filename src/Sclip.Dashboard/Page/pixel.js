// What competes at a pixel, and where else it looks like that.

import { ask, request } from "./api.js";
import { h, say } from "./dom.js";
import { readFrame } from "./frames.js";
import { fileOf, percent } from "./format.js";

/** `question` gives list and settings, or null; `warm` shows warmth by picture, or with null masks again; `closed` hears that the pixel is left. */
export function pixelPanel(path, { question, colorOf, nameOf, inSight, side, warm, closed }) {
  let [place, heats, turn] = [null, null, 0];
  const title = h("h2");
  const where = h("p", { class: "soft" });
  const names = h("ol", { class: "rivals" });
  const truth = h("p");
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const alike = h("button", { type: "button", "aria-pressed": "false", onclick: () => heats ? cool() : heat() }, "Patches like it");
  const element = h("section", { class: "card pixel", "aria-label": "Pixel", hidden: true },
    h("div", { class: "head" }, title, h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => close() }, "✕")),
    h("div", { role: "status", class: "stack" }, where, names, truth), problem, h("div", { class: "actions" }, alike), h("p", { class: "hint warm-scale", "aria-hidden": "true" }, h("span", null, "unlike"), h("span", { class: "scale" }), h("span", null, "alike")));

  function fail(error) {
    if (error.name === "AbortError" || error.status === 409) return;
    say(problem, error.message);
    problem.hidden = false;
  }

  async function look() {
    const [mine, list] = [++turn, question()];
    if (!place || !list) return;
    try {
      const found = await ask(`${path}/pixel`, { method: "POST", body: { ...list, ...place } });
      if (mine !== turn) return;
      problem.hidden = true;
      title.replaceChildren(h("span", { class: "swatch", vars: { color: colorOf(found.class) } }), " ", found.class);
      say(where, `${percent(found.probability)} at ${place.x}, ${place.y} of ${fileOf(nameOf(place.picture))}`);
      names.replaceChildren(...found.names.map(({ name, class: of, cosine, probability }) => h("li", null,
        h("span", { class: "swatch", vars: { color: colorOf(of) } }), h("span", { class: "name" }, name, name === of ? null : h("span", { class: "soft" }, ` of ${of}`)),
        h("span", { class: "numbers", title: "Cosine, probability" }, `${cosine.toFixed(3)} · ${percent(probability)}`),
        h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "fill", vars: { color: colorOf(of), share: Math.min(1, probability) } })))));
      say(truth, found.truth === null || found.truth === undefined ? "" : `Ground truth: ${found.truth}`);
      truth.className = found.truth === found.class ? "right" : "wrong";
    } catch (error) {
      if (mine === turn) fail(error);
    }
  }

  /** Asks for the warmth of pictures in sight that have none yet. */
  async function heat() {
    heats ??= new Map();
    const mine = heats;
    mark(true);
    const missing = inSight().filter(index => mine.get(index)?.side !== side());
    if (missing.length === 0) return warm(mine);
    try {
      const answer = await request(`${path}/heat`, { method: "POST", body: { ...place, pictures: missing, side: side() } });
      const frame = readFrame(await answer.arrayBuffer(), 1);
      if (mine !== heats) return;
      for (const picture of frame.pictures) mine.set(picture.index, { ...picture, side: side() });
      warm(mine);
    } catch (error) {
      if (mine !== heats) return;
      if (mine.size === 0) cool();
      fail(error);
    }
  }

  function mark(isWarm) {
    alike.setAttribute("aria-pressed", String(isWarm));
    say(alike, isWarm ? "Back to the masks" : "Patches like it");
    element.classList.toggle("is-warm", isWarm);
  }

  function cool() {
    heats = null;
    mark(false);
    warm(null);
  }

  function close() {
    if (heats) cool();
    [place, element.hidden] = [null, true];
    turn++;
    closed();
  }

  return {
    element, look,
    get place() { return place; },
    open(at) {
      const wasWarm = heats !== null;
      [place, heats] = [at, null];
      element.hidden = problem.hidden = false;
      look();
      // Who looks at warmth wants that of the new pixel.
      if (wasWarm) heat();
    },
    /** Other pictures are in sight. */
    follow: () => { if (heats) heat(); },
    /** One step back: from warmth to masks, then from the pixel to none. Tells whether there was one. */
    back() {
      if (heats) cool();
      else if (place) close();
      else return false;
      return true;
    },
  };
}
