// Opens the page that the address names, and holds what all pages share: the way in, the theme, the connection.

import { pageKey, placeOf } from "./address.js";
import { ask } from "./api.js";
import { say } from "./dom.js";
import { plural, rate } from "./format.js";
import { begin, end, onOverview, totalRate } from "./state.js";
import { homePage } from "./home.js";
import { signIn } from "./sign-in.js";
import { themeButton } from "./theme.js";

const main = document.getElementById("main");
const lost = document.getElementById("lost");
const leave = document.getElementById("leave");
const [again, othersAfter] = [3000, 1000];
let close = () => {};
let [shown, turn, others] = [null, 0, null];

const isHome = ({ page, id }) => !(["new", "workbench"].includes(page) || (["jobs", "workers"].includes(page) && id));

/** Loads the other pages, once; where that fails, the next call tries again. */
const loadOthers = () => others ??= import("./other-pages.js").catch(error => {
  others = null;
  throw error;
});

async function show() {
  const mine = ++turn;
  const place = placeOf(location.hash);
  const [key, { page }] = [pageKey(place), place];
  // A page with addresses of its own follows them, and keeps what it has.
  if (shown?.key === key && shown.navigate) return shown.navigate(place);
  const make = isHome(place) ? () => homePage(place.query) : await loadOthers().then(({ otherPage }) => () => otherPage(place), () => null);
  // Whoever has gone on meanwhile, or was signed out, is not brought back.
  if (mine !== turn) return;
  if (!make) {
    connection(false);
    setTimeout(() => { if (mine === turn) show(); }, again);
    return;
  }
  close();
  for (const link of document.querySelectorAll("nav a")) link.toggleAttribute("aria-current", link.dataset.page === (["new", "workbench"].includes(page) ? page : "jobs"));
  const content = make();
  main.replaceChildren(content.element);
  close = content.close ?? (() => {});
  shown = { key, navigate: content.navigate };
  document.title = content.title ? `${content.title} · Sclip` : "Sclip";
  scrollTo(0, 0);
  setTimeout(() => loadOthers().catch(() => {}), othersAfter);
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
    setTimeout(enter, again);
    return;
  }
  leave.hidden = !state.key_needed;
  if (!state.admitted) {
    end();
    close();
    [close, shown] = [() => {}, null];
    turn++;
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
// An address names a page, and this link does not lead to another.
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});

const pulse = document.getElementById("pulse");
onOverview(overview => {
  const workers = overview.workers.filter(worker => worker.state === "ready").length;
  const waiting = overview.queues.filter(queue => !queue.name.endsWith("_error")).reduce((sum, queue) => sum + queue.shards, 0);
  say(pulse, overview.broker ? "broker not reachable" : `${plural(workers, "worker")} · ${plural(waiting, "shard")} waiting · ${rate(totalRate(overview))}`);
  pulse.classList.toggle("bad", !!overview.broker);
});
enter();
