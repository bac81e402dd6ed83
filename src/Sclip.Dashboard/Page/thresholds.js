// The numbers beside a list of classes: thresholds and the logit scale.

import { h } from "./dom.js";
import { numberFault } from "./numbers.js";

const fields = {
  probability_threshold: { label: "Probability threshold", rule: { least: 0, most: 1 }, placeholder: "0", hint: "Less sure pixels go to the background." },
  area_threshold: { label: "Area threshold", rule: { least: 0, most: 1 }, placeholder: "0", hint: "Classes of a smaller share are dropped." },
  logit_scale: { label: "Logit scale", rule: { least: 0 }, placeholder: "the model's", hint: "How sharply the best name wins." },
};

export function thresholdsEditor(changed) {
  const inputs = {};
  const element = h("div", { class: "thresholds" }, Object.entries(fields).map(([key, { label, placeholder, hint }]) => {
    inputs[key] = h("input", { type: "text", id: `bench-${key}`, inputmode: "decimal", autocomplete: "off", placeholder, "aria-describedby": `bench-${key}-hint`, oninput: () => { look(); changed(); } });
    return h("div", { class: "field" }, h("label", { htmlFor: `bench-${key}` }, label), inputs[key], h("span", { class: "hint", id: `bench-${key}-hint` }, hint));
  }));
  const each = make => Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, make(input.value.trim(), key)]));

  function look() {
    for (const [key, input] of Object.entries(inputs)) {
      const fault = numberFault(input.value, fields[key].rule);
      input.setCustomValidity(fault);
      input.toggleAttribute("aria-invalid", fault !== "");
    }
  }

  return {
    element,
    /** What is wrong with what is typed; an empty text where nothing is. */
    fault: () => Object.entries(inputs).map(([key, input]) => input.validationMessage && `${fields[key].label}: ${input.validationMessage}`).find(text => text) ?? "",
    read: () => each((text, key) => text === "" ? key === "probability_threshold" ? 0 : null : Number(text)),
    draft: () => each(text => text),
    fill(values) {
      for (const [key, input] of Object.entries(inputs)) input.value = values?.[key] || "";
      look();
    },
    placeholder(scale) {
      inputs.logit_scale.placeholder = `the model's (${scale})`;
    },
  };
}
