// The images that one goes through in the viewer, one after the other: fetched as one comes to them, however many there are.

import { ask, jobPath } from "./api.js";
import { admitsReview, askedOf } from "./image-filter.js";

export const pageSize = 60;

/** Images that are all there. */
export const fixedList = images => ({ get total() { return images.length; }, peek: place => images[place], at: async place => images[place] });

/**
 * The images of a job under a filter, each at its place. An image that no longer matches, because of a review that was just given, keeps
 * its place, and the places behind it keep theirs.
 */
export function imageList(job, filter) {
  const [images, left, flights] = [new Map(), new Set(), new Map()];
  let total = 0;

  const leftBefore = place => [...left].filter(other => other < place).length;

  function take(page, first) {
    let place = first;
    for (const image of page.images) {
      while (left.has(place)) place++;
      if (!images.has(place)) images.set(place, image);
      place++;
    }
    total = page.total + left.size;
  }

  function fetchFrom(first) {
    if (!flights.has(first)) {
      const query = askedOf(filter);
      query.set("offset", first - leftBefore(first));
      query.set("limit", pageSize);
      flights.set(first, ask(`${jobPath(job)}/images?${query}`).then(page => take(page, first)).finally(() => flights.delete(first)));
    }
    return flights.get(first);
  }

  return {
    get total() { return total; },
    peek: place => images.get(place),
    /** The image at a place; undefined where there are fewer by now. `step` says which way one goes. */
    async at(place, step = 1) {
      if (!images.has(place)) await fetchFrom(step < 0 ? Math.max(0, place + 1 - pageSize) : place);
      return images.get(place);
    },
    /** Takes over a page that was answered. */
    take: page => take(page, page.offset),
    /** Where an image is, by its name; a refusal is thrown where it is not among them. */
    async find(name) {
      const query = askedOf(filter);
      query.set("at", name);
      query.set("limit", pageSize);
      const page = await ask(`${jobPath(job)}/images?${query}`);
      take(page, page.offset);
      return page.offset + page.images.findIndex(image => image.image === name);
    },
    /** Hears that an image has another review. */
    reviewed(image) {
      const [place] = [...images].find(([, item]) => item === image);
      if (admitsReview(filter, image)) left.delete(place);
      else left.add(place);
    },
    /** How many of the images that still match come before a place. */
    offsetOf: place => place - leftBefore(place),
  };
}
