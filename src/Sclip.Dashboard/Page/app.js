// Opens the page that the address names, and holds what all pages share: the way in, the theme, the connection.

import { ask } from "./api.js";
import { say } from "./dom.js";
import { compact, plural, rate } from "./format.js";
import { begin, end, onOverview, totalRate } from "./state.js";
import { homePage } from "./home.js";
import { jobPage } from "./job.js";
import { newJobPage } from "./new-job.js";
import { signIn } from "./sign-in.js";
import { themeButton } from "./theme.js";
import { workbenchPage } from "./workbench.js";
import { workbenchStart } from "./workbench-start.js";
import { workerPage } from "./worker.js";

const main = document.getElementById("main");
const lost = document.getElementById("lost");
const leave = document.getElementById("leave");
let close = () => {};
// Takes another query where the page that is shown does so by itself.
let navigate = null;

function show() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [page, id] = path.split("/").map(plain);
  if (page === "" && navigate) return navigate(query);
  close();
  for (const link of document.querySelectorAll("nav a")) link.toggleAttribute("aria-current", link.dataset.page === (["new", "workbench"].includes(page) ? page : "jobs"));
  const content = page === "jobs" && id ? jobPage(id) : page === "workers" && id ? workerPage(id) : page === "new" ? newJobPage(id)
    : page === "workbench" ? id ? workbenchPage(id) : workbenchStart(new URLSearchParams(query).get("job")) : homePage(query);
  main.replaceChildren(content.element);
  close = content.close ?? (() => {});
  navigate = content.navigate ?? null;
  document.title = content.title ? `${content.title} · Sclip` : "Sclip";
  scrollTo(0, 0);
}

function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let silent;
function connection(isThere) {
  clearTimeout(silent);
  if (isThere) lost.hidden = true;
  else silent = setTimeout(() => {
    say(lost, "No connection to the dispatcher. What is shown may be old; the page tries again by itself.");
    lost.hidden = false;
  }, 2500);
}

async function enter() {
  let state;
  try {
    state = await ask("session");
  } catch {
    connection(false);
    setTimeout(enter, 3000);
    return;
  }
  leave.hidden = !state.key_needed;
  if (!state.admitted) {
    end();
    close();
    [close, navigate] = [() => {}, null];
    leave.hidden = true;
    main.replaceChildren(signIn(enter));
    return;
  }
  connection(true);
  begin(connection);
  show();
}

themeButton(document.getElementById("theme"));

leave.addEventListener("click", async () => {
  await ask("session", { method: "DELETE" }).catch(() => {});
  enter();
});
addEventListener("sclip-locked", () => { if (!document.querySelector(".sign-in")) enter(); });
addEventListener("hashchange", show);

const pulse = document.getElementById("pulse");
onOverview(overview => {
  const workers = overview.workers.filter(worker => worker.state === "ready").length;
  const waiting = overview.queues.filter(queue => !queue.name.endsWith("_error")).reduce((sum, queue) => sum + queue.shards, 0);
  say(pulse, overview.broker ? "broker not reachable" : `${plural(workers, "worker")} · ${compact(waiting)} waiting · ${rate(totalRate(overview))}`);
  pulse.classList.toggle("bad", !!overview.broker);
});
enter();
