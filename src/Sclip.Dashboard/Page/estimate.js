// What a job would take, before it is submitted.

import { ask } from "./api.js";
import { h, say } from "./dom.js";
import { count, duration, plural } from "./format.js";

const patience = 700;

/** Makes the pane; `request` gives the request that the form would send, or null while it cannot be sent. */
export function estimatePane(request) {
  const facts = h("dl", { class: "facts" });
  const notes = h("ul", { class: "hint" });
  const said = h("p", { class: "soft", role: "status" });
  const element = h("section", { class: "card estimate", "aria-label": "What it takes" }, h("h2", null, "What it takes"), said, facts, notes);
  const idle = "Name the images, a model and a class, and this tells how long the job takes.";
  let [timer, asking, last] = [null, null, null];

  const fact = (name, value) => value === null ? [] : [h("div", null, h("dt", null, name), h("dd", null, value))];

  function clear(message) {
    facts.replaceChildren();
    notes.replaceChildren();
    say(said, message);
  }

  function draw(estimate) {
    const hours = estimate.worker_seconds === undefined ? null : estimate.worker_seconds / 3600;
    facts.replaceChildren(
      ...fact("Pictures", `${count(estimate.images)}${estimate.complete ? "" : "+"}`),
      ...fact("Windows", `${count(estimate.windows)}${estimate.complete ? "" : "+"}`),
      ...fact("Workers", count(estimate.workers)),
      ...fact("Time", estimate.seconds === undefined ? null : duration(Math.max(1, estimate.seconds))),
      ...fact("Worker hours", hours === null ? null : hours >= 0.1 ? hours.toFixed(1) : "< 0.1"),
      ...fact("Cost", estimate.cost === undefined ? null : estimate.cost.toFixed(2)));
    say(said, estimate.sampled > 0 ? `${estimate.windows_per_image.toFixed(1)} windows a picture, by the sizes of ${plural(estimate.sampled, "picture")}.` : "");
    notes.replaceChildren(...estimate.notes.map(note => h("li", null, note)));
  }

  async function estimate(wanted, text) {
    asking?.abort();
    const mine = asking = new AbortController();
    element.setAttribute("aria-busy", "true");
    try {
      draw(await ask("jobs/estimate", { method: "POST", body: wanted, signal: mine.signal }));
    } catch (error) {
      if (error.name === "AbortError" || mine !== asking) return;
      clear(error.message);
      // It may be another answer the next time.
      if (last === text) last = null;
    }
    if (mine === asking) element.removeAttribute("aria-busy");
  }

  clear(idle);
  return {
    element,
    /** Something in the form may be another. */
    look() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const wanted = request();
        const text = JSON.stringify(wanted);
        if (text === last) return;
        last = text;
        if (wanted) estimate(wanted, text);
        else {
          asking?.abort();
          element.removeAttribute("aria-busy");
          clear(idle);
        }
      }, patience);
    },
    /** Estimates anew: what lies in the store is another. */
    refresh() {
      last = null;
      this.look();
    },
    close() {
      clearTimeout(timer);
      asking?.abort();
    },
  };
}
