// The editor of a label set: names, synonyms, colours, and which class is the background.

import { ask } from "./api.js";
import { h, say } from "./dom.js";
import { colorOf } from "./colors.js";

export function labelsEditor(changed) {
  const rows = h("ol", { class: "labels" });
  const text = h("textarea", { rows: "6", "aria-label": "Classes as text", placeholder: "sky\ngrass, lawn, meadow\na dog, puppy", spellcheck: "false" });
  const file = h("input", { type: "file", "aria-label": "File of classes", onchange: () => { if (file.files.length > 0) take(file.files[0]); file.value = ""; } });
  const paste = h("details", { class: "paste" }, h("summary", null, "Write, paste or drop a list"),
    h("p", { class: "soft" }, "A class a line, synonyms behind a comma and a space; or what annotators and trainers have: CSV, data.yaml, COCO, CVAT, Label Studio, Mapillary, labelmap.txt, labelmap.pbtxt, id2label, colour lists. A file may be dropped anywhere in this box."), text, file,
    h("button", { type: "button", onclick: () => take(text.value) }, "Use this list"), h("button", { type: "button", class: "link", onclick: () => { text.value = write(); } }, "Fill in what is above"));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const told = h("p", { class: "note", role: "status", hidden: true });
  const add = h("button", { type: "button", onclick: () => { insert({}, true); } }, "Add class");
  const element = h("fieldset", { class: "card" }, h("legend", null, "Classes"),
    h("p", { class: "soft" }, "What the pictures may show. Each pixel goes to the class whose name, or best synonym, fits it best; name what else there is, too, such as sky or wall."),
    rows, h("div", { class: "actions" }, add), problem, told, paste);
  element.addEventListener("dragover", event => event.preventDefault());
  element.addEventListener("drop", event => {
    event.preventDefault();
    const [dropped] = event.dataTransfer.files;
    take(dropped ?? event.dataTransfer.getData("text"));
  });
  let made = 0;

  function insert(label, focus) {
    const number = ++made;
    const color = h("input", { type: "color", value: label.color ?? colorOf(rows.children.length), "aria-label": "Colour", oninput: changed });
    const name = h("input", { type: "text", value: label.name ?? "", placeholder: "name", "aria-label": "Name", class: "name", maxlength: "200", oninput: changed, onkeydown: event => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const row = event.target.closest("li");
      if (row.nextElementSibling) row.nextElementSibling.querySelector(".name").focus();
      else insert({}, true);
    } });
    const synonyms = h("input", { type: "text", value: (label.synonyms ?? []).join(", "), placeholder: "synonyms, between commas", "aria-label": "Synonyms", class: "synonyms", oninput: changed });
    const background = h("input", { type: "checkbox", checked: label.background === true, id: `background-${number}`, onchange: event => {
      if (event.target.checked) for (const other of rows.querySelectorAll("input[type=checkbox]")) if (other !== event.target) other.checked = false;
      changed();
    } });
    const row = h("li", null, color, name, synonyms,
      h("label", { class: "background", htmlFor: `background-${number}`, title: "Thresholds fall back to this class" }, background, "background"),
      h("button", { type: "button", class: "quiet remove", "aria-label": "Remove class", onclick: () => {
        const neighbour = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        neighbour?.querySelector(".name").focus();
        changed();
      } }, "✕"));
    rows.append(row);
    if (focus) name.focus();
    changed();
  }

  function read() {
    return [...rows.children].map(row => ({
      name: row.querySelector(".name").value.trim(),
      synonyms: row.querySelector(".synonyms").value.split(",").map(word => word.trim()).filter(word => word),
      color: row.querySelector("input[type=color]").value,
      background: row.querySelector("input[type=checkbox]").checked,
    })).filter(label => label.name);
  }

  function fill(labels) {
    rows.replaceChildren();
    for (const label of labels) insert(label, false);
    if (labels.length === 0) insert({}, false);
  }

  const write = () => read().map(label => [label.name, ...label.synonyms].join(", ")).join("\n");

  /** Takes a text or a file over, as the service reads it: the same as everywhere else. */
  async function take(list) {
    problem.hidden = told.hidden = true;
    try {
      const { form, classes, notes, warnings } = await ask("labels", { method: "POST", text: list });
      fill(classes);
      paste.open = false;
      say(told, [`Read as ${form}: ${classes.length} ${classes.length === 1 ? "class" : "classes"}.`, ...notes, ...warnings].join(" "));
      told.hidden = false;
    } catch (error) {
      say(problem, `The list cannot be used: ${error.message}`);
      problem.hidden = false;
    }
  }

  return { element, read, fill };
}
