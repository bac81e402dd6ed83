// The editor of a label set: names, synonyms, colours, and which class is the background.

import { h, say } from "./dom.js";
import { colorOf } from "./colors.js";

export function labelsEditor(changed) {
  const rows = h("ol", { class: "labels" });
  const text = h("textarea", { rows: "6", "aria-label": "Classes as text", placeholder: "sky\ngrass, lawn, meadow\na dog, puppy", spellcheck: "false" });
  const paste = h("details", { class: "paste" }, h("summary", null, "Write or paste a list"),
    h("p", { class: "soft" }, "A class a line, synonyms behind commas; or JSON as the command line takes it."), text,
    h("button", { type: "button", onclick: () => take(text.value) }, "Use this list"), h("button", { type: "button", class: "link", onclick: () => { text.value = write(); } }, "Fill in what is above"));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const add = h("button", { type: "button", onclick: () => { insert({}, true); } }, "Add class");
  const element = h("fieldset", { class: "card" }, h("legend", null, "Classes"),
    h("p", { class: "soft" }, "What the pictures may show. Each pixel goes to the class whose name, or best synonym, fits it best; name what else there is, too, such as sky or wall."),
    rows, h("div", { class: "actions" }, add), problem, paste);
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

  function take(list) {
    problem.hidden = true;
    try {
      const labels = list.trim().startsWith("[") ? JSON.parse(list) : list.split("\n").map(line => line.split(",").map(word => word.trim()).filter(word => word)).filter(names => names.length > 0).map(([name, ...synonyms]) => ({ name, synonyms }));
      if (labels.length === 0) throw new Error("There is no class in the list.");
      for (const label of labels) if (typeof label?.name !== "string") throw new Error("Each element of the JSON must have a name.");
      fill(labels);
      paste.open = false;
    } catch (error) {
      say(problem, `The list cannot be used: ${error.message}`);
      problem.hidden = false;
    }
  }

  return { element, read, fill };
}
