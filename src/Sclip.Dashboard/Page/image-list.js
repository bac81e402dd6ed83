// The images that one goes through in the viewer, one after the other: fetched as one comes to them, however many there are.

import { ask, jobPath } from "./api.js";
import { admitsReview, askedOf } from "./image-filter.js";

export const pageSize = 60;

/** Images that are all there. */
export const fixedList = images => ({
  get total() { return images.length; },
  placeOf: image => images.indexOf(image),
  hasNext: image => image !== images.at(-1),
  next: async (image, step) => images[(images.indexOf(image) + step + images.length) % images.length],
});

/**
 * The images of a job under a filter, around those that were shown. Places change while people review, since images leave the filter and come to it;
 * what comes next is therefore asked for by the image that is shown, wherever that stands by now. An image that was decided on stays where one went
 * past it.
 */
export function imageList(job, filter) {
  // What lies around the images that are known.
  let [known, before, after, last] = [[], 0, 0, Promise.resolve()];

  /** Whether an image is not the last. */
  const hasNext = image => known.indexOf(image) + 1 < known.length || after > 0;

  function fetchPage(place) {
    const query = askedOf(filter);
    for (const [name, value] of Object.entries({ limit: pageSize, ...place })) query.set(name, value);
    return ask(`${jobPath(job)}/images?${query}`);
  }

  function take(page) {
    [known, before, after] = [[...page.images], page.offset, page.total - page.offset - page.images.length];
  }

  /** One after the other: each begins where the one before has ended. */
  function inTurn(work) {
    last = last.then(work, work);
    return last;
  }

  async function fetchAfter(image) {
    const page = await fetchPage({ from: image.image });
    known.push(...page.images.filter(({ image: name }) => name !== image.image));
    after = page.total - page.offset - page.images.length;
  }

  async function fetchBefore(image) {
    const { offset } = await fetchPage({ from: image.image, limit: 1 });
    before = offset;
    if (offset === 0) return;
    const first = Math.max(0, offset - pageSize);
    known.unshift(...(await fetchPage({ offset: first, limit: offset - first })).images);
    before = first;
  }

  async function goOn(image, step) {
    const neighbour = () => known[known.indexOf(image) + step];
    if (!neighbour() && step > 0 && after > 0) await fetchAfter(image);
    if (!neighbour() && step < 0 && before > 0) await fetchBefore(image);
    if (neighbour()) return neighbour();
    // Behind the last comes the first.
    if (step > 0 && before > 0) take(await fetchPage({ offset: 0 }));
    if (step < 0 && after > 0) take(await fetchPage({ offset: Math.max(0, (await fetchPage({ offset: 0, limit: 1 })).total - pageSize) }));
    return known.at(step > 0 ? 0 : -1);
  }

  async function follow(image) {
    if (filter.review !== null) {
      after += known.splice(known.indexOf(image) + 1).length;
      await fetchAfter(image);
    }
    return hasNext(image) ? goOn(image, 1) : undefined;
  }

  return {
    get total() { return before + known.length + after; },
    placeOf: image => before + known.indexOf(image),
    hasNext,
    /** The image that is a step, 1 or -1, away from one; undefined where there is none by now. */
    next: (image, step) => inTurn(() => goOn(image, step)),
    /** The image that comes after one that was just decided on, and still matches, whatever others decided meanwhile; undefined behind the last. */
    following: image => inTurn(() => follow(image)),
    /** Takes over a page that was answered. */
    take,
    /** An image, by its name; a refusal is thrown where it is not among them. */
    async find(name) {
      take(await fetchPage({ at: name }));
      return known.find(image => image.image === name);
    },
    /** How many of the images that still match come before one. */
    offsetOf: image => before + known.slice(0, known.indexOf(image)).filter(item => admitsReview(filter, item)).length,
  };
}
