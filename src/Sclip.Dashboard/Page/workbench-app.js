// The workbench alone, as a local server has it: one session, begun already.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { themeButton } from "./theme.js";
import { workbenchPage } from "./workbench.js";

const main = document.getElementById("main");
themeButton(document.getElementById("theme"));

async function enter() {
  try {
    const { sessions } = await ask("workbench");
    main.replaceChildren(workbenchPage(sessions[0].id).element);
  } catch (error) {
    main.replaceChildren(h("p", { class: "problem", role: "alert" }, error.message));
    setTimeout(enter, 3000);
  }
}
enter();
