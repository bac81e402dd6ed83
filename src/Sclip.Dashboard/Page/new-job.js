// Makes a job: where the images are, what the classes are, a look at three images, and off it goes.

import { writeAddress } from "./address.js";
import { ask, jobPath } from "./api.js";
import { carriedParts } from "./carried.js";
import { h, say } from "./dom.js";
import { takeDraftedJob } from "./drafted-job.js";
import { estimatePane } from "./estimate.js";
import { labelsEditor } from "./labels.js";
import { numberFault } from "./numbers.js";
import { placeChooser } from "./places.js";
import { previewPane } from "./preview-pane.js";
import { live } from "./state.js";
import { uploadPanel } from "./upload.js";

const kept = "sclip.new-job";
const models = ["openai/clip-vit-base-patch16", "openai/clip-vit-large-patch14", "openai/clip-vit-base-patch32", "openai/clip-vit-large-patch14-336"];

export function newJobPage(copied) {
  const checks = [];
  const field = (name, label, attributes = {}, hint) => {
    const input = h("input", { type: "text", id: `field-${name}`, ...attributes, oninput: keep });
    return { input, element: h("div", { class: "field" }, h("label", { htmlFor: `field-${name}` }, label), input, hint ? h("span", { class: "hint" }, hint) : null) };
  };
  const number = (name, label, rule, placeholder, hint) => {
    const part = field(name, label, { inputmode: "decimal", autocomplete: "off", placeholder }, hint);
    checks.push(() => part.input.setCustomValidity(part.element.hidden ? "" : numberFault(part.input.value, rule)));
    return part;
  };
  const input = field("input", "Images", { placeholder: "container/folder", required: true, autocomplete: "off", spellcheck: "false" }, "A container of the account, and what the names of the images begin with.");
  const name = field("name", "Name", { placeholder: "optional", maxlength: "200", autocomplete: "off" });
  const model = field("model", "Model", { list: "models", required: true, autocomplete: "off", spellcheck: "false", value: models[0] });
  const known = h("datalist", { id: "models" });
  const method = h("select", { id: "field-method", onchange: keep }, h("option", { value: "" }, "the model's own (sclip of CLIP)"));
  const guide = field("guide", "Guide", { placeholder: "facebook/dino-vitb8", autocomplete: "off", spellcheck: "false" }, "The second model that proxyclip and lposs need.");
  const variant = number("variant", "Number", { least: 1, most: 64, whole: true, needed: true });
  const seed = number("seed", "Seed", { least: 0, most: 9999, whole: true }, "0");
  const more = {
    pamr_steps: number("pamr", "Edge refinement (PAMR steps)", { least: 0, most: 1000, whole: true }, "0", "10 follows edges closely, and takes longer."),
    probability_threshold: number("threshold", "Probability threshold", { least: 0, most: 1 }, "0", "Pixels less sure than this go to the class whose background box is ticked, or that is called background."),
    area_threshold: number("area", "Area threshold", { least: 0, most: 1 }, "0", "Classes with no larger share of what is not background are dropped."),
    short_side: number("side", "Short side in pixels", { least: 0, most: 2048, whole: true }, "the model's", "0 leaves images as they are."),
    crop: number("crop", "Window in pixels", { least: 0, whole: true }, "the model's", "0 takes the whole image."),
    stride: number("stride", "Stride in pixels", { least: 1, whole: true }, "the model's"),
    patch_stride: number("patch-stride", "Patch stride in pixels", { least: 1, whole: true }, "the patches' side", "Below the side of the model's patches they overlap: finer masks, at a multiple of the time."),
    logit_scale: number("scale", "Logit scale", { least: 0 }, "the model's"),
  };
  const shard = number("shard", "Images a shard", { least: 1, most: 10000, whole: true }, "64");
  const priority = number("priority", "Priority", { least: 0, most: 9, whole: true }, "0", "5 to 9 pass all other jobs.");
  const check = (id, label) => {
    const box = h("input", { type: "checkbox", id: `field-${id}`, onchange: keep });
    return { box, element: h("label", { class: "check", htmlFor: `field-${id}` }, box, label) };
  };
  const boxes = { overlay: check("overlay", "Write overlays"), scores: check("scores", "Write class scores"), doubt: check("doubt", "Write doubt maps") };
  const before = h("p", { class: "note", role: "status", hidden: true });
  const unkept = h("p", { class: "note", role: "status", hidden: true }, "This is too much to be remembered: it is gone when the page is left.");
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const same = h("p", { class: "note", role: "status", hidden: true });
  const submit = h("button", { class: "main" }, "Submit job");
  let [ready, closed] = [false, false];
  const labels = labelsEditor(keep);
  const preview = previewPane(request, fault);
  const places = placeChooser(goTo, limits => upload.limit(limits));
  const upload = uploadPanel(() => placeOf(input.input.value), ({ container, prefix }) => {
    goTo(`${container}/${prefix}`);
    places.refresh();
    estimate.refresh();
  });
  const estimate = estimatePane(() => isWhole() ? request() : null);
  const carried = carriedParts({ left: keep, read: () => estimate.look() });

  // Of sclip-random:N:SEED alone the argument is typed; other methods' names hold a colon, too.
  const drawn = "sclip-random";
  const baseOf = text => text.split(":")[0] === drawn ? drawn : text;
  const titleOf = text => text === "" ? "the model's own (sclip of CLIP)" : baseOf(text);
  const typedMethod = () => [baseOf(method.value), ...(variant.element.hidden ? [] : [variant, seed]).map(part => part.input.value.trim())].join(":").replace(/:$/, "") || undefined;

  /** All that was typed, in the form of a job, whether it can be used or not. */
  function draft() {
    const settings = { ...carried.settings, method: typedMethod() };
    if (!guide.element.hidden && guide.input.value.trim()) settings.guide = guide.input.value.trim();
    for (const [key, { box }] of Object.entries(boxes)) settings[key] = box.checked;
    for (const [key, { input: { value } }] of Object.entries(more)) if (value !== "") settings[key] = value;
    return {
      ...carried.draft(), input: input.input.value, name: name.input.value, model: model.input.value, settings, ...labels.draft(), shard_size: shard.input.value, priority: priority.input.value,
    };
  }

  /** What is asked for; only where there is no fault. */
  function request() {
    const typed = draft();
    for (const key of Object.keys(more)) if (typed.settings[key] !== undefined) typed.settings[key] = numberOf(typed.settings[key]);
    return {
      ...carried.request(), input: typed.input, name: typed.name.trim() || undefined, model: typed.model.trim(), labels: labels.read(), settings: typed.settings,
      shard_size: numberOf(typed.shard_size), priority: numberOf(typed.priority),
    };
  }

  /** Whether a request can be made of what is in the form, without a word on what is missing. */
  const isWhole = () => ready && input.input.value.trim() !== "" && labels.read().length > 0 && [...form.elements].every(part => part.validity.valid) && carried.isWhole();

  function goTo(place) {
    input.input.value = place;
    keep();
  }

  function keep() {
    variant.element.hidden = seed.element.hidden = baseOf(method.value) !== drawn;
    guide.element.hidden = !["proxyclip", "lposs"].includes(method.value);
    same.hidden = true;
    for (const look of checks) look();
    for (const marked of element.querySelectorAll("[aria-invalid]")) if (marked.validity.valid) marked.removeAttribute("aria-invalid");
    if (!ready || closed) return;
    places.show(input.input.value);
    estimate.look();
    try {
      localStorage.setItem(kept, JSON.stringify(draft()));
      unkept.hidden = true;
    } catch {
      unkept.hidden = false;
    }
  }

  /** Marks what cannot be sent as it stands, and says what is wrong with the first of it; null where all can. */
  async function fault() {
    const wrong = [...form.elements].filter(part => !part.validity.valid);
    for (const part of wrong) part.setAttribute("aria-invalid", "true");
    if (wrong.length > 0) {
      const hiding = wrong[0].closest("details");
      if (hiding) hiding.open = true;
      wrong[0].focus();
    }
    if (input.input.value.trim() === "" || (labels.read().length === 0 && wrong.length === 0)) return "Name the images and at least one class first.";
    if (wrong.length > 0) return [wrong[0].labels?.[0]?.textContent, wrong[0].validationMessage].filter(text => text).join(": ");
    return carried.fault();
  }

  function choose(base) {
    method.value = ([...method.options].find(item => baseOf(item.value) === base) ?? method.appendChild(h("option", { value: base }, titleOf(base)))).value;
  }

  function fill(job) {
    const settings = job.settings ?? {};
    input.input.value = job.input ?? "";
    name.input.value = job.name ?? "";
    model.input.value = job.model ?? models[0];
    const asked = settings.method ?? "";
    const [count, start] = baseOf(asked) === drawn ? asked.split(":").slice(1) : [];
    choose(baseOf(asked));
    guide.input.value = settings.guide ?? "";
    variant.input.value = count ?? "1";
    seed.input.value = start ?? "";
    for (const [key, part] of Object.entries(more)) part.input.value = settings[key] ?? "";
    shard.input.value = job.shard_size ?? "";
    priority.input.value = job.priority ?? "";
    for (const [key, { box }] of Object.entries(boxes)) box.checked = settings[key] === true;
    carried.fill(job, Object.fromEntries(Object.entries(settings).filter(([key, value]) => key !== "method" && key !== "guide" && !(key in more) && !(key in boxes) && value !== null && !(key === "pamr_dilations" && !settings.pamr_steps))));
    labels.fill(job.labels ?? [], job.list);
  }

  /** Submits; a job of the same images, classes and settings is not made again, whatever its name and priority, but where `another` is wanted. */
  async function send(another) {
    problem.hidden = same.hidden = true;
    submit.disabled = true;
    try {
      const lack = await fault();
      if (lack) throw new Error(lack);
      let isThere;
      const job = await ask("jobs", { method: "POST", body: { ...request(), new: another || undefined }, answered: status => { isThere = status === 200; } });
      const place = `#/jobs/${encodeURIComponent(job.id)}`;
      if (!isThere) location.hash = place;
      else same.replaceChildren("There is a job of these images, classes and settings already: ", h("a", { href: place }, job.id), ". A name or a priority alone makes no other. ", h("button", { type: "button", class: "link", onclick: () => send(true) }, "Label all again"));
      same.hidden = !isThere;
    } catch (error) {
      refuse(error.message);
    } finally {
      submit.disabled = false;
    }
  }

  function refuse(message) {
    say(problem, message);
    problem.hidden = false;
    problem.scrollIntoView({ block: "nearest" });
  }

  /** What was typed before is not lost to what was filled in. */
  function offerBack(last) {
    if (!last || !(last.input || last.labels?.some(label => label.name))) return;
    before.append("The copy took the place of what was in the form. ", h("button", { type: "button", class: "link", onclick: () => { fill(last); keep(); before.hidden = true; } }, "Bring that back"));
    before.hidden = false;
  }

  async function copy(last) {
    // What is typed before the copy is there would be lost to it.
    element.inert = true;
    try {
      const job = await ask(`${jobPath(copied)}/document`);
      if (closed) return;
      fill({ ...job, input: `${job.input.container}/${job.input.prefix ?? ""}`, images_of: job.input.listed ? copied : undefined });
      // From here on it is a draft: who comes back finds what was changed in it, and not the job as it was.
      writeAddress("#/new", { of: `#/new/${encodeURIComponent(copied)}` });
      offerBack(last);
    } catch (error) {
      fill(last ?? {});
      refuse(`The job cannot be copied: ${error.message}`);
    } finally {
      element.inert = false;
    }
  }

  async function open() {
    const seen = live.overview ? [...live.overview.workers.flatMap(worker => worker.models), ...live.overview.jobs.map(job => job.model)] : [];
    known.append(...[...new Set([...seen, ...models])].map(value => h("option", { value })));
    const last = JSON.parse(localStorage.getItem(kept) ?? "null");
    const drafted = takeDraftedJob();
    if (copied) await copy(last);
    else if (drafted) {
      fill(drafted);
      offerBack(last);
    } else fill(last ?? (seen.length > 0 ? { model: seen[0] } : {}));
    ready = true;
    keep();
    const choices = await ask("choices").catch(() => null);
    if (!choices) return;
    const chosen = baseOf(method.value);
    method.replaceChildren(...["", ...choices.methods].map(value => h("option", { value }, titleOf(value))));
    choose(chosen);
  }

  const form = h("form", { class: "columns", novalidate: true, onsubmit: event => { event.preventDefault(); send(false); } },
    h("div", { class: "column" },
      h("fieldset", { class: "card" }, h("legend", null, "What to label"), input.element, places.element, h("div", { class: "pair" }, model.element, h("div", { class: "field" }, h("label", { htmlFor: "field-method" }, "Method"), method)),
        h("div", { class: "pair" }, variant.element, seed.element), guide.element, name.element, known, carried.element),
      upload.element, labels.element,
      h("details", { class: "card more" }, h("summary", null, "More settings"), h("div", { class: "pair" }, Object.values(more).map(part => part.element), shard.element, priority.element), h("div", { class: "checks" }, Object.values(boxes).map(part => part.element))),
      estimate.element, unkept, problem, same, h("div", { class: "actions" }, submit)),
    preview.element);
  const element = h("div", { class: "page new-job" }, h("h1", null, "New job"), before, form);
  open();
  return { element, title: "New job", close: () => { closed = true; for (const part of [preview, places, upload, estimate]) part.close(); } };
}

/** A place apart: its container, and the folder in it, with '/' at its end. */
function placeOf(text) {
  const [container, ...rest] = text.trim().split("/");
  const folder = rest.filter(part => part !== "").join("/");
  return { container, prefix: folder ? `${folder}/` : "" };
}

const numberOf = typed => typed.trim() === "" ? undefined : Number(typed);
