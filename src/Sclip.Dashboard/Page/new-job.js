// Makes a job: where the images are, what the classes are, a look at three images, and off it goes.

import { writeAddress } from "./address.js";
import { ask, follow, jobPath } from "./api.js";
import { h, reconcile, say } from "./dom.js";
import { takeDraftedJob } from "./drafted-job.js";
import { estimatePane } from "./estimate.js";
import { percent, plural } from "./format.js";
import { fixedList } from "./image-list.js";
import { labelsEditor } from "./labels.js";
import { mixer } from "./mixer.js";
import { numberFault } from "./numbers.js";
import { placeChooser } from "./places.js";
import { shot } from "./shot.js";
import { live } from "./state.js";
import { uploadPanel } from "./upload.js";
import { openViewer } from "./viewer.js";

const kept = "sclip.new-job";
const models = ["openai/clip-vit-base-patch16", "openai/clip-vit-large-patch14", "openai/clip-vit-base-patch32", "openai/clip-vit-large-patch14-336"];
const side = 480;

/** What has no field of its own, and comes along with a copied job. */
const carriedNames = { templates: texts => plural(texts.length, "prompt template"), pamr_dilations: pixels => `PAMR dilations ${pixels.join(", ")}` };

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
  const carriedLines = h("ul");
  const carriedBox = h("div", { class: "carried", hidden: true }, h("span", { class: "soft" }, "Also copied:"), carriedLines);
  const before = h("p", { class: "note", role: "status", hidden: true });
  const unkept = h("p", { class: "note", role: "status", hidden: true }, "This is too much to be remembered: it is gone when the page is left.");
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const same = h("p", { class: "note", role: "status", hidden: true });
  const submit = h("button", { class: "main" }, "Submit job");
  // The list of images is that of another job, and is read from there.
  let [ready, closed, carried, list, featuresOf, device] = [false, false, {}, null, undefined, undefined];
  const labels = labelsEditor(keep);
  const preview = previewPane(request, fault);
  const places = placeChooser(goTo, limits => upload.limit(limits));
  const upload = uploadPanel(() => placeOf(input.input.value), ({ container, prefix }) => {
    goTo(`${container}/${prefix}`);
    places.refresh();
    estimate.refresh();
  });
  const estimate = estimatePane(() => isWhole() ? request() : null);

  // Of sclip-random:N:SEED alone the argument is typed; other methods' names hold a colon, too.
  const drawn = "sclip-random";
  const baseOf = text => text.split(":")[0] === drawn ? drawn : text;
  const titleOf = text => text === "" ? "the model's own (sclip of CLIP)" : baseOf(text);
  const typedMethod = () => [baseOf(method.value), ...(variant.element.hidden ? [] : [variant, seed]).map(part => part.input.value.trim())].join(":").replace(/:$/, "") || undefined;

  /** All that was typed, in the form of a job, whether it can be used or not. */
  function draft() {
    const settings = { ...carried, method: typedMethod() };
    if (!guide.element.hidden && guide.input.value.trim()) settings.guide = guide.input.value.trim();
    for (const [key, { box }] of Object.entries(boxes)) settings[key] = box.checked;
    for (const [key, { input: { value } }] of Object.entries(more)) if (value !== "") settings[key] = value;
    return {
      features_of: featuresOf, input: input.input.value, images_of: list?.of, name: name.input.value, model: model.input.value, settings, ...labels.draft(),
      shard_size: shard.input.value, priority: priority.input.value, device,
    };
  }

  /** What is asked for; only where there is no fault. */
  function request() {
    const typed = draft();
    for (const key of Object.keys(more)) if (typed.settings[key] !== undefined) typed.settings[key] = numberOf(typed.settings[key]);
    return {
      features_of: featuresOf, input: typed.input, images: list?.names, name: typed.name.trim() || undefined, model: typed.model.trim(), labels: labels.read(), settings: typed.settings,
      shard_size: numberOf(typed.shard_size), priority: numberOf(typed.priority), device,
    };
  }

  /** Whether a request can be made of what is in the form, without a word on what is missing. */
  const isWhole = () => ready && input.input.value.trim() !== "" && labels.read().length > 0 && [...form.elements].every(part => part.validity.valid) && !(list && !list.names);

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
    await list?.read;
    return list && !list.names ? `The list of images of job ${list.of} cannot be read: ${list.problem} Copy the job again, or leave the list out to label all images above.` : null;
  }

  function takeList(of) {
    const mine = list = { of, names: null };
    mine.read = ask(`${jobPath(of)}/list`).then(names => { mine.names = names; }, error => { mine.problem = error.message; }).then(drawCarried).then(estimate.look);
  }

  /** What a copied job has and the form has not, line by line, each to be left out. */
  function drawCarried() {
    const line = (text, leave) => h("li", null, h("span", null, text), h("button", { type: "button", class: "link", "aria-label": `Leave out ${text}`, onclick: () => {
      leave();
      drawCarried();
      keep();
    } }, "Leave out"));
    carriedLines.replaceChildren(
      ...(featuresOf ? [line(`the features of job ${featuresOf}, which are labelled in place of images`, () => { featuresOf = undefined; })] : []),
      ...(list ? [line(list.names ? `a list of ${plural(list.names.length, "image")}, which alone are labelled` : `the list of images of job ${list.of}`, () => { list = null; })] : []),
      ...(device ? [line(`that only workers on ${device} take it`, () => { device = undefined; })] : []),
      ...Object.entries(carried).map(([key, value]) => line(carriedNames[key]?.(value) ?? `${key.replaceAll("_", " ")} ${JSON.stringify(value)}`, () => { delete carried[key]; })));
    carriedBox.hidden = carriedLines.children.length === 0;
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
    carried = Object.fromEntries(Object.entries(settings).filter(([key, value]) => key !== "method" && key !== "guide" && !(key in more) && !(key in boxes) && value !== null && !(key === "pamr_dilations" && !settings.pamr_steps)));
    list = null;
    featuresOf = job.features_of ?? undefined;
    device = job.device ?? undefined;
    if (job.images_of) takeList(job.images_of);
    drawCarried();
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
        h("div", { class: "pair" }, variant.element, seed.element), guide.element, name.element, known, carriedBox),
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

const colorsOf = job => new Map(job.labels.map(label => [label.name, label.color]));

/** Labels three of the images with what is in the form, before all of them are. */
function previewPane(request, fault) {
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
