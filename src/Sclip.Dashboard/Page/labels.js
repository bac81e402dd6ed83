// The editor of a label set: names, synonyms, colours, and which class is the background.

import { ask } from "./api.js";
import { h, say } from "./dom.js";
import { colorOf } from "./colors.js";
import { join, split } from "./words.js";

export function labelsEditor(changed) {
  const rows = h("ol", { class: "labels" });
  const text = h("textarea", { rows: "6", "aria-label": "Classes as text", placeholder: "sky\ngrass, lawn, meadow\na dog, puppy", spellcheck: "false", oninput: () => hear() });
  const file = h("input", { type: "file", "aria-label": "File of classes", onchange: () => { if (file.files.length > 0) take(file.files[0]); file.value = ""; } });
  const paste = h("details", { class: "paste" }, h("summary", null, "Write, paste or drop a list"),
    h("p", { class: "soft" }, "A class a line, synonyms behind a comma and a space; or what annotators and trainers have: CSV, data.yaml, COCO, CVAT, Label Studio, Mapillary, labelmap.txt, labelmap.pbtxt, id2label, colour lists. A file may be dropped anywhere in this box."), text, file,
    h("button", { type: "button", onclick: () => take(text.value) }, "Use this list"), h("button", { type: "button", class: "link", onclick: () => write() }, "Fill in what is above"));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const told = h("p", { class: "note", role: "status", hidden: true });
  const alike = h("p", { class: "note", "aria-live": "polite", hidden: true });
  const add = h("button", { type: "button", onclick: () => append() }, "Add class");
  const element = h("fieldset", { class: "card" }, h("legend", null, "Classes"),
    h("p", { class: "soft" }, "What the pictures may show. Each pixel goes to the class whose name, or best synonym, fits it best; name what else there is, too, such as sky or wall."),
    rows, h("div", { class: "actions" }, add), problem, told, alike, paste);
  element.addEventListener("dragover", event => event.preventDefault());
  element.addEventListener("drop", event => {
    event.preventDefault();
    const [dropped] = event.dataTransfer.files;
    take(dropped ?? event.dataTransfer.getData("text"));
  });
  // What the box of the list had when it was used or filled in: until it has something else, nothing in it waits to be used.
  let [made, settled] = [0, ""];

  /** What a row has; the synonyms are null where they cannot be told apart. */
  const partsOf = row => ({
    name: row.querySelector(".name").value.trim(), synonyms: split(row.querySelector(".synonyms").value),
    color: row.querySelector("input[type=color]").value, background: row.querySelector("input[type=checkbox]").checked,
  });
  const isEmpty = ({ name, synonyms, background }) => name === "" && synonyms?.length === 0 && !background;

  /** Looks at all that the editor has, and tells of it. */
  function hear() {
    const named = new Map();
    for (const row of rows.children) {
      const label = partsOf(row);
      row.querySelector(".name").setCustomValidity(label.name === "" && !isEmpty(label) ? "A class has no name: give it one, or remove its row." : "");
      row.querySelector(".synonyms").setCustomValidity(label.synonyms === null ? "A quotation mark stands alone. They go around a synonym that holds a comma: \"sand, wet\"." : "");
      if (label.name) named.set(label.color, [...(named.get(label.color) ?? []), `'${label.name}'`]);
    }
    text.setCustomValidity(text.value.trim() !== "" && text.value !== settled ? "The list that is written there is not used yet: press Use this list, or empty its box." : "");
    const shared = [...named].filter(([, names]) => names.length > 1);
    alike.hidden = shared.length === 0;
    say(alike, shared.map(([color, names]) => `${names.join(", ")} have the same colour ${color}: pictures show them as one.`).join(" "));
    changed();
  }

  /** Classes each with a colour: their own, else one that none of the others has. */
  function paint(labels) {
    const used = new Set(labels.map(label => label.color));
    return labels.map((label, i) => {
      if (label.color) return label;
      for (let place = i; ; place++) if (!used.has(colorOf(place))) {
        used.add(colorOf(place));
        return { ...label, color: colorOf(place) };
      }
    });
  }

  function insert(label) {
    const number = ++made;
    const color = h("input", { type: "color", value: label.color, "aria-label": "Colour", oninput: hear });
    const name = h("input", { type: "text", value: label.name ?? "", placeholder: "name", "aria-label": "Name", class: "name", maxlength: "1000", oninput: hear, onkeydown: event => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const row = event.target.closest("li");
      if (row.nextElementSibling) row.nextElementSibling.querySelector(".name").focus();
      else append();
    } });
    const synonyms = h("input", { type: "text", value: label.typed ?? join(label.synonyms ?? []), placeholder: "synonyms, …", "aria-label": "Synonyms", class: "synonyms", oninput: hear });
    const background = h("input", { type: "checkbox", checked: label.background === true, id: `background-${number}`, onchange: event => {
      if (event.target.checked) for (const other of rows.querySelectorAll("input[type=checkbox]")) if (other !== event.target) other.checked = false;
      hear();
    } });
    const row = h("li", null, color, name, synonyms,
      h("label", { class: "background", htmlFor: `background-${number}`, title: "Thresholds fall back to this class" }, background, "background"),
      h("button", { type: "button", class: "quiet remove", "aria-label": "Remove class", onclick: () => {
        const neighbour = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        neighbour?.querySelector(".name").focus();
        hear();
      } }, "✕"));
    rows.append(row);
    return name;
  }

  function append() {
    insert(paint([...[...rows.children].map(partsOf), {}]).at(-1)).focus();
    hear();
  }

  /** The classes; rows in which nothing stands are none. */
  const read = () => [...rows.children].map(partsOf).filter(label => !isEmpty(label));

  function fill(labels, list = "") {
    rows.replaceChildren();
    for (const label of paint(labels.length > 0 ? labels : [{}])) insert(label);
    text.value = list;
    paste.open = list !== "";
    hear();
  }

  /** All that was typed, whether it can be used or not, for `fill` to take. */
  const draft = () => ({
    labels: [...rows.children].map(row => ({ ...partsOf(row), typed: row.querySelector(".synonyms").value })),
    list: text.value === settled ? "" : text.value,
  });

  /** Puts the classes into the box as text, or where a text would not bring all of them back, as JSON. */
  async function write() {
    problem.hidden = true;
    const wrong = rows.querySelector("input:invalid");
    if (wrong) return refuse(wrong.validationMessage);
    const labels = read();
    const plain = labels.map(label => [label.name, ...label.synonyms].join(", ")).join("\n");
    const bare = label => [label.name, label.synonyms, label.color, label.background];
    const answer = labels.length > 0 ? await ask("labels", { method: "POST", text: plain }).catch(() => null) : { classes: [] };
    const isAll = answer && JSON.stringify(paint(answer.classes).map(bare)) === JSON.stringify(labels.map(bare));
    settled = text.value = isAll ? plain : `[\n${labels.map(label => `  ${JSON.stringify({ ...label, background: label.background || undefined })}`).join(",\n")}\n]`;
    hear();
  }

  function refuse(message) {
    say(problem, message);
    problem.hidden = false;
  }

  /** Takes a text or a file over, as the service reads it: the same as everywhere else. */
  async function take(list) {
    problem.hidden = told.hidden = true;
    try {
      const { form, classes, notes, warnings } = await ask("labels", { method: "POST", text: list });
      // The box keeps what was used, and what was typed in it while a file was read.
      settled = list === text.value ? list : settled;
      fill(classes, text.value);
      paste.open = false;
      say(told, [`Read as ${form}: ${classes.length} ${classes.length === 1 ? "class" : "classes"}.`, ...notes, ...warnings].join(" "));
      told.hidden = false;
    } catch (error) {
      refuse(`The list cannot be used: ${error.message}`);
    }
  }

  return { element, read, fill, draft };
}
