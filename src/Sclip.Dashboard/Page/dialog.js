// Asks before something that hurts, or that wants a choice.

import { h } from "./dom.js";

/** True where the answer is yes. `more` is what else stands in the dialog, `no` what the other button says. */
export function confirmed(question, yes, { more = null, style = "danger", no = "Leave it" } = {}) {
  return new Promise(answer => {
    const dialog = h("dialog", { class: "ask card", "aria-label": yes, onclose: () => { answer(dialog.returnValue === "yes"); dialog.remove(); } },
      h("p", null, question), more,
      h("div", { class: "actions" }, h("button", { type: "button", autofocus: true, onclick: () => dialog.close("no") }, no), h("button", { type: "button", class: style, onclick: () => dialog.close("yes") }, yes)));
    document.body.append(dialog);
    dialog.showModal();
  });
}
