// What leaves jobs out, and their order on a phone.

import { h, say } from "./dom.js";
import { compact } from "./format.js";

const longestSearch = 200;
const mostReasons = 20;
const longestReason = 70;

const states = [["", "All"], ["planning,running", "Running"], ["waiting", "Waiting"], ["completed", "Completed"], ["failed", "Failed"], ["cancelled", "Cancelled"]];
const sorts = [["created", "Newest first", "Oldest first"], ["completed", "Last ended first", "First ended first"], ["progress", "Most done first", "Least done first"], ["failed", "Most failures first", "Fewest failures first"],
  ["images", "Most images first", "Fewest images first"], ["priority", "Most urgent first", "Least urgent first"], ["name", "Names from Z", "Names from A"], ["state", "States from the last", "States from the first"]];

/** `choose` takes what is changed of the query, and whether that is one more letter of what was typed before; `enter` goes to the jobs. */
export function jobFilters(choose, enter) {
  const option = (value, text) => h("option", { value }, text);
  let isTyping = false, timer;
  const typed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      choose({ search: search.value }, isTyping);
      isTyping = true;
    }, 150);
  };
  const search = h("input", { type: "search", placeholder: "Name, id, images, model or class", "aria-label": "Find a job", maxlength: String(longestSearch), oninput: typed, onblur: () => { isTyping = false; }, onkeydown: event => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    enter();
  } });
  const tabs = h("div", { class: "segments", role: "group", "aria-label": "State" }, states.map(([value, text]) =>
    h("button", { type: "button", "data-value": value, onclick: () => choose({ state: value }) }, text, h("span", { class: "number" }))));
  const priority = h("select", { "aria-label": "Priority", onchange: () => choose({ priority: priority.value }) }, option("", "Any priority"), option("urgent", "Urgent"), option("normal", "Not urgent"));
  const failures = h("select", { "aria-label": "Failures", onchange: () => {
    const [kind, value] = failures.value.split(/:(.*)/s);
    choose({ failures: kind === "some" ? value : "", failure: kind === "kind" ? value : "" });
  } });
  const time = h("select", { "aria-label": "Submitted", onchange: () => {
    range.hidden = time.value !== "range";
    if (range.hidden) choose({ time: time.value, since: "", until: "" });
    else since.focus();
  } }, option("", "Submitted any time"), option("today", "Submitted today"), option("week", "In the last 7 days"), option("month", "In the last 30 days"), option("range", "Between two days"));
  const own = () => choose({ time: "", since: since.value, until: until.value });
  const [since, until] = ["From", "To"].map(name => h("input", { type: "date", "aria-label": name, onchange: own }));
  const range = h("span", { class: "range", hidden: true }, since, h("span", { class: "soft" }, "to"), until);
  const order = h("select", { "aria-label": "Order", class: "narrow", onchange: () => {
    const [sort, descending] = order.value.split(" ");
    choose({ sort, descending });
  } }, sorts.flatMap(([key, falling, rising]) => [option(`${key} true`, falling), option(`${key} false`, rising)]));
  const reset = h("button", { type: "button", class: "link", hidden: true, onclick: () => choose(null) }, "Clear filters");
  let kinds = null;

  /** Has the greatest reasons to choose from, and the one that is chosen. */
  function list(found, chosen) {
    const names = [...new Set([...found.slice(0, mostReasons), chosen])].filter(name => name);
    if (names.join("\n") === kinds) return;
    kinds = names.join("\n");
    const value = failures.value;
    failures.replaceChildren(option("", "With or without failures"), option("some:true", "With failed images"), option("some:false", "Without failed images"),
      ...names.map(name => option(`kind:${name}`, `Failed: ${name.length > longestReason ? `${name.slice(0, longestReason)}…` : name}`)));
    failures.value = value;
  }
  list([], "");

  return {
    tabs, search,
    element: h("div", { class: "filters" }, priority, failures, time, range, order, reset),
    show(query, isFiltered) {
      if (search.value.trim() !== query.search.trim()) search.value = query.search;
      for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.value === query.state));
      priority.value = query.priority;
      list([...failures.options].flatMap(item => item.value.startsWith("kind:") ? [item.value.slice(5)] : []), query.failure);
      failures.value = query.failure ? `kind:${query.failure}` : query.failures ? `some:${query.failures}` : "";
      [since.value, until.value] = [query.since, query.until];
      const isRange = !query.time && (query.since || query.until);
      if (isRange || time.value !== "range" || document.activeElement !== time) time.value = isRange ? "range" : query.time;
      range.hidden = time.value !== "range";
      order.value = `${query.sort} ${query.descending}`;
      for (const field of [priority, failures, time, order]) field.title = field.selectedOptions[0]?.text ?? "";
      if (query.failure) failures.title = `Failed: ${query.failure}`;
      reset.hidden = !isFiltered;
    },
    /** The numbers beside the states, and the kinds of failure that there are. */
    count(fleet) {
      for (const tab of tabs.children) {
        const wanted = tab.dataset.value ? tab.dataset.value.split(",") : Object.keys(fleet.jobs);
        const number = wanted.reduce((sum, state) => sum + (fleet.jobs[state] ?? 0), 0);
        say(tab.lastChild, number > 0 ? compact(number) : "");
      }
      list(fleet.failures.map(failure => failure.reason), failures.value.startsWith("kind:") ? failures.value.slice(5) : "");
    },
    close: () => clearTimeout(timer),
  };
}
