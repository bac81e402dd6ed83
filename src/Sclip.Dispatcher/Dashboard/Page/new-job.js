// Makes a job: where the images are, what the classes are, a look at three images, and off it goes.

import { ask, follow, jobPath } from "./api.js";
import { h, reconcile, say } from "./dom.js";
import { percent } from "./format.js";
import { labelsEditor } from "./labels.js";
import { mixer } from "./mixer.js";
import { shot } from "./shot.js";
import { live } from "./state.js";
import { openViewer } from "./viewer.js";

const kept = "sclip.new-job";
const models = ["openai/clip-vit-base-patch16", "openai/clip-vit-large-patch14", "openai/clip-vit-base-patch32", "openai/clip-vit-large-patch14-336"];
const side = 480;

export function newJobPage(copied) {
  const field = (name, label, attributes = {}, hint) => {
    const input = h("input", { type: "text", id: `field-${name}`, ...attributes, oninput: keep });
    return { input, element: h("div", { class: "field" }, h("label", { htmlFor: `field-${name}` }, label), input, hint ? h("span", { class: "hint" }, hint) : null) };
  };
  const number = (name, label, attributes, hint) => field(name, label, { type: "number", ...attributes }, hint);
  const input = field("input", "Images", { placeholder: "container/folder", required: true, autocomplete: "off", spellcheck: "false" }, "A container of the account, and what the names of the images begin with.");
  const name = field("name", "Name", { placeholder: "optional", maxlength: "200", autocomplete: "off" });
  const model = field("model", "Model", { list: "models", required: true, autocomplete: "off", spellcheck: "false", value: models[0] });
  const known = h("datalist", { id: "models" });
  const method = h("select", { id: "field-method", onchange: keep }, h("option", { value: "sclip" }, "sclip"));
  const variant = field("variant", "Number", { value: "1" });
  const more = {
    pamr_steps: number("pamr", "Edge refinement (PAMR steps)", { min: "0", max: "100", placeholder: "0" }, "10 follows edges closely, and takes longer."),
    probability_threshold: number("threshold", "Probability threshold", { min: "0", max: "1", step: "any", placeholder: "0" }, "Pixels less sure than this go to the class whose background box is ticked, or that is called background."),
    short_side: number("side", "Short side in pixels", { min: "0", placeholder: "the model's" }),
    crop: number("crop", "Window in pixels", { min: "0", placeholder: "the model's" }),
    stride: number("stride", "Stride in pixels", { min: "1", placeholder: "the model's" }),
    logit_scale: number("scale", "Logit scale", { min: "0", step: "any", placeholder: "the model's" }),
  };
  const shard = number("shard", "Images a shard", { min: "1", max: "10000", placeholder: "64" });
  const priority = number("priority", "Priority", { min: "0", max: "9", placeholder: "0" }, "5 to 9 pass all other jobs.");
  const check = (id, label) => {
    const box = h("input", { type: "checkbox", id: `field-${id}`, onchange: keep });
    return { box, element: h("label", { class: "check", htmlFor: `field-${id}` }, box, label) };
  };
  const overlay = check("overlay", "Write overlays");
  const scores = check("scores", "Write class scores");
  const doubt = check("doubt", "Write doubt maps");
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const submit = h("button", { class: "main" }, "Submit job");
  let ready = false;
  const labels = labelsEditor(keep);
  const preview = previewPane(request, () => input.input.value.trim() && labels.read().length > 0 ? null : "Name the images and at least one class first.");

  function request() {
    const settings = { method: method.value.startsWith("sclip-random") ? `sclip-random:${variant.input.value || 1}` : method.value, overlay: overlay.box.checked, scores: scores.box.checked, doubt: doubt.box.checked };
    for (const [key, { input: { value } }] of Object.entries(more)) if (value !== "") settings[key] = Number(value);
    return {
      input: input.input.value.trim(), name: name.input.value.trim() || undefined, model: model.input.value.trim(), labels: labels.read(), settings,
      shard_size: shard.input.value === "" ? undefined : Number(shard.input.value), priority: priority.input.value === "" ? undefined : Number(priority.input.value),
    };
  }

  function keep() {
    variant.element.hidden = !method.value.startsWith("sclip-random");
    if (ready) localStorage.setItem(kept, JSON.stringify(request()));
  }

  function fill(job) {
    input.input.value = job.input ?? "";
    name.input.value = job.name ?? "";
    model.input.value = job.model ?? models[0];
    const [base, argument] = (job.settings?.method ?? "sclip").split(":");
    const option = [...method.options].find(item => item.value.split(":")[0] === base);
    if (option) method.value = option.value;
    if (argument) variant.input.value = argument;
    for (const [key, part] of Object.entries(more)) part.input.value = job.settings?.[key] || "";
    shard.input.value = job.shard_size && job.shard_size !== 64 ? job.shard_size : "";
    priority.input.value = job.priority || "";
    overlay.box.checked = job.settings?.overlay === true;
    scores.box.checked = job.settings?.scores === true;
    doubt.box.checked = job.settings?.doubt === true;
    labels.fill(job.labels ?? []);
  }

  async function send(event) {
    event.preventDefault();
    problem.hidden = true;
    submit.disabled = true;
    try {
      const job = await ask("jobs", { method: "POST", body: request() });
      location.hash = `#/jobs/${encodeURIComponent(job.id)}`;
    } catch (error) {
      say(problem, error.message);
      problem.hidden = false;
      problem.scrollIntoView({ block: "nearest" });
    } finally {
      submit.disabled = false;
    }
  }

  async function open() {
    const choices = await ask("choices").catch(() => ({ methods: ["sclip"] }));
    method.replaceChildren(...choices.methods.map(value => h("option", { value }, value.split(":")[0])));
    const seen = live.overview ? [...live.overview.workers.flatMap(worker => worker.models), ...live.overview.jobs.map(job => job.model)] : [];
    known.append(...[...new Set([...seen, ...models])].map(value => h("option", { value })));
    const draft = JSON.parse(localStorage.getItem(kept) ?? "null");
    if (copied) {
      try {
        const job = await ask(`${jobPath(copied)}/document`);
        fill({ ...job, input: `${job.input.container}/${job.input.prefix ?? ""}` });
      } catch (error) {
        say(problem, error.message);
        problem.hidden = false;
        fill({});
      }
    } else fill(draft ?? (seen.length > 0 ? { model: seen[0] } : {}));
    ready = true;
    keep();
  }

  const element = h("div", { class: "page new-job" },
    h("h1", null, "New job"),
    h("form", { class: "columns", onsubmit: send },
      h("div", { class: "column" },
        h("fieldset", { class: "card" }, h("legend", null, "What to label"), input.element, h("div", { class: "pair" }, model.element, h("div", { class: "field" }, h("label", { htmlFor: "field-method" }, "Method"), method)), variant.element, name.element, known),
        labels.element,
        h("details", { class: "card more" }, h("summary", null, "More settings"), h("div", { class: "pair" }, Object.values(more).map(part => part.element), shard.element, priority.element), h("div", { class: "checks" }, overlay.element, scores.element, doubt.element)),
        problem, h("div", { class: "actions" }, submit)),
      preview.element));
  open();
  return { element, title: "New job", close: preview.close };
}

const colorsOf = job => new Map(job.labels.map(label => [label.name, label.color]));

/** Labels three of the images with what is in the form, before all of them are. */
function previewPane(request, missing) {
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
    const lack = missing();
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
    part.element = shot(job, image, side, () => openViewer(job, part.images, part.images.indexOf(part.image), mix.value, colorsOf(job)));
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
