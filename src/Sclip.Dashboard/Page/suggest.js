// What change would gain most; nothing is changed but by Apply.

import { request } from "./api.js";
import { h, say } from "./dom.js";
import { gain, share } from "./truth.js";
import { plural } from "./format.js";
import { split } from "./words.js";

/** `question` gives the list, settings and wishes, or throws why there are none; `apply` takes a suggestion over; `changed` hears of what is typed. */
export function suggestPane(path, { question, keyOf, apply, changed }) {
  let [control, askedKey] = [null, null];
  const pool = h("textarea", { id: "bench-pool", rows: "3", spellcheck: "false", placeholder: "dog: puppy, hound\nsky: clouds", oninput: () => changed() });
  const lexicon = h("input", { type: "checkbox", id: "bench-lexicon", checked: true, onchange: () => changed() });
  const known = h("span", { class: "hint" });
  const run = h("button", { type: "button", class: "main", onclick: () => control ? stop() : start() }, "Look for changes");
  const bar = h("progress", { max: "1", "aria-label": "Suggestions", hidden: true });
  const said = h("p", { class: "soft", role: "status" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const old = h("p", { class: "note", hidden: true }, "The list is another one since these were found. Look again, or undo.");
  const list = h("ol", { class: "suggestions", "aria-label": "Suggestions" });
  const element = h("div", { class: "stack" },
    h("div", { class: "field" }, h("label", { htmlFor: "bench-pool" }, "Synonyms to try"), pool, h("span", { class: "hint" }, "A class a line, then what it may be called.")),
    h("label", { class: "check", htmlFor: "bench-lexicon" }, lexicon, "Try the names of eight benchmarks, too"), known,
    h("div", { class: "actions" }, run), bar, said, problem, old, list);

  function poolOf() {
    const found = {};
    for (const line of pool.value.split("\n").filter(text => text.trim() !== "")) {
      const at = line.indexOf(":");
      const names = at < 0 ? null : split(line.slice(at + 1));
      if (!names || line.slice(0, at).trim() === "") throw new Error(`'${line.trim()}' names no class: a line reads dog: puppy, hound.`);
      (found[line.slice(0, at).trim()] ??= []).push(...names);
    }
    return found;
  }

  function stop() {
    control?.abort();
    control = null;
    say(run, "Look for changes");
    bar.hidden = true;
  }

  async function start() {
    stop();
    problem.hidden = true;
    say(said, "");
    const mine = control = new AbortController();
    try {
      const body = { ...question(), pool: poolOf(), lexicon: lexicon.checked };
      say(run, "Stop");
      bar.hidden = false;
      bar.removeAttribute("value");
      const answer = await request(`${path}/suggest`, { method: "POST", body, signal: mine.signal });
      for await (const line of lines(answer.body)) {
        if (line.error) throw new Error(line.error);
        if (line.suggestions) {
          askedKey = keyOf(body);
          show(line);
        } else {
          bar.value = line.progress;
          say(said, line.doing);
        }
      }
    } catch (error) {
      if (mine !== control) return say(said, "Stopped.");
      say(said, "");
      say(problem, error.message);
      problem.hidden = false;
    }
    if (mine === control) stop();
  }

  function show({ tried, suggestions, note }) {
    say(said, suggestions.length === 0 ? `${plural(tried, "change")} tried: none gains anything.` : `${plural(tried, "change")} tried, ${suggestions.length === 1 ? "one gains" : `${suggestions.length} gain`}. The best is first.${note ? ` ${note}` : ""}`);
    list.replaceChildren(...suggestions.map(found => h("li", null,
      h("p", { class: "what" }, found.text),
      h("dl", null,
        h("div", null, h("dt", null, "Wishes held"), h("dd", null, `${found.held_before} → ${found.held}`)),
        found.miou === null || found.miou === undefined ? null : h("div", null, h("dt", null, "mIoU"), h("dd", null, `${share(found.miou_before)} → ${share(found.miou)}`)),
        found.cross_validated === null || found.cross_validated === undefined ? null : h("div", { title: "The choice made anew without some of the pictures, and its gain on these" }, h("dt", null, "On other pictures"), h("dd", null, `${gain(found.cross_validated, 0)} points, better in ${found.folds_better} of ${found.folds}`))),
      h("button", { type: "button", "aria-label": `Apply: ${found.text}`, onclick: () => apply(found) }, "Apply"))));
  }

  return {
    element, start,
    draft: () => ({ pool: pool.value, lexicon: lexicon.checked }),
    fill(kept) {
      pool.value = kept.pool ?? "";
      lexicon.checked = kept.lexicon !== false;
    },
    names: ({ names, ready }) => say(known, names === 0 ? "" : ready < names ? `${ready} of ${names} names are embedded; the rest follows.` : `${names} names are at hand.`),
    /** Hears which list there is: what was found for another one is not to be applied. */
    look(key) {
      const isOld = list.children.length > 0 && key !== askedKey;
      old.hidden = !isOld;
      for (const button of list.querySelectorAll("button")) button.disabled = isOld;
    },
    close: stop,
  };
}

/** The objects of a body that has one a line. */
async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const parts = rest.split("\n");
    rest = done ? "" : parts.pop();
    for (const part of parts) if (part.trim() !== "") yield JSON.parse(part);
    if (done) return;
  }
}
