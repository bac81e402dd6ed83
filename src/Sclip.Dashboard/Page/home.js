// Home: the sum over all jobs, the jobs that are asked for, and the workers.

import { writeAddress } from "./address.js";
import { atMostEvery } from "./at-most.js";
import { h, say } from "./dom.js";
import { compact, count } from "./format.js";
import { fleetTiles } from "./fleet-tiles.js";
import { jobActions } from "./job-actions.js";
import { jobFilters } from "./job-filters.js";
import { jobPages } from "./job-pages.js";
import { addressOf, isFiltered, readQuery, requestOf, unfiltered } from "./job-query.js";
import { jobSelection } from "./job-selection.js";
import { jobTable } from "./job-table.js";
import { live, onOverview } from "./state.js";
import { workerList } from "./worker-list.js";

const refreshEvery = 1000;
const agesEvery = 15000;
const mostSelected = 2000;

export function homePage(text) {
  let query = readQuery(text), asked = "";
  const nothing = h("p", { class: "nothing", hidden: true });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const found = h("p", { class: "soft found", role: "status" });
  const tiles = fleetTiles(change => addressOf({ ...readQuery(""), ...change }));
  const workers = workerList();
  const filters = jobFilters(choose, () => table.focus());
  const selection = jobSelection(() => {
    actions.show();
    table.render();
  });
  const pages = jobPages(moved, (error, isUnknown) => {
    problem.hidden = !error;
    if (!error) return;
    say(problem, error.message);
    if (!isUnknown) return;
    say(found, "");
    for (const element of table.elements) element.hidden = true;
  });
  const table = jobTable(pages, selection, {
    sort: (key, isDescending) => choose({ sort: key, descending: String(isDescending) }),
    scrolled: row => write({ ...query, row: String(row) }, true),
    selectAll,
  });
  const refresh = atMostEvery(refreshEvery, () => pages.refresh(...table.inSight()));
  const actions = jobActions(selection, refresh.ask);

  function write(next, isReplaced) {
    query = next;
    writeAddress(addressOf(query), { pushed: !isReplaced });
  }

  /** Changes the query, and its address; null takes all filters away. */
  function choose(change, isMore = false) {
    write(change ? { ...query, ...change, row: "0" } : unfiltered(query), isMore);
    open();
  }

  function open() {
    filters.show(query, isFiltered(query));
    table.ordered(query.sort, query.descending === "true");
    const row = Math.max(0, Number.parseInt(query.row, 10) || 0);
    table.open(row);
    const request = requestOf(query);
    if (request === asked) return table.render();
    asked = request;
    for (const element of table.elements) element.setAttribute("aria-busy", "true");
    pages.begin(request, row);
  }

  function moved(by) {
    for (let place = table.inSight()[0]; place <= table.inSight()[1]; place++) if (pages.at(place)) selection.follow(pages.at(place));
    for (const element of table.elements) {
      element.removeAttribute("aria-busy");
      element.hidden = pages.total === 0;
    }
    nothing.hidden = pages.total > 0;
    nothing.replaceChildren(...(isFiltered(query) ? ["No job matches."] : pages.complete ? ["There are no jobs yet. ", h("a", { href: "#/new" }, "Make the first one"), "."] : ["The jobs are being read."]));
    const more = pages.complete ? "" : ` among those read so far${live.overview ? ` (${compact(live.overview.fleet.indexed)})` : ""}; the others are being read`;
    say(found, isFiltered(query) || more ? `${count(pages.total)} ${pages.total === 1 ? "job matches" : "jobs match"}${more}.` : "");
    table.moved(by);
  }

  async function selectAll(isAll) {
    if (!isAll) return selection.clear();
    const jobs = await pages.between(0, Math.min(mostSelected, pages.total) - 1);
    if (!jobs) return table.render();
    selection.set(jobs, true);
    if (pages.total > mostSelected) actions.tell(false, `The first ${count(mostSelected)} of ${count(pages.total)} jobs are selected: that is the most at once.`);
  }

  const stop = onOverview(overview => {
    tiles.update(overview);
    filters.count(overview.fleet);
    workers.update(overview);
    refresh.ask();
  });
  const ages = setInterval(table.render, agesEvery);
  open();

  return {
    element: h("div", { class: "page overview" },
      tiles.elements,
      h("section", { "aria-labelledby": "jobs-title" },
        h("div", { class: "head" }, h("h1", { id: "jobs-title" }, "Jobs"), filters.tabs, filters.search, h("a", { class: "button main", href: "#/new" }, "New job")),
        filters.element, problem, found, actions.elements[0], table.elements, actions.elements[1], nothing),
      h("section", { "aria-labelledby": "workers-title" }, h("div", { class: "head" }, h("h2", { id: "workers-title" }, "Workers")), workers.elements)),
    title: "Jobs",
    /** Shows another query, as the browser goes back and forth. */
    navigate(place) {
      query = readQuery(place.query);
      open();
    },
    close() {
      stop();
      clearInterval(ages);
      for (const part of [table, pages, filters, refresh]) part.close();
    },
  };
}
