// Which of a job's images are shown and in which order: as the page's address says it, and as the service is asked.

import { h, say } from "./dom.js";
import { decisionOf } from "./reviews.js";

const wishes = ["class", "status", "error", "search", "review", "order"];
const part = encodeURIComponent;

/** The filter of an address; what it does not say is null, the order `shard`, the page 1. */
export function filterOf(query) {
  const filter = Object.fromEntries(wishes.map(name => [name, query.get(name) || null]));
  return { ...filter, order: filter.order ?? "shard", page: Math.max(1, Math.trunc(Number(query.get("page")) || 1)) };
}

/** What the service is asked, without the place. */
export const askedOf = filter => new URLSearchParams(wishes.filter(name => filter[name] !== null).map(name => [name, filter[name]]));

/** Whether all images are shown, in their order. */
export const isPlain = filter => filter.order === "shard" && wishes.every(name => name === "order" || filter[name] === null);

/** The address of a page of images, or of one image among them. */
export function addressOf(job, filter, image = null) {
  const query = askedOf(filter);
  if (filter.order === "shard") query.delete("order");
  if (image === null && filter.page > 1) query.set("page", filter.page);
  return `#/jobs/${part(job)}${image === null ? "" : `/images/${image.split("/").map(part).join("/")}`}${query.size > 0 ? `?${query}` : ""}`;
}

/** Whether an image with this review is among those of the filter's reviews. */
export function admitsReview(filter, image) {
  const decision = decisionOf(image);
  const isReviewed = decision !== "none";
  return { open: !isReviewed, reviewed: isReviewed, corrected: image.corrected !== undefined }[filter.review] ?? (filter.review === null || filter.review === decision);
}

/** The fields of a filter; `choose` hears what is wished otherwise. */
export function filterFields(job, choose) {
  const select = (name, label, options, change) => h("select", { "aria-label": label, onchange: event => choose(change?.(event.target.value || null) ?? { [name]: event.target.value || null }) }, options.map(([value, text]) => h("option", { value }, text)));
  const fields = {
    class: select("class", "Class", [["", "Every class"], ...job.labels.map(label => [label.name, label.name])]),
    status: select("status", "Outcome", [["", "Labelled and failed"], ["ok", "Labelled"], ["failed", "Failed"]], status => ({ status, error: null })),
    review: select("review", "Review", [["", "Reviewed or not"], ["open", "Not yet reviewed"], ["reviewed", "Reviewed"], ["accepted", "Accepted"], ["rejected", "Rejected"], ["flagged", "Flagged"], ["corrected", "Corrected"]]),
    order: select("order", "Order", [["shard", "In order"], ["name", "By name"], ["doubt", "Most in doubt first"], ["confidence", "Least confident first"], ["share", "Largest share first"]]),
  };
  let typing;
  const search = h("input", { type: "search", placeholder: "Find an image", "aria-label": "Find an image", oninput: () => {
    clearTimeout(typing);
    typing = setTimeout(() => choose({ search: search.value.trim() || null }), 300);
  } });
  const error = h("button", { type: "button", class: "wished", hidden: true, onclick: () => choose({ error: null }) });
  const reset = h("button", { type: "button", class: "link", hidden: true, onclick: () => choose({ class: null, status: null, error: null, search: null, review: null, order: "shard" }) }, "Clear filters");
  return {
    elements: [search, fields.class, fields.status, fields.review, fields.order, error, reset],
    update(filter) {
      for (const [name, field] of Object.entries(fields)) {
        field.value = filter[name] ?? "";
        field.title = field.selectedOptions[0]?.text ?? "";
      }
      if (document.activeElement !== search) search.value = filter.search ?? "";
      fields.order.querySelector("[value=share]").disabled = filter.class === null;
      error.hidden = filter.error === null;
      say(error, filter.error === null ? "" : `${filter.error} ✕`);
      reset.hidden = isPlain(filter);
    },
    close: () => clearTimeout(typing),
  };
}
