// Pictures labelled live while their classes are named: puts the parts of the page together.

import { ask, follow } from "./api.js";
import { board, sizes } from "./board.js";
import { h, mark, say } from "./dom.js";
import { duration, plural } from "./format.js";
import { history } from "./history.js";
import { judging } from "./judge.js";
import { keptState } from "./kept-state.js";
import { labelsEditor } from "./labels.js";
import { classLegend } from "./legend.js";
import { keyOf, liveMasks } from "./live-masks.js";
import { mixer } from "./mixer.js";
import { pixelPanel } from "./pixel.js";
import { savePane } from "./save.js";
import { scoreLine } from "./score.js";
import { segments } from "./segments.js";
import { suggestPane } from "./suggest.js";
import { tabs } from "./tabs.js";
import { thresholdsEditor } from "./thresholds.js";
import { truthTable } from "./truth.js";
import { wishList } from "./wishes.js";

const tools = {
  pixel: ["Look", "A click names what competes at a pixel"],
  wish: ["Wish", "A click or a drag says what should be there"],
  box: ["Box", "A drag says what should be in a rectangle, with a finger, too"],
};

const empty = "No class is named yet. Type a name under Classes, or paste a list there: every pixel takes one of its classes.";

export function workbenchPage(id) {
  const path = `workbench/sessions/${encodeURIComponent(id)}`;
  const [title, under] = [h("h1", null, "Workbench"), h("p", { class: "soft id" })];
  const unkept = h("p", { class: "note", role: "status", hidden: true });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const [told, time, provisional] = [h("p", { class: "soft ready" }), h("span", { class: "soft time" }), h("span", { class: "chip provisional", hidden: true, title: "New names were read in haste, and are read in full now" }, "provisional")];
  const bar = h("progress", { max: "1", "aria-label": "Pictures ready" });
  const progress = h("div", { class: "getting-ready", hidden: true }, bar, told);
  let [session, tool, size, wishClass, quiet, closed, names, stop] = [null, "pixel", "medium", "", true, false, [], () => {}];

  const labels = labelsEditor(hear);
  const thresholds = thresholdsEditor(hear);
  const wishes = wishList(() => session.pictures, wishesChanged, index => pictures.find(index));
  const truth = truthTable(() => kept.later());
  const score = scoreLine(wishes, truth, text => pane.count("wishes", text));
  const pictures = board(path, { seen: look, pointed: point, boxed: box => wish(box), tool: () => tool });
  const legend = classLegend(name => pictures.single(name));
  const masks = liveMasks(path, { pictures: pictures.inSight, side: pictures.side, received, refused, busy: () => mark(pictures.element, "aria-busy", true), settled: calmed });
  const judge = judging(path, judged);
  const question = () => {
    const lack = fault();
    if (lack) throw new Error(lack);
    return list();
  };
  const pixel = pixelPanel(path, {
    question: () => fault() ? null : list(), colorOf: name => colors().get(name) ?? "#888888", nameOf: index => session.pictures[index].name, inSight: pictures.inSight, side: pictures.side, warm: pictures.warm, closed: drawMarks,
  });
  const suggest = suggestPane(path, { question: () => ({ ...question(), wishes: sentWishes() }), keyOf, apply, changed: () => kept.later() });
  const save = savePane(path, question, keyOf, () => session.job);
  const kept = keptState(path, state, message => {
    unkept.hidden = message === null;
    say(unkept, message === null ? "" : `What was typed is not kept: ${message}`);
  });
  const steps = history(restore);

  const undo = h("button", { type: "button", disabled: true, title: "Ctrl+Z", onclick: () => steps.undo() }, "Undo");
  const redo = h("button", { type: "button", disabled: true, title: "Ctrl+Shift+Z", onclick: () => steps.redo() }, "Redo");
  const classOf = h("select", { id: "bench-class", onchange: () => {
    wishClass = classOf.value;
    kept.later();
  } });
  const forWishes = h("label", { class: "wish-class", htmlFor: "bench-class" }, h("span", { class: "sr" }, "Class of wishes"), classOf);
  const toolSwitch = segments("Tool", Object.entries(tools).map(([name, [text, hint]]) => [name, text, hint]), name => { setTool(name); kept.later(); });
  const sizeSwitch = segments("Size of pictures", Object.keys(sizes).map(name => [name, { small: "S", medium: "M", large: "L" }[name], `${name} pictures`]), name => { setSize(name); kept.later(); });
  const mix = mixer("bench", value => {
    pictures.element.style.setProperty("--mix", value);
    if (!quiet) kept.later();
  });

  const pane = tabs("Workbench", [
    { name: "classes", title: "Classes", element: h("div", { class: "stack" }, labels.element, h("details", { class: "more" }, h("summary", null, "Thresholds and scale"), thresholds.element)) },
    { name: "wishes", title: "Wishes", element: wishes.element },
    { name: "suggest", title: "Suggest", element: suggest.element },
    { name: "truth", title: "Truth", element: truth.element },
    { name: "save", title: "Save", element: save.element },
  ]);
  const element = h("div", { class: "page bench" },
    h("div", { class: "head bench-head" }, h("div", { class: "who" }, title, under), score.element,
      h("div", { class: "actions" }, undo, redo, h("button", { type: "button", onclick: () => { pane.open("suggest"); suggest.start(); } }, "Suggest"), h("button", { type: "button", class: "main", onclick: () => { pane.open("save"); save.save(); } }, "Save"))),
    unkept,
    h("div", { class: "bench-columns" },
      h("div", { class: "bench-side" }, h("section", { class: "card bench-list", "aria-label": "List" }, pane.element, pane.panels, problem), pixel.element),
      h("section", { class: "bench-main", "aria-label": "Pictures" },
        h("div", { class: "bench-tools" }, toolSwitch.element, forWishes, sizeSwitch.element, mix.element),
        progress, h("div", { class: "bench-line" }, legend.element, h("span", { class: "state" }, provisional, time)), pictures.element)));

  /** The list and its settings, as they are sent. */
  const list = () => ({ labels: labels.read(), settings: thresholds.read() });
  const fault = () => (labels.read().length === 0 ? empty : "") || labels.element.querySelector("li input:invalid")?.validationMessage || thresholds.fault();
  const colors = () => new Map(labels.read().map(({ name, color }) => [name, color]));
  const typed = () => JSON.stringify({ labels: labels.draft().labels, settings: thresholds.draft() });
  const sentWishes = () => wishes.all.map(({ id, picture, class: of, x, y, width, height }) => ({ id, picture, class: of, x, y, width, height }));

  /** Something in the list was changed. */
  function hear() {
    if (quiet) return;
    renamed();
    if (steps.note(typed(), document.activeElement)) {
      score.step();
    }
    follows();
    kept.later();
  }

  /** All that follows from the list. */
  function follows() {
    const current = list();
    const lack = fault();
    const key = keyOf(current);
    undo.disabled = !steps.canUndo;
    redo.disabled = !steps.canRedo;
    drawClasses(current.labels);
    suggest.look(key);
    save.look(key);
    if (lack) refused(lack);
    masks.want(lack ? null : current);
    pictures.recolor(key, current.labels.map(({ name, color }) => ({ name, color })));
    drawLegend();
    drawMarks();
  }

  /** Wishes are of a class, whatever it is called: they follow a row's name as long as it is told apart from others. */
  function renamed() {
    const now = labels.draft().labels.map(({ name }) => name);
    if (new Set(now.filter(name => name)).size < now.filter(name => name).length) return;
    if (now.length === names.length) now.forEach((name, i) => {
      if (name === "" || names[i] === "" || name === names[i] || now.includes(names[i])) return;
      wishes.rename(names[i], name);
      if (wishClass === names[i]) wishClass = name;
    });
    names = now.map((name, i) => name || (now.length === names.length ? names[i] : ""));
  }

  function restore(text) {
    const past = JSON.parse(text);
    fillWith(past.labels, past.settings);
    follows();
    kept.later();
  }

  function fillWith(newLabels, settings) {
    quiet = true;
    labels.fill(newLabels, labels.draft().list);
    thresholds.fill(settings);
    quiet = false;
    renamed();
  }

  function apply(found) {
    fillWith(found.labels, found.settings);
    steps.note(typed(), found);
    score.step();
    follows();
    kept.later();
  }

  /** What is in sight, or ready, is another: masks and warmth follow. */
  function look() {
    masks.look();
    pixel.follow();
    drawLegend();
  }

  function received(frame, { key, hasty, since }) {
    const shown = list();
    problem.hidden = true;
    pictures.element.classList.remove("dim");
    if (key === keyOf(shown)) pictures.mask(frame, key, shown.labels.map(({ name, color }) => ({ name, color })));
    provisional.hidden = hasty.length === 0;
    drawLegend();
    if (since !== null) requestAnimationFrame(() => say(time, `masks in ${Math.round(performance.now() - since)} ms`));
  }

  /** All masks in sight are those of the list. */
  function calmed() {
    pictures.element.removeAttribute("aria-busy");
    problem.hidden = true;
    pictures.element.classList.remove("dim");
    provisional.hidden = true;
    weigh();
    pixel.look();
  }

  function refused(message) {
    pictures.element.removeAttribute("aria-busy");
    say(problem, message);
    // Where nothing is named yet, nothing is wrong.
    problem.className = message === empty ? "note" : "problem";
    problem.hidden = false;
    provisional.hidden = true;
    pictures.element.classList.add("dim");
  }

  /** Has wishes and ground truth judged by the list as it is. */
  function weigh(wait) {
    if (fault() || (wishes.all.length === 0 && !session.truth)) return;
    judge.ask({ body: { ...list(), wishes: sentWishes() } }, wait);
  }

  function judged(answer) {
    wishes.judge(answer.wishes);
    truth.show(answer.truth ?? null);
    pane.hide("truth", !session.truth);
    score.draw();
    drawMarks();
    kept.later();
  }

  function drawClasses(current) {
    const now = [...new Set(current.map(({ name }) => name).filter(name => name))];
    if (JSON.stringify(now) === JSON.stringify([...classOf.options].map(option => option.value))) return;
    classOf.replaceChildren(...now.map(name => h("option", { value: name }, name)));
    // One whose name is just typed anew is missing for a while, and stays chosen.
    if (now.includes(wishClass)) classOf.value = wishClass;
  }

  function drawLegend() {
    const current = labels.read().filter(({ name }) => name);
    const sums = pictures.pixels(masks.key, current.length);
    const all = sums.reduce((sum, pixels) => sum + pixels, 0);
    const unlike = new Map(current.map(({ name, color }, i) => [name, { name, color, share: all > 0 ? sums[i] / all : null }]));
    legend.update([...unlike.values()]);
  }

  function drawMarks() {
    pictures.marks(wishes.drawn(colors()), pixel.place);
  }

  function wishesChanged() {
    score.draw();
    drawMarks();
    weigh(0);
    kept.later();
  }

  function point(place) {
    if (tool === "pixel") {
      pixel.open(place);
      drawMarks();
    } else wish({ ...place, width: 1, height: 1 });
  }

  function wish(place) {
    wishClass = classOf.value;
    if (wishClass) wishes.add({ class: wishClass, ...place });
    else refused("Name a class first: a wish says which class a place should have.");
  }

  function setTool(name) {
    tool = name in tools ? name : "pixel";
    toolSwitch.choose(tool);
    forWishes.hidden = tool === "pixel";
    pictures.element.dataset.tool = tool;
  }

  function setSize(name) {
    size = name in sizes ? name : "medium";
    sizeSwitch.choose(size);
    pictures.resize(size);
  }

  /** All that a reload is to find. */
  function state() {
    return { labels: labels.draft(), settings: thresholds.draft(), wishes: sentWishes(), ...suggest.draft(), tool, class: wishClass, size, mix: mix.value, start: truth.start };
  }

  function update(now) {
    const wasReady = session?.ready;
    session = now;
    say(title, now.title);
    document.title = `${now.title} · Sclip`;
    say(under, `${now.model} · ${now.method} · ${plural(now.pictures.length, "picture")}${now.truth ? `, ${now.truth.pictures} with ground truth` : ""}`);
    const done = now.ready + now.failed;
    progress.hidden = done >= now.pictures.length;
    bar.value = done / now.pictures.length;
    say(told, `${done} of ${plural(now.pictures.length, "picture")} ready${now.seconds_left === null || now.seconds_left === undefined ? "" : `, ${duration(Math.max(1, now.seconds_left))} left`}`);
    suggest.names(now.lexicon);
    pictures.update(now.pictures);
    if (wasReady === now.ready) return;
    drawMarks();
    look();
    if (wasReady !== undefined) weigh(1000);
  }

  const isSettled = now => now.ready + now.failed === now.pictures.length && now.lexicon.ready >= now.lexicon.names;

  async function open() {
    try {
      const first = await ask(path);
      if (closed) return;
      session = first;
      const last = first.state ?? {};
      labels.fill(Array.isArray(last.labels?.labels) ? last.labels.labels : first.labels, last.labels?.list ?? "");
      thresholds.fill(last.settings ?? first.settings);
      thresholds.placeholder(first.logit_scale);
      wishes.fill(Array.isArray(last.wishes) ? last.wishes : []);
      suggest.fill(last);
      truth.begin(last.start);
      pane.hide("truth", !first.truth);
      wishClass = last.class ?? "";
      drawClasses(labels.read());
      wishClass ||= classOf.value;
      setTool(last.tool);
      setSize(last.size);
      mix.set(last.mix);
      names = labels.draft().labels.map(({ name }) => name);
      steps.begin(typed());
      quiet = false;
      session = null;
      update(first);
      follows();
      score.draw();
      kept.begin();
      if (isSettled(first)) return;
      stop = follow(`${path}/events`, "session", now => {
        update(now);
        if (isSettled(now)) stop();
      });
    } catch (error) {
      element.replaceChildren(h("h1", null, "Workbench"), h("p", { class: "problem", role: "alert" }, error.message));
    }
  }

  function press(event) {
    const isText = event.target.matches("textarea, select, input:not([type=checkbox], [type=range], [type=color])");
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (pixel.back() || legend.back()) event.preventDefault();
    } else if (!isText && (event.ctrlKey || event.metaKey) && !event.altKey && ["z", "y"].includes(event.key.toLowerCase())) {
      event.preventDefault();
      if (event.key.toLowerCase() === "y" || event.shiftKey) steps.redo();
      else steps.undo();
    }
  }

  document.addEventListener("keydown", press);
  open();
  return {
    element,
    title: "Workbench",
    close() {
      closed = true;
      document.removeEventListener("keydown", press);
      stop();
      kept.close();
      masks.close();
      judge.close();
      suggest.close();
      pictures.close();
    },
  };
}
