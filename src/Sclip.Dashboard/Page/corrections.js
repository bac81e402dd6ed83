// Masks that people made of images, in place of the machine's.

import { ask, correctionPath, Refusal, request } from "./api.js";
import { confirmed } from "./dialog.js";
import { h } from "./dom.js";

const question = "Take the correction of this image back? The machine's mask counts again; decisions on the corrected one do not.";

/** The button that takes a correction back, after a question. `image` gives the one that is shown; `done` hears it afterwards, and why nothing came of it, or null. */
export function withdrawal(job, { image, done }) {
  const button = h("button", { type: "button", class: "quiet", onclick: async () => {
    const mine = image();
    if (!await confirmed(question, "Take it back", { more: h("p", null, h("strong", null, mine.image)) })) return;
    button.disabled = true;
    await done(mine, await withdraw(job, mine).then(() => null, error => error.message));
    button.disabled = false;
  } }, "Take the correction back");
  return button;
}

/** Only the correction is taken back that the image was shown with; a refusal is thrown. */
async function withdraw(job, image) {
  const path = correctionPath(job, image);
  const there = await request(path);
  await there.body.cancel();
  const tag = there.headers.get("etag");
  // A mask's name has the beginning of its tag.
  if (!image.corrected.endsWith(`.${tag.slice(1, 17)}.png`)) throw new Refusal(412, `${image.image} was corrected anew meanwhile. Look at that mask first.`);
  await ask(path, { method: "DELETE", headers: { "if-match": tag } });
}
