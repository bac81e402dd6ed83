// One picture, large: mixed with its mask, class by class, zoomed, reviewed, with the keys of a gallery.

import { correctionPath, filePath, maskOf } from "./api.js";
import { classSwitches } from "./class-switches.js";
import { withdrawal } from "./corrections.js";
import { h, mark, say } from "./dom.js";
import { count, percent } from "./format.js";
import { isCommand } from "./keys.js";
import { mixer } from "./mixer.js";
import { reviewControls } from "./review-controls.js";
import { decisionOf, renew, wordsOf } from "./reviews.js";
import { stage } from "./stage.js";

const again = 3000;

/**
 * Opens an image of a list. `moved` hears the image that one went on to, `decided` one that was reviewed, `closed` that the user left.
 * Where there is no `decided`, there is no review.
 */
export function openViewer({ job, list, image, mix, moved = () => {}, decided = null, closed = () => {} }) {
  // Steps that are asked for and not yet gone; whether the next of them is from an image that was just decided on.
  let [steps, isDecided, isMoving] = [0, false, false];
  let [isMachine, timer, isLeft] = [false, 0, false];
  const name = h("h2");
  const where = h("span", { class: "soft", role: "status" });
  const facts = h("p", { class: "soft" });
  const verdict = h("p", { class: "verdict-words" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const links = h("p", { class: "links" });
  const view = stage(job, step => move(step));
  const slider = mixer("viewer", view.mix, mix);
  const classes = classSwitches(view.light, view.hide);
  const masks = h("div", { class: "segments", role: "group", "aria-label": "Whose mask", hidden: true }, [false, true].map(machine =>
    h("button", { type: "button", "aria-pressed": "false", onclick: () => choose(machine) }, machine ? "Machine's" : "Corrected")));
  const review = decided && reviewControls(job.id, "viewer", { images: () => [image], left: () => view.element.focus(), decided: (decision, done) => {
    if (done.length > 0) decided(done[0]);
    tell();
    // Who went on meanwhile has said where to.
    if (decision !== null && decision !== "none" && done[0] === image && steps === 0) move(1, true);
  }, refused: ([image]) => lookAgain(image) });
  const back = withdrawal(job.id, { image: () => image, done: async (mine, trouble) => {
    say(problem, trouble ?? "");
    problem.hidden = trouble === null;
    await lookAgain(mine);
    if (!isLeft) view.element.focus();
    decided(mine);
  } });
  const dialog = h("dialog", { class: "viewer", "aria-label": "Image", onclose: leave, onclick: event => { if (event.target === dialog) dialog.close(); } },
    h("div", { class: "head" }, h("div", { class: "who" }, name, where), slider.element,
      h("button", { type: "button", "aria-label": "Previous image", onclick: () => move(-1) }, "←"), h("button", { type: "button", "aria-label": "Next image", onclick: () => move(1) }, "→"),
      h("button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
    h("div", { class: "body" }, view.element, h("div", { class: "side" }, problem, review?.element, verdict, masks, back, facts, classes.element, links)));

  /**
   * Goes on by some steps, also to an image that is yet to be fetched; behind the last comes the first, but for a step that follows a decision. Steps that
   * are asked for meanwhile are gone, too.
   */
  async function move(by, afterDecision = false) {
    clearTimeout(timer);
    if (list.total < 2) return;
    steps += by;
    isDecided ||= afterDecision;
    if (isMoving) return;
    isMoving = true;
    mark(dialog, "aria-busy", true);
    try {
      let [at, gone] = [image, 0];
      while (gone !== steps && !isLeft) {
        const step = Math.sign(steps - gone);
        at = (isDecided ? await list.following(at) : await list.next(at, step)) ?? at;
        isDecided = false;
        gone += step;
      }
      steps = 0;
      if (isLeft) return;
      problem.hidden = true;
      if (at === image) return;
      image = at;
      show();
      moved(image);
    } catch (error) {
      if (isLeft) return;
      say(problem, error.message);
      problem.hidden = false;
      // They are gone as soon as the service answers.
      if (error.status === 0) timer = setTimeout(() => move(0), again);
      else [steps, isDecided] = [0, false];
    } finally {
      isMoving = false;
      dialog.removeAttribute("aria-busy");
    }
  }

  const fileOf = name => name && filePath(job.id, name);

  function show() {
    say(name, image.image);
    say(where, `${count(list.placeOf(image) + 1)} of ${count(list.total)}`);
    draw();
    review?.forget();
    ready();
  }

  /** Shows what is known of the image. */
  function draw() {
    const failed = image.status === "failed";
    const hadFocus = classes.element.contains(document.activeElement);
    masks.hidden = image.corrected === undefined;
    back.hidden = !review || masks.hidden;
    say(facts, failed ? image.error ?? "It failed." : `${image.width} × ${image.height} pixels · ${image.doubt === undefined ? "" : `doubt ${percent(image.doubt)} · `}confidence ${percent(image.mean_confidence ?? 0)} · ${image.windows ?? 0} windows${image.timings ? ` · ${Math.round(image.timings.decode + image.timings.segment + image.timings.encode)} ms` : ""}`);
    const link = (path, text) => path ? [h("a", { href: path, target: "_blank", rel: "noopener" }, text)] : [];
    links.replaceChildren(...link(image.corrected && correctionPath(job.id, image), "Corrected mask"), ...link(fileOf(image.mask), image.corrected ? "Machine's mask" : "Mask"), ...link(fileOf(image.doubt_map), "Doubt"), ...link(fileOf(image.overlay), "Overlay"));
    choose(false);
    if (hadFocus) view.element.focus();
    tell();
  }

  /** Asks for an image anew, of which another mask may count by now. */
  async function lookAgain(mine) {
    // Who does not answer now is asked by the next step.
    await renew(job.id, mine).catch(() => {});
    if (mine === image && !isLeft) draw();
  }

  /** Shows the mask that counts, or the machine's behind a person's. */
  async function choose(machine) {
    isMachine = machine;
    [...masks.children].forEach((button, i) => mark(button, "aria-pressed", (i === 1) === machine));
    const mask = machine ? image.mask : maskOf(image);
    view.show(image, mask);
    classes.clear();
    if (mask === null) return;
    const entry = (label, share) => ({ name: label.name, color: label.color, share });
    const mine = image;
    const all = image.width * image.height;
    // What the result counts is the machine's mask.
    const shares = mask === image.mask ? null : await view.shares();
    if (mine !== image || mask !== (isMachine ? image.mask : maskOf(image))) return;
    classes.show(job.labels.map((label, place) => entry(label, shares ? shares.get(place) ?? 0 : (image.pixels?.[label.name] ?? 0) / all)).filter(({ share }) => share > 0).sort((a, b) => b.share - a.share));
  }

  function tell() {
    const words = wordsOf(image.review);
    verdict.hidden = words === null;
    verdict.dataset.decision = decisionOf(image);
    say(verdict, words ? words[0].toUpperCase() + words.slice(1) : "");
    review?.update();
  }

  /** Fetches what comes next, so that it is there when it is wanted. */
  async function ready() {
    const mine = image;
    const next = list.hasNext(mine) ? await list.next(mine, 1).catch(() => null) : null;
    if (next && mine === image && !isLeft) view.ready(next, maskOf(next));
  }

  function press(event) {
    const target = event.target instanceof Element ? event.target.closest("dialog") : null;
    if ((target !== null && target !== dialog) || !isCommand(event) || document.querySelector("dialog[open].ask")) return;
    const step = event.shiftKey ? undefined : { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) move(step);
    else if (!view.zoom.press(event) && !review?.press(event)) return;
    event.preventDefault();
  }

  function leave() {
    if (isLeft) return;
    end();
    closed();
  }

  function end() {
    isLeft = true;
    clearTimeout(timer);
    removeEventListener("keydown", press);
    dialog.remove();
  }

  document.body.append(dialog);
  dialog.showModal();
  view.element.focus();
  addEventListener("keydown", press);
  show();
  return {
    get image() { return image; },
    /** Closes it without a word to `closed`. */
    close: end,
  };
}
