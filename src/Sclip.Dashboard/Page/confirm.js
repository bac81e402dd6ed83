// Asks before something that hurts.

import { h } from "./dom.js";

/** Whether it is wanted; `more` are elements below the question, `no` is what the other button says. */
export function confirmed(question, yes, { no = "Leave it", more = [] } = {}) {
  return new Promise(answer => {
    const dialog = h("dialog", { class: "ask card", "aria-label": yes, onclose: () => { answer(dialog.returnValue === "yes"); dialog.remove(); } },
      h("p", null, question), more,
      h("div", { class: "actions" }, h("button", { type: "button", autofocus: true, onclick: () => dialog.close("no") }, no), h("button", { type: "button", class: "danger", onclick: () => dialog.close("yes") }, yes)));
    document.body.append(dialog);
    dialog.showModal();
  });
}
