// How well the list does: how many wishes hold, the mIoU where there is ground truth, and what the last change did to both.

import { h, mark, say } from "./dom.js";
import { gain, share } from "./truth.js";

/** `counted` hears how many wishes hold, in short. */
export function scoreLine(wishes, truth, counted) {
  const [wished, scored] = [h("span"), h("span")];
  let before = null;
  return {
    element: h("p", { class: "scores", role: "status" }, wished, scored),
    /** What is shown now is what the next change is compared with. */
    step() {
      wishes.step();
      before = truth.now;
    },
    draw() {
      const { held, missed, open, gain: more } = wishes.counts();
      const all = held + missed + open;
      say(wished, all === 0 ? "" : `${held} held, ${missed} missed${open > 0 ? `, ${open} waiting` : ""}${more === 0 ? "" : ` (${more > 0 ? "+" : "−"}${Math.abs(more)})`}`);
      mark(wished, "data-way", more > 0 ? "up" : more < 0 ? "down" : "");
      counted(all === 0 ? "" : `${held}/${all}`);
      const change = truth.now && truth.now.pictures === before?.pictures ? gain(truth.now.miou, before.miou) : "";
      say(scored, truth.now ? `mIoU ${share(truth.now.miou)}${change && change !== "±0" ? ` (${change})` : ""}` : "");
      mark(scored, "data-way", change.startsWith("+") ? "up" : change.startsWith("−") ? "down" : "");
    },
  };
}
