// Results of a job as one file, in a format of choice.

import { ask, jobPath, request } from "./api.js";
import { h, say } from "./dom.js";

// Sent as they are, however many; all other formats are made first.
const masks = "masks";
const reviews = [["", "Reviewed or not"], ["accepted", "Accepted"], ["rejected", "Rejected"], ["flagged", "Flagged"], ["accepted,rejected,flagged", "Reviewed"], ["open", "Not yet reviewed"]];
const kept = 60000;

/** Makes the card. */
export function downloads(id) {
  const format = h("select", { id: "download-format", onchange: () => describe() });
  const reviewed = h("select", { id: "download-reviewed", onchange: () => describe() }, reviews.map(([value, text]) => h("option", { value }, text)));
  const what = h("p", { class: "hint", role: "status" });
  const problem = h("p", { class: "failed", role: "alert", hidden: true });
  const get = h("button", { type: "button", class: "main", onclick: () => download() }, "Download");
  const lines = h("a", { class: "button", href: `${jobPath(id)}/results`, download: `${id}.jsonl` }, "results.jsonl");
  const element = h("section", { class: "card downloads", "aria-label": "Results", hidden: true },
    h("div", { class: "head" }, h("h2", null, "Results"), h("label", { htmlFor: "download-format", class: "soft" }, "Format"), format, h("label", { htmlFor: "download-reviewed", class: "soft" }, "Images"), reviewed, get, lines), what, problem);
  let [choices, status] = [null, null];

  function describe() {
    const chosen = choices.find(item => item.format === format.value);
    const why = status?.failed > 0 ? `${format.value === masks ? "" : "; with results.jsonl"}, which says what failed` : "";
    say(what, `A zip file: ${chosen.description}${why}.${status?.images !== undefined && status.labelled + status.failed >= status.images ? "" : " Of what is labelled so far."}${reviewed.value === "" ? "" : ` Only of images that are ${reviewed.selectedOptions[0].text.toLowerCase()}.`}`);
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
    const path = `${jobPath(id)}/download?format=${encodeURIComponent(format.value)}${reviewed.value === "" ? "" : `&reviewed=${encodeURIComponent(reviewed.value)}`}`;
    try {
      await (format.value === masks ? stream(path) : fetchWhole(path));
    } catch (error) {
      describe();
      say(problem, error.message);
      problem.hidden = false;
    } finally {
      get.disabled = false;
    }
  }

  /** The browser's to save as it comes, which tells of no refusal: that is asked for before. */
  async function stream(path) {
    await ask(`${path}&check=true`);
    h("a", { href: path, download: "" }).click();
    say(what, "The browser saves the file as it comes.");
  }

  /** That a file is too large or cannot be made shows only as it is made, and its reason is told only to who asked for it: the page. */
  async function fetchWhole(path) {
    say(what, "The file is being made. It is saved once it is whole; keep the page open until then.");
    const answer = await request(path);
    const file = await answer.blob().catch(() => { throw new Error("The download broke off before the file was whole. Ask for it again."); });
    const address = URL.createObjectURL(file);
    h("a", { href: address, download: /filename="?([^";]+)/.exec(answer.headers.get("content-disposition"))?.[1] ?? `${id}.zip` }).click();
    setTimeout(() => URL.revokeObjectURL(address), kept);
    say(what, "The browser saves the file.");
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
