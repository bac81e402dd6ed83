// The sum over all jobs: how fast it goes, what is left, what is waited for, what failed, and what it took.

import { h, mark, say } from "./dom.js";
import { compact, count, duration, plural, rate } from "./format.js";
import { sparkline } from "./sparkline.js";
import { live } from "./state.js";

const mostReasons = 4;

/** `linkTo` gives the address of the jobs of a query. */
export function fleetTiles(linkTo) {
  const tile = name => {
    const [value, note] = [h("strong"), h("span", { class: "soft" })];
    return { element: h("li", { class: "tile card" }, h("span", { class: "name" }, name), value, note), value, note };
  };
  const [speed, left, jobs, workers, hours] = ["Images a second", "Images left", "Running jobs", "Workers ready", "Worker-hours"].map(tile);
  const line = sparkline();
  speed.element.append(line.element);
  speed.element.classList.add("wide-tile");
  const waits = reasonTile("Waiting jobs", item => [item.reason, linkTo({ state: "waiting" }), plural(item.jobs, "job")]);
  const failures = reasonTile("Failed images", item => [item.reason || "without a reason", linkTo(item.reason ? { failure: item.reason } : { failures: "true" }), compact(item.images)]);

  return {
    elements: [
      h("ul", { class: "tiles", "aria-label": "All jobs together" }, [speed, left, jobs, workers, hours].map(part => part.element)),
      h("ul", { class: "reason-tiles", "aria-label": "Reasons" }, waits.element, failures.element),
    ],
    update(overview) {
      const fleet = overview.fleet;
      say(speed.value, rate(fleet.images_per_second).replace("/s", ""));
      say(speed.note, "as the workers report");
      line.update(live.throughput);
      say(left.value, compact(fleet.images_left));
      say(left.note, fleet.images_left > 0 && fleet.seconds_left !== undefined ? `about ${duration(fleet.seconds_left)}` : `${compact(fleet.images_done + fleet.images_failed)} of ${compact(fleet.images_total)} done`);
      say(jobs.value, count((fleet.jobs.running ?? 0) + (fleet.jobs.planning ?? 0)));
      const all = Object.values(fleet.jobs).reduce((sum, number) => sum + number, 0);
      say(jobs.note, [fleet.jobs.waiting > 0 ? `${compact(fleet.jobs.waiting)} waiting` : "", `${compact(all)} in all`].filter(text => text).join(", "));
      const given = overview.queues.find(queue => queue.name === "segment-shard_error")?.shards ?? 0;
      say(workers.value, overview.broker ? "?" : count(fleet.workers_ready));
      say(workers.note, overview.broker ? "broker not reachable" : given > 0 ? `${plural(given, "shard")} given up` : fleet.workers === 0 ? "none is at work" : `${count(fleet.workers_busy)} busy${fleet.workers > fleet.workers_ready ? `, ${count(fleet.workers - fleet.workers_ready)} not ready` : ""}`);
      workers.element.classList.toggle("bad", !!overview.broker || given > 0);
      say(hours.value, hoursOf(fleet.worker_seconds));
      say(hours.note, fleet.cost === undefined ? "over all jobs" : `cost ${money(fleet.cost)}, at ${money(fleet.price_per_worker_hour)} an hour`);
      mark(hours.element, "title", fleet.jobs_untimed > 0 ? `Without ${plural(fleet.jobs_untimed, "job")} of earlier versions, whose time is not known.` : "");
      waits.update(fleet.waiting, fleet.waiting.reduce((sum, item) => sum + item.jobs, 0));
      failures.update(fleet.failures, fleet.images_failed);
    },
  };
}

const money = amount => new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: amount < 1 ? 4 : 2 }).format(amount);
const hoursOf = seconds => seconds >= 360000 ? compact(Math.round(seconds / 3600)) : (seconds / 3600).toFixed(seconds < 36000 ? 2 : 1);

/** A tile with a line for each of the greatest reasons; away where there is none. */
function reasonTile(title, of) {
  const list = h("ul");
  const number = h("b");
  const element = h("li", { class: "tile card reasons", hidden: true }, h("span", { class: "name" }, `${title} `, number), list);
  let shown = "";
  return {
    element,
    update(reasons, sum) {
      say(number, compact(sum));
      const text = JSON.stringify(reasons);
      if (text === shown) return;
      shown = text;
      element.hidden = reasons.length === 0;
      list.replaceChildren(...reasons.slice(0, mostReasons).map(item => {
        const [reason, link, amount] = of(item);
        return h("li", null, h("a", { href: link, title: reason }, reason), h("span", { class: "amount" }, amount));
      }), ...(reasons.length > mostReasons ? [h("li", { class: "soft" }, `and ${count(reasons.length - mostReasons)} more`)] : []));
    },
  };
}
