// The list as a file, and what labels everything with it.

import { ask } from "./api.js";
import { h, say } from "./dom.js";
import { draftJob } from "./drafted-job.js";

/** `question` gives the list and settings, or throws why there are none; `jobOf` the job that the pictures are of. */
export function savePane(path, question, keyOf, jobOf) {
  let savedKey = null;
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const said = h("p", { role: "status", class: "path" });
  const old = h("p", { class: "note", hidden: true }, "The list was changed since. Save again to have the changes in the file.");
  const rest = h("div", { class: "stack" });
  const button = h("button", { type: "button", class: "main", onclick: () => save() }, "Save the list");
  const element = h("div", { class: "stack" }, h("p", { class: "soft" }, "The label file of the list as it stands, for all other pictures."), h("div", { class: "actions" }, button), problem, said, old, rest);

  async function save() {
    problem.hidden = true;
    button.disabled = true;
    try {
      const body = question();
      const saved = await ask(`${path}/save`, { method: "POST", body });
      savedKey = keyOf(body);
      old.hidden = true;
      say(said, saved.path ? `Saved to ${saved.path}` : `Saved as ${saved.file}`);
      rest.replaceChildren(...[
        saved.note ? h("p", { class: "soft" }, saved.note) : null,
        ...(saved.commands ?? []).map(command),
        h("div", { class: "actions" }, h("a", { class: "button", href: `${path}/labels.json`, download: saved.file || "labels.json" }, "Download"),
          saved.job ? h("button", { type: "button", onclick: () => makeJob(saved.job) }, "Make it a job") : null),
      ].filter(part => part));
    } catch (error) {
      say(problem, error.message);
      problem.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  function command(text) {
    const [code, told] = [h("code", null, text.split(/(?<= )(?=--)/).map(part => h("span", null, part))), h("span", { class: "soft", role: "status" })];
    return h("div", { class: "command" }, code, h("button", { type: "button", "aria-label": `Copy ${text}`, onclick: async () => {
      try {
        await navigator.clipboard.writeText(text);
        say(told, "Copied.");
      } catch {
        // No clipboard here: what is selected can be copied by hand.
        getSelection().selectAllChildren(code);
        say(told, "Selected: copy it with Ctrl+C.");
      }
    } }, "Copy"), told);
  }

  /** Listed images are those of the job: the form reads them from there. */
  const makeJob = ({ images, ...job }) => draftJob({ ...job, images_of: images ? jobOf() : undefined });

  return { element, save, look: key => { old.hidden = savedKey === null || savedKey === key; } };
}
