// What is typed and wished is kept by the service, so that a reload finds it.

import { request } from "./api.js";

const rest = 500;
// A browser sends no more than this once its page is gone.
const mostKept = 60000;

/** `state` gives all that is to be kept; `failed` hears why it is not, or null. */
export function keptState(path, state, failed) {
  let [timer, sent] = [0, null];

  async function put(leaving) {
    clearTimeout(timer);
    timer = 0;
    const now = state();
    const text = JSON.stringify(now);
    if (text === sent) return;
    try {
      await request(`${path}/state`, { method: "PUT", body: now, keepalive: leaving && new TextEncoder().encode(text).length < mostKept });
      sent = text;
      failed(null);
    } catch (error) {
      failed(error.message);
    }
  }

  const leave = () => { if (timer) put(true); };
  addEventListener("pagehide", leave);
  return {
    begin() { sent = JSON.stringify(state()); },
    later() {
      clearTimeout(timer);
      timer = setTimeout(() => put(false), rest);
    },
    close() {
      removeEventListener("pagehide", leave);
      leave();
    },
  };
}
