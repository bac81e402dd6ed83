// How far a job is: its bar and its state.

import { h, mark, say } from "./dom.js";

export function progressBar() {
  const good = h("span", { class: "good" });
  const bad = h("span", { class: "bad" });
  const element = h("div", { class: "progress", role: "progressbar", "aria-label": "Progress", "aria-valuemin": "0", "aria-valuemax": "100" }, good, bad);
  return {
    element,
    update(status) {
      const all = status.images ?? 0;
      const share = part => all > 0 ? 100 * part / all : 0;
      good.style.width = `${share(status.labelled)}%`;
      bad.style.width = `${share(status.failed)}%`;
      // Of a job that is still being listed nobody knows the whole.
      element.classList.toggle("open", all === 0 && status.state === "planning");
      element.dataset.state = status.state;
      mark(element, "aria-valuenow", Math.floor(share(status.labelled + status.failed)));
    },
  };
}

/** Whether a job has not ended. */
export const isOpen = status => status.state === "planning" || status.state === "waiting" || status.state === "running";

export function stateChip() {
  const element = h("span", { class: "chip" });
  return {
    element,
    update(state) {
      say(element, state);
      element.dataset.state = state;
    },
  };
}
