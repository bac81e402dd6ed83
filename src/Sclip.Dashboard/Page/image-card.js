// An image in the gallery, with what people made of it.

import { h, mark, say } from "./dom.js";
import { decisionOf, decisions, wordsOf } from "./reviews.js";
import { shot } from "./shot.js";

/** `box` selects it, `opened` hears that it is to be opened. */
export function imageCard(job, image, side, box, opened) {
  const badge = h("span", { class: "badge", hidden: true });
  const element = shot(job, image, side, opened);
  element.append(box);
  element.querySelector(".shot").append(badge);
  return {
    element,
    update(now) {
      const decision = decisions.find(({ name }) => name === decisionOf(now));
      const words = [decision && `${decision.sign} ${decision.name}`, now.corrected && "corrected"].filter(Boolean).join(" · ");
      say(badge, words);
      badge.hidden = words === "";
      badge.dataset.decision = decision?.name ?? "none";
      mark(badge, "title", wordsOf(now.review) ?? words);
    },
  };
}
