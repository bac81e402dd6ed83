// Where images lie: the containers and folders to choose from, how many pictures are there, and the first of them. It shows what is typed, and types what is chosen.

import { ask, placePath, storedPath } from "./api.js";
import { h, say } from "./dom.js";
import { compact, fileOf, plural } from "./format.js";

const patience = 350;
const shown = 3;
const side = 160;

/** Makes the chooser; `chosen` hears the text of a place, and `limits` what an upload may be. */
export function placeChooser(chosen, limits) {
  const crumbs = h("p", { class: "crumbs" });
  const folders = h("ul", { class: "folders" });
  const told = h("p", { class: "soft", role: "status" });
  const pictures = h("ul", { class: "samples" });
  const element = h("div", { class: "places", "aria-label": "Places of images", role: "group" }, crumbs, folders, told, pictures);
  let [known, looking, timer, last] = [null, null, null, null];

  const step = (text, place, name = text) => h("button", { type: "button", class: "link", "aria-label": `Go to ${name}`, onclick: () => chosen(place) }, text);

  function drawCrumbs(container, prefix) {
    const parts = prefix.split("/").slice(0, -1);
    crumbs.replaceChildren(step("All containers", "", "all containers"), ...(container === null ? [] : [" / ", step(container, `${container}/`)]),
      ...parts.flatMap((part, i) => [" / ", step(part, `${container}/${parts.slice(0, i + 1).join("/")}/`)]));
  }

  function drawFolders(list, complete, placeOf) {
    folders.replaceChildren(...list.map(({ name, refusal }) => h("li", null,
      h("button", { type: "button", disabled: refusal !== undefined, title: refusal, onclick: () => chosen(placeOf(name)) }, name),
      refusal ? h("span", { class: "hint" }, refusal) : null)), ...(complete ? [] : [h("li", { class: "hint" }, "There are more: type how the name begins.")]));
  }

  function fail(message) {
    folders.replaceChildren();
    pictures.replaceChildren();
    told.className = "failed";
    say(told, message);
  }

  async function showContainers(typed, signal) {
    known ??= await ask("places", { signal });
    limits(known.upload);
    if (known.places.some(place => place.name === typed)) return showPlace(typed, "", signal);
    const fit = known.places.filter(place => place.name.startsWith(typed));
    drawCrumbs(null, "");
    drawFolders(fit, known.complete, name => `${name}/`);
    pictures.replaceChildren();
    told.className = "soft";
    say(told, fit.length > 0 ? `${plural(fit.length, "container")}${typed ? ` that begin${fit.length === 1 ? "s" : ""} so` : " to choose from"}.` : typed ? "No container begins so; an upload makes a new one." : "The account has no containers yet; an upload makes one.");
  }

  async function showPlace(container, prefix, signal) {
    const view = await ask(`${placePath(container)}?prefix=${encodeURIComponent(prefix)}`, { signal });
    drawCrumbs(container, prefix);
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    drawFolders(view.folders, view.folders_complete, name => `${container}/${folder}${name}/`);
    told.className = "soft";
    const more = view.complete ? "" : "+";
    say(told, `${compact(view.images)}${more} ${view.images === 1 && view.complete ? "picture" : "pictures"}${view.others > 0 ? `, and ${plural(view.others, "other file")}, which are passed over` : ""}.`);
    pictures.replaceChildren(...view.samples.slice(0, shown).map(name => h("li", null,
      h("img", { src: storedPath(container, name, side), alt: fileOf(name), title: name, loading: "lazy", decoding: "async", onerror: event => event.target.parentElement.classList.add("unseen") }))));
  }

  async function look(text) {
    looking?.abort();
    const mine = looking = new AbortController();
    const slash = text.indexOf("/");
    element.setAttribute("aria-busy", "true");
    try {
      // What an upload may be is told with the containers.
      if (known === null && slash >= 0) await ask("places", { signal: mine.signal }).then(list => { known = list; limits(list.upload); }, () => {});
      await (slash < 0 ? showContainers(text, mine.signal) : showPlace(text.slice(0, slash), text.slice(slash + 1), mine.signal));
    } catch (error) {
      if (error.name === "AbortError" || mine !== looking) return;
      drawCrumbs(slash < 0 ? null : text.slice(0, slash), slash < 0 ? "" : text.slice(slash + 1));
      fail(error.message);
    }
    if (mine === looking) element.removeAttribute("aria-busy");
  }

  return {
    element,
    /** Shows a place, soon. */
    show(text) {
      if (text === last) return;
      last = text;
      clearTimeout(timer);
      timer = setTimeout(() => look(text.trim()), patience);
    },
    /** Looks anew: something was put there. */
    refresh() {
      known = null;
      look((last ?? "").trim());
    },
    close() {
      clearTimeout(timer);
      looking?.abort();
    },
  };
}
