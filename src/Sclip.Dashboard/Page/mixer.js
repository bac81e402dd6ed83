// The slider between picture and mask; its place is remembered.

import { h } from "./dom.js";

export function mixer(name, changed, start) {
  const input = h("input", { type: "range", min: "0", max: "1", step: "0.05", value: start ?? localStorage.getItem("sclip.mix") ?? "0.55", "aria-label": "Mix of picture and mask", id: `mix-${name}`, oninput: () => {
    localStorage.setItem("sclip.mix", input.value);
    changed(input.value);
  } });
  changed(input.value);
  return { element: h("span", { class: "mix" }, h("span", { "aria-hidden": "true" }, "Picture"), input, h("span", { "aria-hidden": "true" }, "Mask")), get value() { return input.value; }, set(value) { if (value !== undefined) { input.value = value; changed(input.value); } } };
}
