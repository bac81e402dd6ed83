// What people decide on a job's labels. It is kept by the service; where somebody else was quicker, it is asked whose decision counts.

import { ask, jobPath, maskOf } from "./api.js";
import { confirmed } from "./dialog.js";
import { h } from "./dom.js";
import { ago, plural } from "./format.js";

/** The decisions, each with its key and what its button says. */
export const decisions = [
  { name: "accepted", key: "a", verb: "Accept", sign: "✓" },
  { name: "rejected", key: "r", verb: "Reject", sign: "✕" },
  { name: "flagged", key: "f", verb: "Flag", sign: "⚑" },
];
const most = 500;
const revisions = new Map();
const mostNamed = 8;

/** What holds now: a review of labels that were made anew since holds no more. */
export const decisionOf = image => image.review && !image.review.stale ? image.review.decision : "none";

/** An entry in words; null where nothing is decided. */
export const wordsOf = entry => !entry || entry.decision === "none" ? null
  : `${entry.decision} by ${entry.reviewer}, ${ago(entry.at)}${entry.note ? `: ${entry.note}` : ""}${entry.stale ? " – of other labels: the image was labelled or corrected anew since" : ""}`;

/** The revision of an image that is known best: it may have been reviewed in another part of the page since it was listed. */
function revisionOf(job, image) {
  return Math.max(image.review?.revision ?? 0, revisions.get(JSON.stringify([job, image.image])) ?? 0);
}

/** Gives a decision on images, which get their new entries. Returns the images that have it now, those that have not with the reason, and those that somebody else's is left on. */
export async function review(job, images, given) {
  const [done, problems, overtaken] = [[], [], []];
  for (let from = 0; from < images.length; from += most) {
    const some = images.slice(from, from + most);
    const answers = await ask(`${jobPath(job)}/review`, { method: "POST", body: { ...given, images: some.map(image => ({ image: image.image, shard: image.shard, revision: revisionOf(job, image), mask: maskOf(image) ?? undefined })) } });
    for (const answer of answers) {
      const image = some.find(item => item.image === answer.image);
      const known = revisionOf(job, image);
      if (answer.entry) {
        image.review = answer.entry;
        revisions.set(JSON.stringify([job, image.image]), answer.entry.revision);
      }
      if (answer.ok) done.push(image);
      else if (answer.entry && answer.entry.revision !== known) overtaken.push(image);
      else problems.push([image, answer.problem ?? `${answer.image} was not reviewed.`]);
    }
  }
  // Two who decide the same do not contradict each other.
  const other = overtaken.filter(image => decisionOf(image) !== given.decision || (given.note && given.note !== image.review.note));
  done.push(...overtaken.filter(image => !other.includes(image)));
  if (other.length === 0 || !await isReplaced(other, given.decision)) return { done, problems, theirs: other };
  const again = await review(job, other, given);
  return { done: [...done, ...again.done], problems: [...problems, ...again.problems], theirs: again.theirs };
}

/** Brings an image to what is known of it by now. */
export async function renew(job, image) {
  const { images: [now] } = await ask(`${jobPath(job)}/images?${new URLSearchParams({ at: image.image, limit: 1 })}`);
  for (const name of Object.keys(image)) if (!(name in now)) delete image[name];
  Object.assign(image, now);
}

function isReplaced(images, decision) {
  const yours = decision === "none" ? "Take it back all the same?" : `Put yours, ${decision}, in its place?`;
  const named = images.slice(0, mostNamed).map(image => h("li", null, h("strong", null, image.image), ` ${wordsOf(image.review) ?? `taken back by ${image.review.reviewer}, ${ago(image.review.at)}`}`));
  if (images.length > mostNamed) named.push(h("li", { class: "soft" }, `and ${images.length - mostNamed} more`));
  return confirmed(`Somebody else has decided on ${images.length === 1 ? "this image" : plural(images.length, "image")} meanwhile. ${yours}`, decision === "none" ? "Take back" : "Replace", { no: "Leave theirs", more: h("ul", { class: "theirs" }, named) });
}
