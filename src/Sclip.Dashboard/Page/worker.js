// One worker: how fast it goes, what it has in work, what it is, and what went wrong at it.

import { ask } from "./api.js";
import { factList } from "./facts.js";
import { h, mark, say } from "./dom.js";
import { ago, clock, compact, count, duration, rate, since } from "./format.js";
import { sparkline } from "./sparkline.js";
import { shardLink } from "./worker-list.js";

const askEvery = 3000;

export function workerPage(name) {
  const chip = h("span", { class: "chip" });
  const under = h("p", { class: "soft id" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const gone = h("p", { class: "note gone-note", role: "status", hidden: true });
  const reason = h("p", { class: "problem", role: "status", hidden: true });
  const facts = factList(["Rate", "Images", "Windows", "Up", "Device", "Memory", "Models", "Version"]);
  const chart = rateChart();
  const work = part("In work", "Nothing.");
  const errors = part("Errors", "None since the dispatcher listens.");
  const recent = part("Last shards", "None since the dispatcher listens.");
  const content = h("div", { class: "page", hidden: true }, gone, reason, h("section", { class: "card", "aria-label": "Facts" }, facts.element, chart.element), work.element, errors.element, recent.element);
  let [timer, closed] = [0, false];

  async function look() {
    try {
      if (!document.hidden) show(await ask(`fleet/workers/${encodeURIComponent(name)}`));
      problem.hidden = !problem.textContent || !document.hidden;
    } catch (error) {
      say(problem, error.message);
      problem.hidden = false;
    }
    if (!closed) timer = setTimeout(look, askEvery);
  }

  function show(detail) {
    const worker = detail.worker;
    const state = worker.gone ? "gone" : worker.state === "ready" && worker.shards.length > 0 ? "busy" : worker.state;
    content.hidden = false;
    say(chip, state);
    mark(chip, "data-state", { gone: "cancelled", busy: "running", ready: "ready" }[state] ?? "waiting");
    gone.hidden = !worker.gone;
    say(gone, worker.gone ? `This worker is gone: its last report came ${ago(worker.heard)}, at ${clock(worker.heard)}. What it had in work goes to another. Below is what was last known of it.` : "");
    reason.hidden = worker.gone || !(worker.reason || worker.waits?.length > 0);
    say(reason, [worker.reason, ...worker.waits ?? []].filter(text => text).join(" "));
    say(under, `started ${clock(worker.started)}`);
    facts.set("Rate", worker.gone ? null : rate(worker.images_per_second));
    facts.set("Images", compact(worker.images));
    facts.set("Windows", compact(worker.windows));
    facts.set("Up", worker.gone ? null : duration(since(worker.started)));
    facts.set("Device", worker.devices?.join(", ") || null);
    facts.set("Memory", detail.memory_bytes === undefined ? null : `${compact(Math.round(detail.memory_bytes / 1048576))} MB`);
    facts.set("Models", worker.models.join("\n") || null);
    facts.set("Version", worker.version);
    chart.update(detail.history);
    work.update(worker.shards, shard => `${shard.job} ${shard.shard}`, shard => [shardLink(shard), h("span", { class: "soft" }, `since ${duration(since(shard.since))}`)]);
    errors.update(detail.errors, error => `${error.time} ${error.job} ${error.shard}`, error => [h("span", { class: "soft when" }, clock(error.time)), error.job ? shardLink(error) : null, h("span", { class: "why-text" }, error.reason)]);
    recent.update(detail.recent_shards, shard => `${shard.job} ${shard.shard} ${shard.since}`, shard => [
      shardLink(shard), h("span", { class: "soft" }, shard.ended ? `took ${duration((new Date(shard.ended) - new Date(shard.since)) / 1000)}, ${ago(shard.ended)}` : `since ${duration(since(shard.since))}`)]);
  }

  look();
  return {
    element: h("div", { class: "page job-page worker-page" },
      h("p", { class: "crumb" }, h("a", { href: "#/" }, "Jobs and workers")),
      h("div", { class: "head" }, h("div", { class: "who" }, h("h1", null, name), under), chip), problem, content),
    title: name,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** A heading with a list, or with words where that is empty. */
function part(title, none) {
  const list = h("ul", { class: "lines" });
  const number = h("span", { class: "soft" });
  let shown = null;
  return {
    element: h("section", { class: "card" }, h("h2", null, `${title} `, number), list),
    update(items, keyOf, row) {
      say(number, items.length > 0 ? count(items.length) : "");
      const rows = items.map(item => h("li", null, row(item)));
      const now = items.map(keyOf).join("\n");
      // Only what tells the time has changed: the lines stay, so that one with the focus keeps it.
      if (now === shown) rows.forEach((item, i) => { if (item.lastChild !== item.firstChild) say(list.children[i].lastChild, item.lastChild.textContent); });
      else list.replaceChildren(...(rows.length > 0 ? rows : [h("li", { class: "soft" }, none)]));
      shown = now;
    },
  };
}

function rateChart() {
  const line = sparkline();
  const said = h("figcaption", { class: "soft" });
  const element = h("figure", { class: "chart", hidden: true }, line.element, said);
  return {
    element,
    update(history) {
      element.hidden = history.length < 2;
      if (element.hidden) return;
      const points = history.map(point => ({ time: new Date(point.time).getTime(), rate: point.images_per_second ?? 0 }));
      line.update(points);
      say(said, `Images a second over ${duration((points.at(-1).time - points[0].time) / 1000)}: up to ${rate(Math.max(...points.map(point => point.rate)))}, ${rate(points.at(-1).rate)} at the end.`);
    },
  };
}
