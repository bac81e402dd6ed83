// All jobs, the workers, and how fast it goes.

import { h, mark, reconcile, say } from "./dom.js";
import { ago, compact, count, duration, plural, rate } from "./format.js";
import { isOpen, progressBar, stateChip } from "./progress.js";
import { live, onOverview, totalRate } from "./state.js";
import { sparkline } from "./sparkline.js";

const groups = {
  all: () => true,
  running: status => isOpen(status) && status.state !== "waiting",
  waiting: status => status.state === "waiting",
  ended: status => !isOpen(status),
  trouble: status => status.failed > 0 || status.state === "failed",
};

export function overviewPage() {
  const tiles = tileRow();
  const list = h("ul", { class: "jobs", "aria-label": "Jobs" });
  const nothing = h("p", { class: "nothing", hidden: true });
  const workers = h("ul", { class: "workers" });
  const idle = h("p", { class: "nothing", hidden: true });
  const search = h("input", { type: "search", placeholder: "Find a job", "aria-label": "Find a job", oninput: () => update(live.overview) });
  let group = "all";
  const tabs = h("div", { class: "segments", role: "group", "aria-label": "Which jobs" }, Object.keys(groups).map(name =>
    h("button", { type: "button", "aria-pressed": String(name === group), onclick: event => {
      group = name;
      for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab === event.currentTarget));
      update(live.overview);
    } }, { all: "All", running: "Running", waiting: "Waiting", ended: "Ended", trouble: "With failures" }[name])));

  function update(overview) {
    if (!overview) return;
    tiles.update(overview);
    const wanted = search.value.trim().toLowerCase();
    const shown = overview.jobs.filter(job => groups[group](job.status) && (!wanted || `${job.status.id} ${job.status.name ?? ""} ${job.input}`.toLowerCase().includes(wanted)));
    reconcile(list, shown, job => job.status.id, jobRow, (row, job) => row.update(job));
    nothing.hidden = shown.length > 0;
    nothing.replaceChildren(...(overview.jobs.length > 0 ? ["No job matches."] : ["There are no jobs yet. ", h("a", { href: "#/new" }, "Make the first one"), "."]));
    reconcile(workers, overview.workers, worker => worker.name, workerRow, (row, worker) => row.update(worker));
    idle.hidden = overview.workers.length > 0;
    say(idle, overview.broker ? `The broker is not reachable: ${overview.broker}` : "No worker is at work. Where workers scale with the queue, they come with the first shard.");
  }

  const element = h("div", { class: "page overview" },
    tiles.element,
    h("section", { "aria-labelledby": "jobs-title" },
      h("div", { class: "head" }, h("h1", { id: "jobs-title" }, "Jobs"), tabs, search, h("a", { class: "button main", href: "#/new" }, "New job")),
      list, nothing),
    h("section", { "aria-labelledby": "workers-title" }, h("div", { class: "head" }, h("h2", { id: "workers-title" }, "Workers")), workers, idle));
  return { element, close: onOverview(update), title: "Jobs" };
}

function tileRow() {
  const tile = name => {
    const value = h("strong");
    const note = h("span", { class: "soft" });
    return { element: h("li", { class: "tile card" }, h("span", { class: "name" }, name), value, note), value, note };
  };
  const [speed, running, waiting, busy] = ["Throughput", "Running jobs", "Shards waiting", "Workers"].map(tile);
  const line = sparkline();
  speed.element.append(line.element);
  speed.element.classList.add("wide-tile");
  return {
    element: h("ul", { class: "tiles", "aria-label": "Now" }, speed.element, running.element, waiting.element, busy.element),
    update(overview) {
      say(speed.value, `${rate(totalRate(overview)).replace("/s", "")}`);
      say(speed.note, "images a second");
      line.update(live.throughput);
      const [open, runs] = [overview.jobs.filter(job => isOpen(job.status)), overview.jobs.filter(job => groups.running(job.status))];
      const left = open.reduce((sum, job) => sum + Math.max(0, (job.status.images ?? 0) - job.status.labelled - job.status.failed), 0);
      say(running.value, count(runs.length));
      const others = open.length - runs.length;
      say(running.note, open.length > 0 ? `${compact(left)} images left${others > 0 ? `, ${plural(others, "job waits", "jobs wait")}` : ""}` : `of ${count(overview.jobs_total)} in all`);
      const queue = name => overview.queues.find(item => item.name === name)?.shards ?? 0;
      say(waiting.value, overview.broker ? "?" : compact(queue("segment-shard") + queue("segment-shard-urgent")));
      const errors = queue("segment-shard_error");
      say(waiting.note, overview.broker ? "broker not reachable" : errors > 0 ? `${plural(errors, "shard")} given up` : queue("segment-shard-urgent") > 0 ? `${compact(queue("segment-shard-urgent"))} urgent` : "in the queue");
      waiting.element.classList.toggle("bad", !!overview.broker || errors > 0);
      const ready = overview.workers.filter(worker => worker.state === "ready");
      const working = overview.workers.filter(worker => worker.shards.length > 0);
      say(busy.value, count(ready.length));
      say(busy.note, overview.workers.length === 0 ? "none heard of" : `${working.length} busy${overview.workers.length > ready.length ? `, ${overview.workers.length - ready.length} not ready` : ""}`);
    },
  };
}

