// The jobs that match a query, by their place among them. They are read in pieces, as they come into sight.

import { ask } from "./api.js";

const piece = 100;
const margin = 25;
const mostAtOnce = 500;

/** `changed` hears by how many places the rows in sight have moved; `failed` why there is no answer, null where there is, and whether nothing is known for that. */
export function jobPages(changed, failed) {
  const [rows, pending] = [new Map(), new Set()];
  let [query, total, complete, isNew, isRefused, control] = ["", null, true, true, false, new AbortController()];

  async function load(offset, limit) {
    const mine = control;
    try {
      const page = await ask(`fleet/jobs?${query}&offset=${offset}&limit=${limit}`, { signal: mine.signal });
      if (mine !== control) return null;
      failed(null, false);
      return page;
    } catch (error) {
      if (mine === control && error.name !== "AbortError") {
        isRefused = error.status >= 400 && error.status < 500;
        failed(error, isNew);
      }
      return null;
    }
  }

  function take(page) {
    // Where any has moved, places that were read before are of another list.
    const stays = !isNew && page.total === total && page.jobs.every((job, i) => (rows.get(page.offset + i)?.status.id ?? job.status.id) === job.status.id);
    if (!stays) rows.clear();
    page.jobs.forEach((job, i) => rows.set(page.offset + i, job));
    [total, complete, isNew] = [page.total, page.complete, false];
  }

  async function needPiece(offset) {
    if (pending.has(offset) || isRefused) return;
    pending.add(offset);
    const page = await load(offset, piece);
    pending.delete(offset);
    if (!page) return;
    take(page);
    changed(0);
  }

  return {
    get total() { return total; },
    get complete() { return complete; },
    /** The job at a place; undefined until it is read. */
    at: place => rows.get(place),
    /** Asks anew; what was listed stays until the answer is there. */
    begin(next, row) {
      control.abort();
      control = new AbortController();
      [query, isNew, isRefused] = [next, true, false];
      pending.clear();
      needPiece(Math.floor(row / piece) * piece);
    },
    /** Reads what is missing between two places. */
    need(first, last) {
      if (isNew) return;
      for (let offset = Math.floor(first / piece) * piece; offset <= last; offset += piece) {
        for (let place = Math.max(first, offset); place <= Math.min(last, offset + piece - 1); place++) {
          if (rows.has(place)) continue;
          needPiece(offset);
          break;
        }
      }
    },
    /** Reads again what is in sight; true where there was an answer. */
    async refresh(first, last) {
      if (isNew && isRefused) return;
      const [offset, anchor] = [Math.max(0, first - margin), rows.get(first)?.status.id];
      const page = await load(offset, Math.min(mostAtOnce, last + margin - offset + 1));
      if (!page) return;
      const isAgain = !isNew;
      take(page);
      const place = page.jobs.findIndex(job => job.status.id === anchor);
      changed(isAgain && place >= 0 ? offset + place - first : 0);
    },
    /** The jobs between two places, read where they are not; null where that fails. */
    async between(first, last) {
      const jobs = [];
      for (let offset = first; offset <= last; offset += mostAtOnce) {
        const end = Math.min(last, offset + mostAtOnce - 1);
        const known = Array.from({ length: end - offset + 1 }, (_, i) => rows.get(offset + i));
        if (known.every(job => job)) jobs.push(...known);
        else {
          const page = await load(offset, known.length);
          if (!page) return null;
          jobs.push(...page.jobs);
        }
      }
      return jobs;
    },
    close: () => control.abort(),
  };
}
