// The workers that are at work.

import { h, mark, reconcile, say } from "./dom.js";
import { duration, plural, rate, since } from "./format.js";

export const workerLink = name => `#/workers/${encodeURIComponent(name)}`;
export const shardLink = shard => h("a", { href: `#/jobs/${encodeURIComponent(shard.job)}` }, `${shard.job} · shard ${shard.shard}`);

export function workerList() {
  const list = h("ul", { class: "workers" });
  const idle = h("p", { class: "nothing", hidden: true });
  return {
    elements: [list, idle],
    update(overview) {
      reconcile(list, overview.workers, worker => worker.name, workerRow, (row, worker) => row.update(worker));
      list.hidden = overview.workers.length === 0;
      idle.hidden = !list.hidden;
      say(idle, overview.broker ? `The broker is not reachable: ${overview.broker}` : "No worker is at work. Where workers scale with the queue, they come with the first shard.");
    },
  };
}

function workerRow(worker) {
  const name = h("a", { class: "name", href: workerLink(worker.name) }, worker.name);
  const [state, shards, speed] = ["soft state", "work", "soft speed"].map(style => h("span", { class: style }));
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  return {
    element: h("li", { class: "worker card" }, dot, name, speed, state, shards),
    update(worker) {
      mark(dot, "data-state", worker.state === "ready" && worker.shards.length > 0 ? "busy" : worker.state);
      const waits = worker.waits?.length > 0 ? ` · ${worker.waits.join(" ")}` : "";
      say(state, worker.reason ? `${worker.state}: ${worker.reason}` : `${[worker.state, ...worker.devices, ...worker.models].join(" · ")} · up ${duration(since(worker.started))}${waits}`);
      const work = worker.shards.map(shard => `${shard.job} #${shard.shard}`).join("\n");
      if (shards.dataset.work !== work) {
        shards.dataset.work = work;
        shards.replaceChildren(...worker.shards.map(shardLink));
      }
      say(speed, `${rate(worker.images_per_second)} · ${plural(worker.images, "image")}`);
    },
  };
}
