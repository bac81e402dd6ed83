// Masks that follow what is typed: the newest list wins, what is seen comes first, and what was answered in haste is asked again in full.

import { request } from "./api.js";
import { readFrame } from "./frames.js";

const [calm, overtaken, notThere, lost] = [300, 250, 500, 2000];

/** What masks depend on; colours are only painted. */
export const keyOf = ({ labels, settings }) => JSON.stringify([labels.map(({ name, synonyms, background }) => [name, synonyms, background]), settings]);

/**
 * `pictures` gives those that are seen and ready, `side` the size wanted; `received` hears of each answer, `refused` why there is none,
 * `busy` that there is something to come, `settled` that all that is seen is as it should be.
 */
export function liveMasks(path, { pictures, side, received, refused, busy, settled }) {
  const have = new Map();
  let wanted = null, flight = null, begun = null, refusedKey = null, timer = 0, closed = false;

  /** Wants the masks of a list and its settings; null where there is no list to be sent. */
  function want(list) {
    const key = list && keyOf(list);
    const [isSame, isFirst] = [key === wanted?.key, wanted === null];
    wanted = list && { ...list, key };
    if (isSame) return;
    refusedKey = null;
    begun = isFirst ? null : performance.now();
    look();
  }

  /** Sends for what is missing; the answer under way is left alone where it is of use. */
  function look() {
    clearTimeout(timer);
    if (closed || !wanted || refusedKey === wanted.key) return flight = stop();
    const wide = side();
    const seen = pictures();
    const missing = seen.filter(index => have.get(index)?.key !== wanted.key || have.get(index).side !== wide);
    if (flight?.key === wanted.key && flight.side === wide && (!flight.whole || missing.length === 0)) return;
    flight = stop();
    const hasty = seen.filter(index => have.get(index)?.hasty);
    if (missing.length + hasty.length > 0) busy();
    if (missing.length > 0) send(missing, wide, false);
    else if (hasty.length > 0) timer = setTimeout(() => send(hasty, wide, true), calm);
    else settled();
  }

  function stop() {
    flight?.control.abort();
    return null;
  }

  async function send(indices, wide, whole) {
    const { key, labels, settings } = wanted;
    const mine = flight = { key, side: wide, whole, control: new AbortController() };
    let wait = 0;
    try {
      const answer = await request(`${path}/label`, { method: "POST", body: { labels, settings, pictures: indices, side: wide, settled: whole }, signal: mine.control.signal });
      const frame = readFrame(await answer.arrayBuffer(), 2);
      if (mine !== flight) return;
      for (const picture of frame.pictures) have.set(picture.index, { key, side: wide, hasty: frame.draft.length > 0 });
      wait = frame.pictures.length < indices.length ? notThere : 0;
      received(frame.pictures, { key, hasty: frame.draft, since: begun });
      begun = null;
    } catch (error) {
      if (mine !== flight || error.name === "AbortError") return;
      // Another page of the same session asked at the same time, or the service is gone; what is wrong with the list stays wrong.
      wait = error.status === 409 ? overtaken : lost;
      if (error.status >= 400 && error.status < 500 && error.status !== 409) refusedKey = key;
      if (error.status !== 409) refused(error.message);
    }
    flight = null;
    if (wait > 0) timer = setTimeout(look, wait);
    else look();
  }

  return {
    want,
    look,
    get key() { return wanted?.key; },
    get isHasty() { return pictures().some(index => have.get(index)?.key === wanted?.key && have.get(index).hasty); },
    close() {
      closed = true;
      look();
    },
  };
}
