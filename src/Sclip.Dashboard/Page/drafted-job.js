// A job that another page drafted, on its way to the form of a new job.

let drafted = null;

/** Goes to the form with a job, as the form drafts it. */
export function draftJob(job) {
  drafted = job;
  location.hash = "#/new";
}

/** The job on its way, once; null where there is none. */
export function takeDraftedJob() {
  const job = drafted;
  drafted = null;
  return job;
}
