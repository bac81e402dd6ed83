// What may be done with the jobs that are selected.

import { ask } from "./api.js";
import { confirmed } from "./dialog.js";
import { h, say } from "./dom.js";
import { count, plural } from "./format.js";
import { isOpen } from "./progress.js";

const mostAtOnce = 100;
const mostTold = 100;
const jobs = number => plural(number, "job");

/** `done` is called when something has changed. */
export function jobActions(selection, done) {
  const chosen = h("strong");
  const outcome = h("div", { class: "outcome", role: "status", hidden: true });
  const priority = h("select", { id: "new-priority" }, Array.from({ length: 10 }, (_, i) => h("option", { value: String(i) }, `${i}${{ 0: " (normal)", 5: " (urgent: passes all below 5)" }[i] ?? ""}`)));
  const actions = [
    { path: "cancel", yes: "Cancel jobs", name: "Cancel", style: "danger", asked: number => `Cancel ${jobs(number)}?`, told: number => `${jobs(number)} cancelled.`,
      means: () => `Workers leave what is not labelled yet. What is labelled stays, and a job can be taken up again.${but(job => !isOpen(job.status), "ended already")}` },
    { path: "retry", yes: "Take up again", asked: number => `Take ${jobs(number)} up again?`, told: number => `${jobs(number)} taken up again.`, means: () => "The shards without results are put into the queue again." },
    { path: "retry", body: () => ({ failed: true }), yes: "Retry failed images", asked: number => `Retry the failed images of ${jobs(number)}?`, told: number => `The failed images of ${jobs(number)} are in the queue again.`,
      means: () => `Shards without results are put into the queue, too.${but(job => job.status.failed === 0, "no failed image")}` },
    { path: "priority", body: () => ({ priority: Number(priority.value) }), yes: "Set priority", name: "Priority …", asked: number => `Set the priority of ${jobs(number)}.`, told: number => `${jobs(number)} now ${number === 1 ? "has" : "have"} priority ${priority.value}.`,
      means: () => "What waits is put into the queue of the new priority.", inside: h("div", { class: "field" }, h("label", { htmlFor: "new-priority" }, "Priority"), priority) },
  ];
  const buttons = [
    ...actions.map(action => h("button", { type: "button", class: action.style ?? "", onclick: () => send(action) }, action.name ?? action.yes)),
    h("button", { type: "button", class: "quiet", onclick: () => selection.clear() }, "Clear selection"),
  ];
  const bar = h("div", { class: "bulk card", role: "region", "aria-label": "Selected jobs", hidden: true }, chosen, h("div", { class: "actions" }, buttons));

  /** Of how many of the selected something is known that the service will not change. */
  function but(is, what) {
    const number = selection.jobs.filter(is).length;
    const who = selection.size === 1 ? "It" : `${number === selection.size ? "All" : count(number)} of them`;
    return number > 0 ? ` ${who} ${number === 1 ? "has" : "have"} ${what}.` : "";
  }

  async function send({ path, body = () => ({}), yes, style = "main", asked, told, means, inside }) {
    const picked = selection.jobs;
    if (!await confirmed(`${asked(picked.length)} ${means()}`, yes, { more: inside, style })) return;
    for (const item of buttons) item.disabled = true;
    const refused = [];
    let [good, at] = [0, 0];
    try {
      // In parts, so that it is seen how far it is.
      for (; at < picked.length; at += mostAtOnce) {
        tell(false, `${yes}: ${count(at)} of ${jobs(picked.length)} …`);
        const answers = await ask(`fleet/jobs/${path}`, { method: "POST", body: { ids: picked.slice(at, at + mostAtOnce).map(job => job.status.id), ...body() } });
        good += answers.filter(answer => answer.ok).length;
        refused.push(...answers.filter(answer => !answer.ok));
      }
      tell(refused.length > 0, good > 0 || refused.length === 0 ? told(good) : "", refused, picked);
      if (refused.length === 0) selection.clear();
      else selection.set(picked.filter(job => !refused.some(answer => answer.id === job.status.id)), false);
    } catch (error) {
      tell(true, `${good > 0 ? `${told(good)} ` : ""}${at > 0 || good > 0 ? `The other ${jobs(picked.length - at)} were not reached` : "Nothing was done"}: ${error.message}`, refused, picked);
    } finally {
      for (const item of buttons) item.disabled = false;
      done();
    }
  }

  function tell(isBad, text, refused = [], picked = []) {
    const names = new Map(picked.map(job => [job.status.id, job.status.name ?? job.status.id]));
    const close = h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => { outcome.hidden = true; } }, "✕");
    outcome.className = `outcome ${isBad ? "problem" : "note"}`;
    outcome.replaceChildren(h("p", null, [text, refused.length > 0 ? `${jobs(refused.length)} refused, still selected:` : ""].filter(part => part).join(" ")), close, refused.length > 0 && h("ul", null,
      refused.slice(0, mostTold).map(answer => h("li", null, h("a", { href: `#/jobs/${encodeURIComponent(answer.id)}` }, names.get(answer.id) ?? answer.id), `: ${answer.problem ?? "no reason was given."}`)),
      refused.length > mostTold && h("li", null, `and ${count(refused.length - mostTold)} more`)) || "");
    outcome.hidden = false;
  }

  return {
    elements: [outcome, bar],
    show() {
      bar.hidden = selection.size === 0;
      say(chosen, `${jobs(selection.size)} selected`);
    },
    tell,
  };
}
