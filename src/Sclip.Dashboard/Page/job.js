// One job: how far it is, what it found, and its pictures.

import { ask, follow, jobPath } from "./api.js";
import { atMostEvery } from "./at-most.js";
import { confirmed } from "./dialog.js";
import { h, say } from "./dom.js";
import { factList } from "./facts.js";
import { compact, count, duration, rate, since } from "./format.js";
import { classShares } from "./class-shares.js";
import { downloads } from "./downloads.js";
import { gallery } from "./gallery.js";
import { jobSettings } from "./job-settings.js";
import { isOpen, progressBar, stateChip } from "./progress.js";
import { reviewCard } from "./review-card.js";
import { live, onOverview } from "./state.js";
import { workerLink } from "./worker-list.js";

const recountEvery = 1000;

/** `start` is the place of the address within the job. */
export function jobPage(id, start) {
  const title = h("h1", null, id);
  const under = h("p", { class: "soft id" }, id);
  const chip = stateChip();
  const bar = progressBar();
  const reason = h("p", { class: "problem", role: "alert", hidden: true });
  const waiting = h("p", { class: "note", role: "status", hidden: true });
  const note = h("p", { class: "note", role: "status", hidden: true });
  const warnings = h("p", { class: "note", role: "status", hidden: true });
  const facts = factList(["Labelled", "By kept features", "By pixels", "Failed", "Elapsed", "Rate", "Time left", "Shards", "Windows", "Workers"]);
  const failures = failureList(kind => pictures?.choose({ status: "failed", error: kind }));
  const shares = classShares(name => pictures?.choose({ class: name }));
  const actions = h("div", { class: "actions" });
  const settings = h("details", { class: "card settings" });
  const place = h("div");
  let job = null, status = null, counted = null, pictures = null, reviews = null, address = start, stop = null, stopOverview = () => {}, closed = false;

  const act = (text, style, question, path, done) => h("button", { type: "button", class: style, onclick: async event => {
    const button = event.currentTarget;
    if (question && !await confirmed(question, text)) return;
    button.disabled = true;
    try {
      show(await ask(`${jobPath(id)}/${path}`, { method: "POST" }));
      say(note, done);
      note.hidden = false;
      if (stop) watch();
    } catch (error) {
      fail(error);
    } finally {
      button.disabled = false;
    }
  } }, text);
  const cancel = act("Cancel job", "danger", "Cancel this job? Workers leave it; what is labelled stays, and it can be taken up again.", "cancel", "Cancelled. What is labelled stays.");
  const retry = act("Take up again", "", null, "retry", "The shards without results are in the queue again.");
  const retryFailed = act("Retry failed images", "", null, "retry?failed=true", "The failed images are in the queue again.");
  const results = downloads(id);
  const again = h("a", { class: "button", href: `#/new/${encodeURIComponent(id)}` }, "Copy to a new job");
  const bench = h("a", { class: "button", href: `#/workbench?job=${encodeURIComponent(id)}`, hidden: true }, "Workbench");
  actions.append(cancel, retry, retryFailed, bench, again);

  function fail(error) {
    say(reason, error.message);
    reason.hidden = false;
  }

  function show(now) {
    status = now;
    chip.update(now.state);
    bar.update(now);
    const runs = isOpen(now);
    cancel.hidden = !runs;
    retry.hidden = !(now.state === "cancelled" || now.state === "failed" || now.waits_for === "operator");
    retryFailed.hidden = !(now.failed > 0 && now.state === "completed");
    bench.hidden = now.labelled === 0;
    const waits = now.state === "waiting";
    reason.hidden = waits || !now.reason;
    if (!reason.hidden) say(reason, now.reason);
    waiting.hidden = !waits;
    if (waits) say(waiting, `Waiting: ${(now.reason ?? "no worker has a shard of it in work.").replace(/^waiting for /, "")}`);
    warnings.hidden = !now.warnings?.length;
    say(warnings, (now.warnings ?? []).join(" "));
    facts.set("Labelled", now.images === undefined ? `${count(now.labelled)} so far` : `${count(now.labelled)} of ${count(now.images)}`);
    facts.set("By kept features", now.by_features === undefined ? null : count(now.by_features));
    facts.set("By pixels", now.by_pixels === undefined ? null : count(now.by_pixels), "", now.by_pixels > 0 ? "Their features could not be used: features_unused in the results says why." : "");
    facts.set("Failed", count(now.failed), now.failed > 0 ? "failed" : "");
    facts.set("Shards", `${count(now.shards_done)} of ${count(now.shards)}${now.images === undefined ? " so far" : ""}`);
    facts.set("Windows", compact(now.windows));
    facts.links("Workers", (now.workers ?? []).map(name => [name, workerLink(name)]));
    failures.update(now.failures ?? {});
    results.update(now);
    if (job) shares.update(job.labels, now.pixels ?? {});
    pictures?.moved(now);
    pace();
  }

  function pace() {
    if (!status) return;
    const runs = isOpen(status);
    const progress = live.overview?.jobs.find(item => item.status.id === id);
    facts.set("Rate", runs ? rate(progress?.images_per_second) : null);
    facts.set("Time left", runs ? duration(progress?.seconds_left) : null);
    const end = status.completed ? (new Date(status.completed) - new Date(status.created)) / 1000 : runs ? since(status.created) : null;
    facts.set("Elapsed", end === null ? null : duration(end));
  }

  /** The overview tells of most jobs, though not of the pixels of their classes; those that are in none, old ones and previews, are followed by themselves. */
  function hear(overview) {
    const progress = overview.jobs.find(item => item.status.id === id);
    if (progress) {
      stop?.();
      stop = null;
      show({ ...progress.status, pixels: status?.pixels });
      if (counted !== countsOf(progress.status)) recount.ask();
    } else if (!stop) watch();
  }

  const countsOf = now => `${now.state} ${now.labelled} ${now.failed}`;
  const recount = atMostEvery(recountEvery, async () => {
    try {
      const now = await ask(jobPath(id));
      if (closed) return;
      counted = countsOf(now);
      show(now);
    } catch {
      // The next overview asks again.
    }
  });

  function watch() {
    stop?.();
    const mine = follow(`${jobPath(id)}/events`, "status", now => {
      show(now);
      // The stream ends with the job, which is no lost connection.
      if (!isOpen(now)) mine();
    });
    stop = mine;
  }

  ask(`${jobPath(id)}/document`).then(document => {
    if (closed) return;
    job = document;
    say(title, job.name ?? id);
    under.hidden = !job.name;
    settings.append(...jobSettings(job));
    reviews = reviewCard(job, change => pictures.choose({ class: null, status: null, error: null, search: null, order: "shard", ...change }), () => pictures.refresh());
    pictures = gallery(job, address, () => reviews.look());
    place.replaceWith(reviews.element, pictures.element);
    stopOverview = onOverview(hear);
  }).catch(error => {
    fail(error);
    for (const part of [actions, facts.element, bar.element, chip.element, shares.element, settings, failures.element, results.element]) part.hidden = true;
  });

  const element = h("div", { class: "page job-page" },
    h("p", { class: "crumb" }, h("a", { href: "#/" }, "Jobs")),
    h("div", { class: "head" }, h("div", { class: "who" }, title, under), chip.element, actions),
    reason, waiting, note, warnings,
    h("section", { class: "card", "aria-label": "Progress" }, bar.element, facts.element, failures.element),
    results.element,
    shares.element,
    place, settings);
  const ticks = setInterval(pace, 1000);
  return {
    element,
    title: id,
    /** Shows another place of the job, as the address has it. */
    navigate(to) {
      address = to;
      pictures?.navigate(to);
    },
    close() {
      closed = true;
      stop?.();
      stopOverview();
      clearInterval(ticks);
      recount.close();
      reviews?.close();
      pictures?.close();
    },
  };
}

function failureList(chosen) {
  const list = h("ul");
  const element = h("div", { class: "failures", hidden: true }, h("h2", null, "Failures"), list);
  let shown = "";
  return {
    element,
    update(failures) {
      const entries = Object.entries(failures).sort((a, b) => b[1] - a[1]);
      const text = JSON.stringify(entries);
      if (text === shown) return;
      shown = text;
      element.hidden = entries.length === 0;
      list.replaceChildren(...entries.map(([kind, number]) => h("li", null, h("strong", null, count(number)), " ",
        h("button", { type: "button", class: "link", onclick: () => chosen(kind) }, kind || "without a reason"))));
    },
  };
}
