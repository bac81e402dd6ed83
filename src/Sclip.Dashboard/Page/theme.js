// The button that switches between light, dark, and what the system has; the choice is remembered.

import { h } from "./dom.js";

const themes = ["auto", "light", "dark"];

export function themeButton(button) {
  function paint(theme) {
    document.documentElement.dataset.theme = theme;
    button.replaceChildren(h("span", { class: `theme ${theme}`, "aria-hidden": "true" }), h("span", { class: "wide" }, { auto: "Auto", light: "Light", dark: "Dark" }[theme]));
    button.setAttribute("aria-label", `Theme: ${theme}. Change`);
  }
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    localStorage.setItem("sclip.theme", next);
    paint(next);
  });
  const kept = localStorage.getItem("sclip.theme");
  paint(themes.includes(kept) ? kept : "auto");
}
