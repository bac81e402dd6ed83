// Asks for the key, once; the browser then keeps a session.

import { ask } from "./api.js";
import { h, say } from "./dom.js";

export function signIn(entered) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const key = h("input", { type: "password", id: "key", autocomplete: "current-password", required: true, minlength: "16" });
  return h("form", {
    class: "card sign-in",
    onsubmit: async event => {
      event.preventDefault();
      problem.hidden = true;
      try {
        await ask("session", { method: "POST", headers: { "X-Api-Key": key.value } });
        entered();
      } catch (error) {
        say(problem, error.status === 401 ? "That is not the key." : error.message);
        problem.hidden = false;
        key.select();
      }
    },
  },
  h("h1", null, "Sign in"),
  h("p", { class: "soft" }, "This dispatcher wants the key that it was started with (SCLIP_DISPATCHER__APIKEY)."),
  h("label", { htmlFor: "key" }, "Key"), key, problem,
  h("button", { class: "main" }, "Sign in"));
}