function jobRow(job) {
  const chip = stateChip();
  const bar = progressBar();
  const name = h("a", { href: `#/jobs/${encodeURIComponent(job.status.id)}`, class: "name" }, job.status.name ?? job.status.id);
  const under = h("span", { class: "soft id" }, job.status.name ? `${job.status.id} · ${job.input}` : job.input);
  const [done, speed, left, failed, when] = Array.from({ length: 5 }, () => h("span"));
  const reason = h("p", { class: "reason soft", hidden: true });
  const element = h("li", { class: "job card" },
    h("div", { class: "who" }, name, under),
    chip.element,
    bar.element,
    h("div", { class: "facts" }, done, failed, speed, left, h("span", { class: "soft" }, `${job.method} · ${plural(job.classes, "class", "classes")} · ${job.model}`), when),
    reason);
  when.className = "soft when";
  return {
    element,
    update({ status, images_per_second, seconds_left }) {
      chip.update(status.state);
      bar.update(status);
      const runs = isOpen(status);
      reason.hidden = !status.reason;
      say(reason, status.reason ?? "");
      say(done, status.images === undefined ? `${compact(status.labelled + status.failed)} images so far` : `${compact(status.labelled + status.failed)} of ${plural(status.images, "image")}`);
      say(failed, status.failed > 0 ? `${compact(status.failed)} failed` : "");
      failed.className = "failed";
      say(speed, runs && images_per_second !== undefined ? rate(images_per_second) : "");
      say(left, runs && seconds_left !== undefined ? `${duration(seconds_left)} left` : "");
      say(when, status.completed ? `took ${duration((new Date(status.completed) - new Date(status.created)) / 1000)}, ${ago(status.completed)}` : new Date(status.created).getFullYear() > 1 ? `submitted ${ago(status.created)}` : "");
    },
  };
}

function workerRow() {
  const [name, state, shards, speed] = ["name", "soft state", "work", "soft speed"].map(style => h("span", { class: style }));
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  return {
    element: h("li", { class: "worker card" }, dot, name, speed, state, shards),
    update(worker) {
      say(name, worker.name);
      mark(dot, "data-state", worker.state === "ready" && worker.shards.length > 0 ? "busy" : worker.state);
      const waits = worker.waits?.length > 0 ? ` · ${worker.waits.join(" ")}` : "";
      say(state, worker.reason ? `${worker.state}: ${worker.reason}` : `${[worker.state, ...worker.devices, ...worker.models].join(" · ")} · up ${duration((Date.now() - new Date(worker.started)) / 1000)}${waits}`);
      const work = worker.shards.map(shard => `${shard.job} #${shard.shard}`).join("\n");
      if (shards.dataset.work !== work) {
        shards.dataset.work = work;
        shards.replaceChildren(...worker.shards.map(shard => h("a", { href: `#/jobs/${encodeURIComponent(shard.job)}` }, `${shard.job} · shard ${shard.shard}`)));
      }
      say(speed, `${rate(worker.images_per_second)} · ${plural(worker.images, "image")}`);
    },
  };
}
