// A job's pictures under their masks, filtered and ordered, page by page; what is shown stands in the address.

import { writeAddress } from "./address.js";
import { ask, jobPath } from "./api.js";
import { h, mark, reconcile } from "./dom.js";
import { compact } from "./format.js";
import { imageCard } from "./image-card.js";
import { addressOf, askedOf, filterFields, filterOf, isPlain } from "./image-filter.js";
import { imageList, pageSize } from "./image-list.js";
import { mixer } from "./mixer.js";
import { pager } from "./pager.js";
import { selection } from "./selection.js";
import { openViewer } from "./viewer.js";

const side = 360;
const [refreshEvery, unfinishedEvery] = [3000, 1000];

/** `start` is the place of the address within the job; `reviewed` hears of reviews that are given here. */
export function gallery(job, start, reviewed) {
  const grid = h("ul", { class: "gallery", "aria-label": "Images" });
  const problem = h("div", { class: "problem", role: "alert", tabindex: "-1", hidden: true });
  const fields = filterFields(job, choose);
  const pages = pager("Pages of images", pageSize, page => go({ ...filter, page }, { up: true }));
  const mix = mixer("gallery", value => grid.style.setProperty("--mix", value));
  const chosen = selection(job.id, { shown: () => images, decided: () => { reviewed(); load(true); } });
  const element = h("section", { "aria-labelledby": "images-title" },
    h("div", { class: "head tools" }, h("h2", { id: "images-title" }, "Images"), fields.elements, mix.element), problem, grid, pages.element, chosen.element);
  let filter = null, page = null, images = [], viewer = null, isLost = false, isClosed = false, busy = false, wanted = false, heard = null, timer = 0, turn = 0, opening = 0;

  /** Changes the filter; what is not named stays, and the first page is shown. */
  function choose(change) {
    const next = { ...filter, page: 1, ...change };
    if (next.class === null && next.order === "share") next.order = "shard";
    // What is typed letter by letter is one step in the history.
    go(next, { replaced: "search" in change && change.search !== null && filter.search !== null });
    const { top } = element.getBoundingClientRect();
    if (top < 0 || top > innerHeight * 0.8) element.scrollIntoView({ block: "start" });
  }

  function go(next, { replaced = false, up = false } = {}) {
    writeAddress(addressOf(job.id, next), { pushed: !replaced });
    show(next, null);
    if (up) element.scrollIntoView({ block: "start" });
  }

  /** Shows what an address says: a page of images, or one of them, large. */
  function navigate({ inside: [what, ...name], query }) {
    show(filterOf(query), what === "images" && name.length > 0 ? name.join("/") : null);
  }

  function show(next, name) {
    // The address of an image says no page.
    if (name !== null && filter !== null) next.page = filter.page;
    const isOther = filter === null || addressOf(job.id, next) !== addressOf(job.id, filter);
    // What is shown until the answer comes is of another filter, in which an image has other neighbours.
    if (filter !== null && addressOf(job.id, { ...next, page: 1 }) !== firstPage()) page = null;
    filter = next;
    fields.update(filter);
    if (isOther) load();
    if (name !== null && viewer?.image.image !== name) open(name);
    else if (name === null) leaveViewer();
  }

  /** Opens an image by its name, wherever it is under the filter. */
  async function open(name) {
    viewer?.close();
    viewer = null;
    const [mine, list] = [++opening, imageList(job.id, filter)];
    isLost = false;
    try {
      const shown = page?.images.find(item => item.image === name);
      if (shown) list.take(page);
      const image = shown ?? await list.find(name);
      if (mine !== opening) return;
      viewer = openViewer({
        job, list, image, mix: mix.value,
        moved: image => writeAddress(addressOf(job.id, filter, image.image), { state: history.state }),
        decided: () => {
          reviewed();
          // Who left before the answer came sees what was there before.
          if (viewer?.list !== list) load(true);
        },
        closed: () => {
          // Who came from the gallery goes back to it; who came by the address stays where the history is.
          if (history.state?.fromGallery) return history.back();
          writeAddress(addressOf(job.id, filter));
          leaveViewer();
        },
      });
      Object.assign(viewer, { list, under: firstPage() });
    } catch (error) {
      if (mine !== opening) return;
      const plain = { ...filterOf(new URLSearchParams()), page: 1 };
      isLost = true;
      fail(error.message, isPlain(filter) || error.status !== 404 ? null : h("a", { href: addressOf(job.id, plain, name) }, "Look for it among all images"));
      problem.focus({ preventScroll: true });
      bringProblem();
    }
  }

  /** The gallery goes to where the viewer was left. */
  async function leaveViewer() {
    opening++;
    isLost = false;
    if (!viewer) return;
    const { image: { image: name }, list, under } = viewer;
    const offset = list.offsetOf(viewer.image);
    viewer.close();
    viewer = null;
    // The history may lead to another filter, where its place is another.
    if (under !== firstPage()) return;
    filter.page = Math.floor(offset / pageSize) + 1;
    writeAddress(addressOf(job.id, filter), { state: history.state });
    await load(true);
    const card = [...grid.querySelectorAll(".shot")][Math.max(0, images.findIndex(image => image.image === name))];
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  const firstPage = () => addressOf(job.id, { ...filter, page: 1 });

  async function load(quiet = false) {
    if (isClosed) return;
    const mine = ++turn;
    clearTimeout(timer);
    const query = askedOf(filter);
    query.set("offset", (filter.page - 1) * pageSize);
    query.set("limit", pageSize);
    busy = true;
    if (!quiet) mark(grid, "aria-busy", true);
    try {
      const answer = await ask(`${jobPath(job.id)}/images?${query}`);
      if (mine !== turn) return;
      // Why an image could not be opened stays to be read.
      problem.hidden = !isLost;
      if (answer.images.length === 0 && answer.total > 0) return go({ ...filter, page: Math.ceil(answer.total / pageSize) }, { replaced: true });
      page = answer;
      draw();
      // What was drawn now is room to scroll.
      if (document.activeElement === problem) bringProblem();
      if (!page.complete) refresh(unfinishedEvery);
    } catch (error) {
      if (mine !== turn) return;
      fail(error.message);
      if (error.status === 0) refresh(refreshEvery);
    } finally {
      if (mine === turn) {
        busy = false;
        grid.removeAttribute("aria-busy");
        if (wanted) refresh(refreshEvery);
      }
    }
  }

  function fail(text, way = null) {
    problem.replaceChildren(text, ...way ? [" ", way] : []);
    problem.hidden = false;
  }

  const bringProblem = () => problem.scrollIntoView({ block: "center" });

  function draw() {
    images = page.images;
    reconcile(grid, images, image => `${image.image} ${image.status} ${image.corrected ?? ""}`, card, (part, image) => part.update(image));
    chosen.renew(images);
    pages.update({
      offset: page.offset, shown: images.length, total: page.total,
      none: isPlain(filter) ? "No image has a result yet" : "No image matches",
      more: page.complete ? "" : `, of the first ${compact(page.indexed)} images that were read`,
    });
  }

  const card = image => imageCard(job, image, side, chosen.box(image), () => {
    writeAddress(addressOf(job.id, filter, image.image), { pushed: true, state: { fromGallery: true } });
    show({ ...filter }, image.image);
  });

  function refresh(wait) {
    clearTimeout(timer);
    wanted = true;
    timer = setTimeout(() => {
      if (busy || document.hidden || viewer) return refresh(wait);
      wanted = false;
      load(true);
    }, wait);
  }

  navigate(start);
  return {
    element, choose, navigate,
    /** Hears that the job has moved: what is shown follows. The first time, too: the page may have been asked for before the job came so far. */
    moved(status) {
      const now = `${status.state} ${status.labelled + status.failed}`;
      if (now !== heard) refresh(refreshEvery);
      heard = now;
    },
    /** Hears that somebody reviewed. */
    refresh: () => refresh(0),
    close() {
      viewer?.close();
      fields.close();
      chosen.close();
      clearTimeout(timer);
      isClosed = true;
      [turn, opening] = [-1, -1];
    },
  };
}
