// The pages beside home. They are loaded once home is there, which does not wait for them: their files are twice as many as its own.

import { jobPage } from "./job.js";
import { newJobPage } from "./new-job.js";
import { workbenchPage } from "./workbench.js";
import { workbenchStart } from "./workbench-start.js";
import { workerPage } from "./worker.js";

/** Makes the page of a place. */
export function otherPage(place) {
  const { page, id, query } = place;
  if (page === "jobs") return jobPage(id, place);
  if (page === "workers") return workerPage(id);
  if (page === "new") return newJobPage(id);
  return id ? workbenchPage(id) : workbenchStart(query.get("job"));
}
