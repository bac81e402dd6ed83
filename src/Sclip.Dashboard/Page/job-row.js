// A job in the table: a line on a wide window, a card of a few lines on a phone.

import { h, mark, say } from "./dom.js";
import { ago, clock, compact, duration, percent, plural, rate } from "./format.js";
import { isOpen, progressBar, stateChip } from "./progress.js";

const urgentFrom = 5;
const cell = (style, ...content) => h("div", { class: `cell ${style}`, role: "gridcell" }, content);

/** `picked` hears that the row's mark is set or taken, and whether the range to it is meant. */
export function jobRow(job, picked) {
  const id = job.status.id;
  const [chip, bar] = [stateChip(), progressBar()];
  const box = h("input", { type: "checkbox", tabindex: "-1", "aria-label": `Select ${job.status.name ?? id}`, onclick: event => picked(box.checked, event.shiftKey) });
  const name = h("a", { href: `#/jobs/${encodeURIComponent(id)}`, class: "name", tabindex: "-1" }, job.status.name ?? id);
  const [where, reason] = [h("span", { class: "id" }, `${job.status.name ? `${id} · ` : ""}${job.input}`), h("span", { class: "reason", hidden: true })];
  const [share, images, failed, pace, priority, created, ended] = ["share", "images", "failures-count", "pace", "priority", "created", "ended"].map(style => cell(style));
  const element = h("div", { class: "job", role: "row", tabindex: "-1" },
    cell("mark", box), cell("who", name, h("span", { class: "detail soft" }, reason, where)), cell("state", chip.element), cell("bar-cell", bar.element), share, images, failed, pace, priority, created, ended);
  return {
    element,
    update(job, isSelected) {
      const { status } = job;
      box.checked = isSelected;
      mark(element, "aria-selected", isSelected);
      chip.update(status.state);
      bar.update(status);
      reason.hidden = !status.reason;
      say(reason, status.reason ?? "");
      where.hidden = !!status.reason;
      const [done, all] = [status.labelled + status.failed, status.images];
      say(share, all > 0 ? percent(Math.floor(1000 * done / all) / 1000) : "");
      say(images, `${compact(done)} of ${all === undefined ? "?" : compact(all)}`);
      say(failed, status.failed > 0 ? compact(status.failed) : "");
      failed.classList.toggle("failed", status.failed > 0);
      say(pace, isOpen(status)
        ? [job.images_per_second > 0 ? rate(job.images_per_second) : "", job.seconds_left === undefined ? "" : `${duration(job.seconds_left)} left`].filter(text => text).join(" · ")
        : status.completed ? `took ${duration((new Date(status.completed) - new Date(status.created)) / 1000)}` : "");
      say(priority, job.priority >= urgentFrom ? `urgent (${job.priority})` : String(job.priority));
      priority.classList.toggle("urgent", job.priority >= urgentFrom);
      say(created, new Date(status.created).getFullYear() > 1 ? ago(status.created) : "");
      say(ended, status.completed ? ago(status.completed) : "");
      mark(name, "title", [status.name, id, job.input, `${job.method} · ${plural(job.classes, "class", "classes")} · ${job.model}`, `submitted ${clock(status.created)}`, status.completed && `ended ${clock(status.completed)}`, status.reason].filter(text => text).join("\n"));
    },
  };
}

/** What stands in the place of a job that is still being read. */
export function emptyRow() {
  return { element: h("div", { class: "job empty", role: "row", tabindex: "-1", "aria-busy": "true" }, cell("who", h("span", { class: "soft" }, "…"))), update() {} };
}
