// A job's pictures under their masks, filtered and ordered.

import { ask, jobPath } from "./api.js";
import { h, reconcile, say } from "./dom.js";
import { compact } from "./format.js";
import { mixer } from "./mixer.js";
import { shot } from "./shot.js";
import { openViewer } from "./viewer.js";

const pageSize = 60;
const side = 360;
const refreshEvery = 3000;
const mostRefreshed = 500;

export function gallery(job) {
  const grid = h("ul", { class: "gallery", "aria-label": "Images" });
  const said = h("p", { class: "soft", role: "status" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const more = h("button", { type: "button", hidden: true, onclick: () => load(true) });
  const classes = h("select", { "aria-label": "Class", onchange: () => choose({ class: classes.value || null }) }, h("option", { value: "" }, "Every class"), job.labels.map(label => h("option", { value: label.name }, label.name)));
  const states = h("select", { "aria-label": "End", onchange: () => choose({ status: states.value || null, error: null }) }, h("option", { value: "" }, "Labelled and failed"), h("option", { value: "ok" }, "Labelled"), h("option", { value: "failed" }, "Failed"));
  const orders = h("select", { "aria-label": "Order", onchange: () => choose({ order: orders.value }) },
    h("option", { value: "shard" }, "In order"), h("option", { value: "doubt" }, "Most in doubt first"), h("option", { value: "share" }, "Largest share first"));
  const reset = h("button", { type: "button", class: "link", hidden: true, onclick: () => choose({ class: null, status: null, error: null, order: "shard" }) }, "Clear filters");
  const [filter, images] = [{ class: null, status: null, error: null, order: "shard" }, []];
  let [busy, again, heard, timer, turn] = [false, false, null, 0, 0];

  const colors = new Map(job.labels.map(label => [label.name, label.color]));
  const mix = mixer("gallery", value => grid.style.setProperty("--mix", value));
  const element = h("section", { "aria-labelledby": "images-title" },
    h("div", { class: "head tools" }, h("h2", { id: "images-title" }, "Images"), classes, states, orders, reset, mix.element), problem, grid, said, more);

  /** Changes the filter; what is not named stays. */
  function choose(change) {
    Object.assign(filter, change);
    if (filter.class === null && filter.order === "share") filter.order = "shard";
    classes.value = filter.class ?? "";
    states.value = filter.status ?? "";
    orders.value = filter.order;
    orders.querySelector("[value=share]").disabled = filter.class === null;
    reset.hidden = !filter.class && !filter.status && !filter.error && filter.order === "shard";
    load(false);
    if (element.getBoundingClientRect().top < 0 || element.getBoundingClientRect().top > innerHeight * 0.8) element.scrollIntoView({ block: "start" });
  }

  async function load(append, quiet = false) {
    const mine = ++turn;
    const query = new URLSearchParams({ order: filter.order, limit: String(append ? pageSize : Math.max(pageSize, quiet ? images.length : 0)) });
    for (const name of ["class", "status", "error"]) if (filter[name]) query.set(name, filter[name]);
    if (append) query.set("offset", String(images.length));
    busy = true;
    if (!quiet) grid.setAttribute("aria-busy", "true");
    try {
      const page = await ask(`${jobPath(job.id)}/images?${query}`);
      if (mine !== turn) return;
      problem.hidden = true;
      // A shard that ended between two pages is met again.
      const known = new Set(append ? images.map(image => image.image) : []);
      if (!append) images.length = 0;
      images.push(...page.images.filter(image => !known.has(image.image)));
      draw(page);
      again ||= !page.complete;
    } catch (error) {
      if (mine !== turn) return;
      say(problem, error.message);
      problem.hidden = false;
    } finally {
      if (mine === turn) {
        busy = false;
        grid.removeAttribute("aria-busy");
        if (again) refresh();
      }
    }
  }

  function draw(page) {
    reconcile(grid, images, image => `${image.image} ${image.status}`, card, (part, image) => part.update(image));
    more.hidden = images.length >= page.total;
    say(more, "Show more");
    say(said, images.length === 0
      ? !page.complete ? `None of the ${compact(page.indexed)} images looked at so far.` : filter.status || filter.class || filter.error ? "No image matches." : "No image has a result yet."
      : `1-${compact(images.length)} of ${compact(page.total)}${page.complete ? "" : ", and more to come"}`);
  }

  function card(image) {
    const part = { image, update(now) { part.image = now; } };
    part.element = shot(job, image, side, () => openViewer(job, images, images.indexOf(part.image), mix.value, colors));
    return part;
  }

  function refresh() {
    clearTimeout(timer);
    again = true;
    timer = setTimeout(() => {
      if (busy || document.hidden) return refresh();
      again = false;
      load(false, true);
    }, refreshEvery);
  }

  choose({});
  return {
    element,
    choose,
    /**
     * Hears that the job has moved: what is shown follows, as long as that is not much. The first time, too: the first page may have been asked
     * for before the job came so far.
     */
    moved(status) {
      const now = `${status.state} ${status.labelled + status.failed}`;
      if (now !== heard && images.length < mostRefreshed) refresh();
      heard = now;
    },
    close() {
      clearTimeout(timer);
      turn = -1;
    },
  };
}
