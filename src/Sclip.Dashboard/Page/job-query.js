// Which jobs are listed and in which order: as the address has it, and as the service is asked.

const plain = { search: "", state: "", priority: "", failures: "", failure: "", time: "", since: "", until: "", sort: "created", descending: "true", row: "0" };

const orders = ["created", "completed", "name", "state", "progress", "images", "failed", "priority"];

/** Days back of the times that have a name. */
const days = { today: 0, week: 6, month: 29 };

/** The query of an address; what it does not name is as it is by itself. */
export function readQuery(text) {
  const given = new URLSearchParams(text);
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, given.get(key) ?? value]));
}

export function addressOf(query) {
  const named = new URLSearchParams(Object.entries(query).filter(([key, value]) => value !== plain[key]));
  return named.size > 0 ? `#/?${named}` : "#/";
}

/** A copy without anything that leaves jobs out; the order stays where it is one. */
export const unfiltered = query => orders.includes(query.sort) && ["true", "false"].includes(query.descending) ? { ...plain, sort: query.sort, descending: query.descending } : plain;

export const isFiltered = query => addressOf({ ...query, row: plain.row }) !== addressOf(unfiltered(query));

/** The query as the service reads it: days are those of the reader's own clock. */
export function requestOf(query) {
  const asked = new URLSearchParams();
  for (const key of ["search", "state", "priority", "failures", "failure"]) if (query[key].trim()) asked.set(key, query[key].trim());
  const since = query.time in days ? midnight(new Date(), -days[query.time]) : midnight(day(query.since), 0);
  const until = midnight(day(query.until), 1);
  if (since) asked.set("since", since);
  if (until && !query.time) asked.set("until", until);
  asked.set("sort", query.sort);
  asked.set("descending", query.descending);
  return asked.toString();
}

const day = text => /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00`) : null;

function midnight(date, later) {
  if (!date || isNaN(date)) return null;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + later).toISOString();
}
