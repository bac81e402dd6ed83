// Wishes and ground truth, judged anew a moment after the masks.

import { ask } from "./api.js";

const [moment, calm] = [150, 1200];

/** `told` hears each judgement, and the question it answers. */
export function judging(path, told) {
  let [timer, control] = [0, null];

  async function send(question, settled) {
    control?.abort();
    const mine = control = new AbortController();
    try {
      const answer = await ask(`${path}/judge`, { method: "POST", body: { ...question.body, settled }, signal: mine.signal });
      if (mine !== control) return;
      told(answer, question);
      // Where no picture is in sight, nothing else asks for the names in full.
      if (answer.draft.length > 0) timer = setTimeout(() => send(question, true), calm);
    } catch (error) {
      // What is wrong with the list is told by the masks.
      if (error.status === 409 && mine === control) timer = setTimeout(() => send(question, settled), moment);
    }
  }

  return {
    /** Asks in a moment; a later question takes the place of an earlier one. */
    ask(question, wait = moment) {
      clearTimeout(timer);
      // An answer to an earlier one is of no use any more, and its names must not be asked for in full in place of this one.
      control?.abort();
      control = null;
      timer = setTimeout(() => send(question, false), wait);
    },
    close() {
      clearTimeout(timer);
      control?.abort();
      control = null;
    },
  };
}
