// The buttons, the note and the name with which one or several images are reviewed.

import { h, mark, say } from "./dom.js";
import { plural } from "./format.js";
import { isCommand } from "./keys.js";
import { decisionOf, decisions, review } from "./reviews.js";

const kept = "sclip.reviewer";

/**
 * `images` gives those that are reviewed; `decided` hears the decision and the images that have it now; `refused` those of which
 * something else may count by now than what was shown; `left` that a text field is left by Enter, so that keys are commands again.
 */
export function reviewControls(job, name, { images, decided, refused, left }) {
  let saving = null;
  const waiting = [];
  const drafts = new Map();
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const leave = event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.target.blur();
    left?.();
  };
  const buttons = decisions.map(({ name, key, verb }) => h("button", { type: "button", class: "decision", "data-decision": name, "aria-pressed": "false", "aria-keyshortcuts": key, title: `${verb}, and again to take it back`, onclick: () => decide(name) },
    h("span", null, verb), h("kbd", { "aria-hidden": "true" }, key.toUpperCase())));
  const note = h("input", { id: `note-${name}`, autocomplete: "off", maxlength: "1000", onkeydown: leave, oninput: () => drafts.set(images()[0]?.image, note.value), onchange: rewrite });
  const reviewer = h("input", { id: `reviewer-${name}`, autocomplete: "name", maxlength: "100", value: localStorage.getItem(kept) ?? "", onkeydown: leave, onchange: () => localStorage.setItem(kept, reviewer.value.trim()) });
  const field = (input, label) => h("div", { class: "field" }, h("label", { htmlFor: input.id }, label), input);
  const element = h("div", { class: "review-controls" }, h("div", { class: "decisions", role: "group", "aria-label": "Decision" }, buttons), field(note, "Note"), field(reviewer, "Reviewer"), problem);

  function fail(text) {
    say(problem, text);
    problem.hidden = false;
  }

  /** The same again is taken back; with a note that was just written it is said once more. */
  const decide = name => give(images().every(image => decisionOf(image) === name) && !images().some(image => isUnderWay(image, true)) ? "none" : name);

  /** Whether something about an image is yet to be saved: anything, or a note. */
  const isUnderWay = (image, isNote = false) => [saving, ...waiting].some(item => item?.images.includes(image) && (!isNote || item.decision === null));

  /** A note that is changed later belongs to the decision that stands when its turn comes. */
  function rewrite() {
    const [image, ...others] = images();
    if (image && others.length === 0 && (decisionOf(image) !== "none" || isUnderWay(image))) give(null);
  }

  /** Takes a decision, or a note where it is null, of what is seen now; they are saved in the order in which they are given. */
  function give(decision) {
    const those = images();
    if (those.length === 0) return;
    const who = reviewer.value.trim();
    if (!who) {
      fail("Say who reviews: the name stands with each decision.");
      reviewer.focus();
      return;
    }
    localStorage.setItem(kept, who);
    problem.hidden = true;
    waiting.push({ images: those, decision, who, note: note.value.trim() });
    if (!saving) saveAll();
  }

  async function saveAll() {
    mark(element, "aria-busy", true);
    while ((saving = waiting.shift() ?? null)) await save(saving);
    element.removeAttribute("aria-busy");
  }

  async function save(given) {
    const [first, ...others] = given.images;
    if (!first) return;
    const isNote = given.decision === null;
    const decision = isNote ? decisionOf(first) : given.decision;
    if (isNote && (decision === "none" || given.note === (first.review.note ?? ""))) return;
    const text = decision === "none" ? "" : given.note;
    try {
      const { done, problems, theirs } = await review(job, given.images, { reviewer: given.who, decision, ...(text ? { note: text } : {}) });
      for (const image of done) if ((drafts.get(image.image) ?? "").trim() === given.note) drafts.delete(image.image);
      // Whose decision counts was asked: what was given before the answer is answered, too.
      const left = [...theirs, ...problems.map(([image]) => image)];
      for (const item of waiting) item.images = item.images.filter(image => !left.includes(image));
      decided(given.decision, done);
      if (problems.length === 0) return;
      fail(problems.slice(0, 3).map(([, text]) => text).join(" ") + (problems.length > 3 ? ` And ${problems.length - 3} more.` : ""));
      refused(problems.map(([image]) => image));
    } catch (error) {
      fail(error.status === 0 ? `The service does not answer: nothing was saved of ${others.length === 0 ? first.image : plural(given.images.length, "image")}. Decide again in a moment.` : error.message);
    }
  }

  return {
    element,
    /** Shows what is decided on the images. */
    update() {
      const those = images();
      for (const button of buttons) mark(button, "aria-pressed", those.length > 0 && those.every(image => decisionOf(image) === button.dataset.decision));
      const first = those.length === 1 ? those[0] : null;
      if (document.activeElement !== note) note.value = drafts.get(those[0]?.image) ?? first?.review?.note ?? "";
      if (document.activeElement !== reviewer) reviewer.value = localStorage.getItem(kept) ?? "";
    },
    /** Other images are reviewed: what was wrong with those before is of no interest. */
    forget() { problem.hidden = true; },
    /** Takes a key; tells whether it was a decision's. */
    press(event) {
      const decision = decisions.find(item => item.key === event.key.toLowerCase());
      if (!decision || !isCommand(event) || event.shiftKey) return false;
      if (!event.repeat) decide(decision.name);
      return true;
    },
  };
}
