// Which workbench to open, and the beginning of one from pictures of a job.

import { ask } from "./api.js";
import { h, reconcile, say } from "./dom.js";
import { plural } from "./format.js";
import { numberFault } from "./numbers.js";
import { onOverview } from "./state.js";

// Others by chance each time.
const mostSeed = 2 ** 31;
const placeOf = id => `#/workbench/${encodeURIComponent(id)}`;

/** `wanted` is the job to begin from, if one is named. */
export function workbenchStart(wanted) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const nothing = h("p", { class: "nothing", hidden: true }, "No workbench is open.");
  const list = h("ul", { class: "sessions", "aria-label": "Workbenches" });
  const job = h("select", { id: "start-job", required: true, onchange: () => classes() });
  const count = h("input", { type: "text", id: "start-count", inputmode: "numeric", autocomplete: "off", value: "24" });
  const order = h("select", { id: "start-order", onchange: () => classes() }, [["doubt", "the least sure first"], ["class", "the largest share of a class first"], ["chance", "by chance"]].map(([value, text]) => h("option", { value }, text)));
  const ofClass = h("select", { id: "start-class" });
  const classField = h("div", { class: "field", hidden: true }, h("label", { htmlFor: "start-class" }, "Class"), ofClass);
  const begin = h("button", { class: "main" }, "Begin");
  const field = (label, input) => h("div", { class: "field" }, h("label", { htmlFor: input.id }, label), input);
  const form = h("form", { class: "card start", novalidate: true, hidden: true, onsubmit: event => { event.preventDefault(); send(); } },
    h("h2", null, "Begin from a job"), h("p", { class: "soft" }, "Some pictures of the job are read once; then their masks follow as classes are named."),
    field("Job", job), h("div", { class: "pair" }, field("Pictures (1 to 200)", count), field("Which", order)), classField, h("div", { class: "actions" }, begin));
  const open = h("section", { class: "stack", "aria-label": "Open workbenches", hidden: true }, h("h2", null, "Open"), list, nothing);
  const element = h("div", { class: "page" }, h("div", { class: "head" }, h("h1", null, "Workbench")), problem, form, open);
  let [closed, timer] = [false, 0];

  function fail(message) {
    say(problem, message);
    problem.hidden = false;
  }

  async function look() {
    try {
      const { jobs, sessions } = await ask("workbench");
      if (closed) return;
      problem.hidden = true;
      open.hidden = false;
      form.hidden = !jobs;
      nothing.hidden = sessions.length > 0;
      reconcile(list, sessions, ({ id }) => id, row, (part, session) => part.update(session));
    } catch (error) {
      if (!closed) fail(error.message);
    }
    if (!closed) timer = setTimeout(look, 3000);
  }

  function row({ id, title }) {
    const ready = h("span", { class: "soft" });
    const end = h("button", { type: "button", "aria-label": `End ${title}`, onclick: async () => {
      end.disabled = true;
      await ask(`workbench/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(error => fail(error.message));
      clearTimeout(timer);
      look();
    } }, "End");
    end.className = "above";
    return {
      element: h("li", { class: "session card" }, h("div", { class: "who" }, h("a", { class: "name", href: placeOf(id) }, title), ready), end),
      update: now => say(ready, `${now.ready} of ${plural(now.pictures, "picture")} ready`),
    };
  }

  async function classes() {
    classField.hidden = order.value !== "class";
    if (classField.hidden || ofClass.dataset.job === job.value) return;
    ofClass.dataset.job = job.value;
    ofClass.replaceChildren();
    try {
      const { labels } = await ask(`jobs/${encodeURIComponent(job.value)}/document`);
      if (ofClass.dataset.job === job.value) ofClass.replaceChildren(...labels.map(({ name }) => h("option", { value: name }, name)));
    } catch (error) {
      fail(error.message);
    }
  }

  async function send() {
    const lack = numberFault(count.value, { least: 1, most: 200, whole: true, needed: true });
    if (lack) return fail(`Pictures: ${lack}`);
    if (!job.value) return fail("There is no job to begin from: choose one with labelled pictures.");
    begin.disabled = true;
    try {
      const session = await ask("workbench/sessions", { method: "POST", body: { job: job.value, count: Number(count.value), order: order.value, class: order.value === "class" ? ofClass.value : undefined, seed: Math.floor(Math.random() * mostSeed) } });
      location.hash = placeOf(session.id);
    } catch (error) {
      fail(error.message);
    } finally {
      begin.disabled = false;
    }
  }

  const stop = onOverview(overview => {
    const known = overview.jobs.filter(({ status }) => status.labelled > 0).map(({ status }) => [status.id, status.name ?? status.id]);
    const all = wanted && !known.some(([id]) => id === wanted) ? [[wanted, wanted], ...known] : known;
    if (JSON.stringify(all) === job.dataset.all) return;
    job.dataset.all = JSON.stringify(all);
    const chosen = job.value || wanted;
    job.replaceChildren(...all.map(([value, text]) => h("option", { value }, text)));
    if (chosen) job.value = chosen;
    classes();
  });
  look();
  return {
    element,
    title: "Workbench",
    close() {
      closed = true;
      clearTimeout(timer);
      stop();
    },
  };
}
