// Results of a job as one file, in a format of choice.

import { ask, jobPath } from "./api.js";
import { h, say } from "./dom.js";

/** Makes the card. */
export function downloads(id) {
  const format = h("select", { id: "download-format", onchange: () => describe() });
  const what = h("p", { class: "hint", role: "status" });
  const problem = h("p", { class: "failed", role: "alert", hidden: true });
  const get = h("button", { type: "button", class: "main", onclick: () => download() }, "Download");
  const lines = h("a", { class: "button", href: `${jobPath(id)}/results`, download: `${id}.jsonl` }, "results.jsonl");
  const element = h("section", { class: "card downloads", "aria-label": "Results", hidden: true },
    h("div", { class: "head" }, h("h2", null, "Results"), h("label", { htmlFor: "download-format", class: "soft" }, "Format"), format, get, lines), what, problem);
  let [choices, status] = [null, null];

  function describe() {
    const chosen = choices.find(item => item.format === format.value);
    say(what, `A zip file: ${chosen.description}.${status?.images !== undefined && status.labelled + status.failed >= status.images ? "" : " Of what is labelled so far."}${status?.failed > 0 ? " With results.jsonl, which says what failed." : ""}`);
  }

  async function load() {
    choices = [];
    choices = await ask("choices").then(found => found.downloads, () => null);
    if (!choices) return;
    format.append(...choices.map(item => h("option", { value: item.format }, item.format)));
    describe();
  }

  async function download() {
    problem.hidden = get.disabled = true;
    const path = `${jobPath(id)}/download?format=${encodeURIComponent(format.value)}`;
    try {
      // A refusal is told here; the file itself is the browser's to save, which tells of none.
      await ask(`${path}&check=true`);
      h("a", { href: path, download: "" }).click();
      say(what, "The file is being made; the browser saves it as it comes.");
    } catch (error) {
      say(problem, error.message);
      problem.hidden = false;
    } finally {
      get.disabled = false;
    }
  }

  return {
    element,
    /** Hears where the job stands: before anything is labelled there is nothing to be had. */
    update(now) {
      const before = status;
      status = now;
      element.hidden = now.labelled + now.failed === 0;
      if (element.hidden) return;
      if (!choices) load();
      else if (choices.length > 0 && (before?.failed !== now.failed || before?.state !== now.state)) describe();
    },
  };
}
