// Puts a small folder of pictures into the store, to be labelled: what is there already is passed over, nothing is overwritten, and what was stopped goes on.

import { request, uploadPath } from "./api.js";
import { filesOfDrop, filesOfInput, size, sortOut } from "./chosen-files.js";
import { h, say } from "./dom.js";
import { count, plural } from "./format.js";

const atOnce = 4;
const mostNamed = 50;

/** Makes the panel; `place` gives the text of the place that the form names, `done` hears where pictures were put. */
export function uploadPanel(place, done) {
  const folder = h("input", { type: "file", webkitdirectory: true, multiple: true, class: "chooser", id: "upload-folder", onchange: () => choose(filesOfInput(folder)) });
  const files = h("input", { type: "file", multiple: true, accept: "image/*", class: "chooser", id: "upload-files", onchange: () => choose(filesOfInput(files)) });
  const rule = h("p", { class: "hint" });
  const said = h("p", { class: "soft", role: "status" });
  const bar = h("progress", { hidden: true, "aria-label": "Upload", max: "1", value: "0" });
  const wrong = h("ul", { class: "failed passed", hidden: true, "aria-label": "Not uploaded" });
  const start = h("button", { type: "button", class: "main", hidden: true, onclick: () => run() }, "Upload");
  const stop = h("button", { type: "button", hidden: true, onclick: () => stopping?.abort() }, "Stop");
  const zone = h("div", { class: "drop", ondragover: event => { event.preventDefault(); zone.classList.add("over"); }, ondragleave: () => zone.classList.remove("over"), ondrop: drop },
    h("p", null, "Drop a folder here, or choose ", h("label", { class: "button", htmlFor: "upload-folder" }, "a folder", folder), " ", h("label", { class: "button", htmlFor: "upload-files" }, "pictures", files)), rule);
  const element = h("details", { class: "card upload" }, h("summary", null, "Upload a folder"), zone, said, bar, wrong, h("div", { class: "actions" }, start, stop));
  let [limits, waiting, all, sent, there, stopping, target] = [null, [], { files: 0, bytes: 0 }, 0, 0, null, null];

  async function drop(event) {
    event.preventDefault();
    zone.classList.remove("over");
    if (stopping) return;
    try {
      choose(await filesOfDrop(event.dataTransfer));
    } catch (error) {
      say(said, `What was dropped cannot be read: ${error.message}`);
    }
  }

  function choose(found) {
    if (!limits) return say(said, "The service has not told yet what an upload may be. Try again in a moment.");
    const { taken, left } = sortOut(found, limits);
    folder.value = files.value = "";
    [waiting, sent, there, target] = [taken, 0, 0, null];
    all = { files: taken.length, bytes: taken.reduce((sum, { file }) => sum + file.size, 0) };
    wrong.replaceChildren();
    for (const { name, reason } of left) refused(name, reason);
    wrong.hidden = left.length === 0;
    bar.hidden = true;
    say(start, "Upload");
    start.hidden = taken.length === 0;
    say(said, `${plural(taken.length, "picture")}, ${size(all.bytes)}${left.length > 0 ? `; ${plural(left.length, "file")} cannot be uploaded` : ""}.`);
  }

  /** Names a file that is not uploaded, and why; of very many only the first. */
  function refused(name, reason) {
    wrong.hidden = false;
    if (wrong.children.length < mostNamed) wrong.append(h("li", null, `${name}: ${reason}`));
    else if (wrong.children.length === mostNamed) wrong.append(h("li", null, "… and more."));
  }

  async function put({ file, name }, { container, prefix }, signal) {
    const answer = await request(uploadPath(container, prefix + name), { method: "PUT", text: file, headers: { "content-type": "application/octet-stream" }, signal });
    if ((await answer.json()).was_there) there++;
    else sent++;
  }

  async function work(to, signal) {
    for (let item; !signal.aborted && (item = waiting.shift());) {
      try {
        await put(item, to, signal);
      } catch (error) {
        // What was stopped, or met a service that is gone, goes on later; what is refused would be refused again.
        if (error.name === "AbortError" || error.status === 0 || error.status === 401 || error.status >= 500) {
          waiting.unshift(item);
          if (error.name !== "AbortError") throw error;
          return;
        }
        refused(item.name, error.message);
      }
      bar.value = all.files === 0 ? 1 : (all.files - waiting.length) / all.files;
      say(said, `${count(all.files - waiting.length)} of ${plural(all.files, "picture")} …`);
    }
  }

  async function run() {
    const to = target ?? place();
    if (!to.container) return say(said, "Say above where to: a container, and a folder in it, as photos/new.");
    target = to;
    const mine = stopping = new AbortController();
    [start.hidden, stop.hidden, bar.hidden] = [true, false, false];
    folder.disabled = files.disabled = true;
    let lost = null;
    await Promise.all(Array.from({ length: atOnce }, () => work(to, mine.signal).catch(error => { lost ??= error; mine.abort(); })));
    stopping = null;
    stop.hidden = true;
    folder.disabled = files.disabled = false;
    const sums = `${plural(sent, "picture")} uploaded${there > 0 ? `, ${count(there)} were there already` : ""}`;
    if (waiting.length === 0) {
      say(said, `${sums} at ${to.container}/${to.prefix}${all.files > sent + there ? `; ${plural(all.files - sent - there, "picture")} refused` : ""}.`);
      bar.hidden = true;
    } else {
      say(said, `${lost ? `${lost.message} ` : ""}${sums}, ${count(waiting.length)} left.`);
      say(start, "Go on");
      start.hidden = false;
    }
    if (sent + there > 0) done(to);
  }

  return {
    element,
    /** What an upload may be. */
    limit(told) {
      limits = told;
      say(rule, `Up to ${count(told.files)} pictures of at most ${size(told.bytes)} each go to the place named above; nothing there is overwritten. For more there is sclip upload.`);
    },
    close: () => stopping?.abort(),
  };
}
