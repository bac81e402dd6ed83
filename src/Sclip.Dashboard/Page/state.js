// What is live for all pages: the overview of jobs, workers and queues, and the throughput of the last minutes.

import { follow } from "./api.js";

const minutes = 10;
const step = 5000;
const listeners = new Set();
let stop = null;

export const live = { overview: null, connected: true, throughput: [] };

/** Calls back now, where something is known, and at each change; returns what ends it. */
export function onOverview(listener) {
  listeners.add(listener);
  if (live.overview) listener(live.overview);
  return () => listeners.delete(listener);
}

export function begin(connection) {
  stop?.();
  stop = follow("events", "overview", overview => {
    live.overview = overview;
    remember(overview);
    connection(true);
    for (const listener of [...listeners]) listener(overview);
  }, () => connection(false));
}

export function end() {
  stop?.();
  stop = null;
  live.overview = null;
}

/** Images a second of all workers together, as they report. */
export const totalRate = overview => overview.fleet.images_per_second;

function remember(overview) {
  const now = Date.now();
  const points = live.throughput;
  if (points.length === 0 || now - points.at(-1).time >= step) points.push({ time: now, rate: totalRate(overview) });
  else points.at(-1).rate = totalRate(overview);
  while (now - points[0].time > minutes * 60000) points.shift();
}
