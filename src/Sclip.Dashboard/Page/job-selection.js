// The jobs that are selected: by id, so that they stay so wherever they move to.

export function jobSelection(changed) {
  const jobs = new Map();
  let anchor = 0;
  const set = (list, isSelected) => {
    for (const job of list) if (isSelected) jobs.set(job.status.id, job); else jobs.delete(job.status.id);
    changed();
  };
  return {
    has: id => jobs.has(id),
    get size() { return jobs.size; },
    get jobs() { return [...jobs.values()]; },
    /** The place from which a range goes. */
    get anchor() { return anchor; },
    set anchor(place) { anchor = place; },
    set,
    /** Keeps what is known of a selected job as it is now. */
    follow(job) { if (jobs.has(job.status.id)) jobs.set(job.status.id, job); },
    clear() {
      jobs.clear();
      changed();
    },
  };
}
