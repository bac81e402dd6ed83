// Labels three of the images with what is in the form, before all of them are.

import { ask, follow, jobPath } from "./api.js";
import { h, reconcile, say } from "./dom.js";
import { percent } from "./format.js";
import { fixedList } from "./image-list.js";
import { mixer } from "./mixer.js";
import { shot } from "./shot.js";
import { live } from "./state.js";
import { openViewer } from "./viewer.js";

const side = 480;

const colorsOf = job => new Map(job.labels.map(label => [label.name, label.color]));

/** `request` is what is in the form, `fault` says what is wrong with it, null where nothing is. */
export function previewPane(request, fault) {
  const shots = h("ul", { class: "shots" });
  const said = h("p", { class: "soft", role: "status" }, "Try the classes on three of the images before labelling all.");
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const legend = h("ul", { class: "legend small" });
  const mix = mixer("preview", value => shots.style.setProperty("--mix", value));
  let [sample, stop, turn] = [0, () => {}, 0];
  const run = h("button", { type: "button", class: "main", onclick: () => start() }, "Preview");
  const others = h("button", { type: "button", hidden: true, onclick: () => { sample++; start(); } }, "Other images");
  const element = h("section", { class: "column card preview", "aria-label": "Preview" },
    h("div", { class: "head" }, h("h2", null, "Preview"), run, others), problem, said, shots, h("div", { class: "under", hidden: true }, legend, mix.element));

  function fail(message) {
    say(problem, message);
    problem.hidden = false;
    say(said, "");
  }

  async function start() {
    stop();
    const mine = ++turn;
    problem.hidden = true;
    const lack = await fault();
    if (mine !== turn) return;
    if (lack) return fail(lack);
    const wanted = request();
    say(said, "Asking for three images …");
    let status;
    try {
      status = await ask(`previews?sample=${sample}`, { method: "POST", body: wanted });
    } catch (error) {
      return mine === turn ? fail(error.message) : undefined;
    }
    if (mine !== turn) return;
    others.hidden = false;
    const job = { id: status.id, labels: wanted.labels };
    const [begun, known] = [Date.now(), status.state === "completed"];
    let ended;
    stop = ended = follow(`${jobPath(status.id)}/events`, "status", async now => {
      const ends = ["completed", "cancelled", "failed"].includes(now.state);
      if (ends) ended();
      if (mine !== turn) return;
      const waits = live.overview && !live.overview.broker && !live.overview.workers.some(worker => worker.state === "ready");
      say(said, ends ? known ? "Labelled before with these classes and settings." : `Took ${((Date.now() - begun) / 1000).toFixed(1)} s.` : waits ? "Waiting for a worker: none is at work now." : `Labelling … ${now.labelled + now.failed} of ${now.images ?? 3}`);
      if (now.state === "failed") fail(now.reason ?? "No worker can do it.");
      if (now.labelled + now.failed === 0) return;
      try {
        const page = await ask(`${jobPath(status.id)}/images`);
        if (mine === turn) draw(job, page.images);
      } catch (error) {
        if (mine === turn) fail(error.message);
      }
    });
  }

  function card(job, images, image) {
    const part = { images, image };
    part.element = shot(job, image, side, () => openViewer({ job, list: fixedList(part.images), image: part.image, mix: mix.value }));
    return part;
  }

  function draw(job, images) {
    reconcile(shots, images, image => `${job.id} ${image.image} ${image.status}`, image => card(job, images, image), (part, image) => Object.assign(part, { images, image }));
    const colors = colorsOf(job);
    const sums = new Map();
    let all = 0;
    for (const image of images) for (const [label, pixels] of Object.entries(image.pixels ?? {})) {
      sums.set(label, (sums.get(label) ?? 0) + pixels);
      all += pixels;
    }
    legend.replaceChildren(...[...sums].sort((a, b) => b[1] - a[1]).map(([label, pixels]) => h("li", null, h("span", { class: "swatch", vars: { color: colors.get(label) } }), `${label} ${percent(pixels / all)}`)));
    element.querySelector(".under").hidden = false;
  }

  return { element, close: () => { turn++; stop(); } };
}
