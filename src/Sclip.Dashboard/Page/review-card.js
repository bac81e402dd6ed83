// How far people are with the review of a job.

import { ask, jobPath } from "./api.js";
import { h, mark, reconcile, say } from "./dom.js";
import { count, plural } from "./format.js";

const every = 10000;

/** `choose` hears the filter that is wished; `changed` that the review has moved on, by whomever. */
export function reviewCard(job, choose, changed) {
  const said = h("p", { class: "soft" });
  const bars = ["accepted", "rejected", "flagged"].map(name => h("span", { class: name }));
  const bar = h("div", { class: "progress review", role: "progressbar", "aria-label": "Reviewed", "aria-valuemin": "0", "aria-valuemax": "100" }, bars);
  const counts = h("ul", { class: "counts", "aria-label": "Reviews" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const begin = h("button", { type: "button", onclick: () => choose({ review: "open", order: "doubt" }) }, "Doubtful first, not yet reviewed");
  const element = h("section", { class: "card review-card", hidden: true, "aria-labelledby": "review-title" },
    h("div", { class: "head" }, h("h2", { id: "review-title" }, "Review"), begin, h("a", { class: "button", href: `${jobPath(job.id)}/review/images`, download: `${job.id}-reviews.jsonl` }, "Reviews")), bar, said, counts, problem);
  let [heard, timer, closed] = [null, 0, false];

  function draw(summary) {
    const reviewed = summary.accepted + summary.rejected + summary.flagged;
    const all = summary.images ?? reviewed + (summary.open ?? 0);
    element.hidden = all === 0;
    for (const part of bars) part.style.width = `${100 * summary[part.className] / Math.max(1, all)}%`;
    mark(bar, "aria-valuenow", Math.floor(100 * reviewed / Math.max(1, all)));
    const by = Object.entries(summary.by_reviewer ?? {}).sort((a, b) => b[1] - a[1]).map(([name, number]) => ` · ${name} ${count(number)}`);
    say(said, `${count(reviewed)} of ${plural(all, "image")} reviewed${by.join("")}`);
    reconcile(counts, ["accepted", "rejected", "flagged", "open", "corrected"].filter(name => summary[name] > 0), name => name, name => {
      const number = h("strong");
      return { element: h("li", null, h("button", { type: "button", class: "chip", "data-decision": name, onclick: () => choose({ review: name }) }, number, ` ${name === "open" ? "not yet reviewed" : name}`)), number };
    }, (part, name) => say(part.number, count(summary[name])));
  }

  async function look() {
    clearTimeout(timer);
    try {
      const summary = document.hidden ? null : await ask(`${jobPath(job.id)}/review`);
      if (closed) return;
      problem.hidden = true;
      const text = JSON.stringify(summary);
      if (summary && text !== heard) {
        draw(summary);
        if (heard !== null) changed();
        heard = text;
      }
    } catch (error) {
      if (closed) return;
      say(problem, error.message);
      problem.hidden = false;
    }
    clearTimeout(timer);
    if (!closed) timer = setTimeout(look, every);
  }

  look();
  return {
    element, look,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
