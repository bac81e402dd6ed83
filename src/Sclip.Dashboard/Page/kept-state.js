// What is typed and wished is kept by the service, so that a reload finds it.

import { request } from "./api.js";

const [rest, again] = [500, 3000];
// A browser sends no more than this once its page is gone.
const mostKept = 60000;

/** `state` gives all that is to be kept; `failed` hears why it is not, or null. */
export function keptState(path, state, failed) {
  let [timer, control, sent, closed] = [0, null, null, false];

  async function put(leaving) {
    clearTimeout(timer);
    timer = 0;
    const now = state();
    const text = JSON.stringify(now);
    if (text === sent) return;
    // Nobody knows whether one that is under way arrived: this one takes its place.
    control?.abort();
    const mine = control = new AbortController();
    sent = null;
    try {
      await request(`${path}/state`, { method: "PUT", body: now, signal: mine.signal, keepalive: leaving && new TextEncoder().encode(text).length < mostKept });
      if (mine !== control) return;
      [control, sent] = [null, text];
      failed(null);
    } catch (error) {
      if (mine !== control) return;
      control = null;
      failed(error.message);
      // What is refused is refused again, until it is another.
      if (!closed && !(error.status >= 400 && error.status < 500)) timer ||= setTimeout(() => put(false), again);
    }
  }

  const leave = () => { if (timer || control) put(true); };
  addEventListener("pagehide", leave);
  return {
    begin() { sent = JSON.stringify(state()); },
    later() {
      clearTimeout(timer);
      timer = setTimeout(() => put(false), rest);
    },
    close() {
      closed = true;
      removeEventListener("pagehide", leave);
      leave();
    },
  };
}
