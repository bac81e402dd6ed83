// What a copied job has and the form has no field for, line by line, each to be left out.

import { ask, jobPath } from "./api.js";
import { h } from "./dom.js";
import { plural } from "./format.js";

const names = { templates: texts => plural(texts.length, "prompt template"), pamr_dilations: pixels => `PAMR dilations ${pixels.join(", ")}` };

/** `left` hears that something was left out, `read` that the list of images has come, or cannot be read. */
export function carriedParts({ left, read }) {
  // The list of images is that of another job, and is read from there.
  let [settings, list, featuresOf, device] = [{}, null, undefined, undefined];
  const lines = h("ul");
  const element = h("div", { class: "carried", hidden: true }, h("span", { class: "soft" }, "Also copied:"), lines);

  function takeList(of) {
    const mine = list = { of, names: null };
    mine.read = ask(`${jobPath(of)}/list`).then(names => { mine.names = names; }, error => { mine.problem = error.message; }).then(draw).then(read);
  }

  function draw() {
    const line = (text, leave) => h("li", null, h("span", null, text), h("button", { type: "button", class: "link", "aria-label": `Leave out ${text}`, onclick: () => {
      leave();
      draw();
      left();
    } }, "Leave out"));
    lines.replaceChildren(
      ...(featuresOf ? [line(`the features of job ${featuresOf}, which are labelled in place of images`, () => { featuresOf = undefined; })] : []),
      ...(list ? [line(list.names ? `a list of ${plural(list.names.length, "image")}, which alone are labelled` : `the list of images of job ${list.of}`, () => { list = null; })] : []),
      ...(device ? [line(`that only workers on ${device} take it`, () => { device = undefined; })] : []),
      ...Object.entries(settings).map(([key, value]) => line(names[key]?.(value) ?? `${key.replaceAll("_", " ")} ${JSON.stringify(value)}`, () => { delete settings[key]; })));
    element.hidden = lines.children.length === 0;
  }

  return {
    element,
    get settings() { return settings; },
    /** In the form of a draft, which names the job that the list is of. */
    draft: () => ({ features_of: featuresOf, images_of: list?.of, device }),
    /** In the form of a request, which has the list itself. */
    request: () => ({ features_of: featuresOf, images: list?.names, device }),
    /** Whether nothing is still to be read. */
    isWhole: () => !list || list.names !== null,
    /** Why it cannot be sent, once the list has come or failed; null where it can. */
    async fault() {
      await list?.read;
      return list && !list.names ? `The list of images of job ${list.of} cannot be read: ${list.problem} Copy the job again, or leave the list out to label all images above.` : null;
    },
    /** Takes them from a draft; `others` are its settings without a field. */
    fill(job, others) {
      settings = others;
      list = null;
      featuresOf = job.features_of ?? undefined;
      device = job.device ?? undefined;
      if (job.images_of) takeList(job.images_of);
      draw();
    },
  };
}
