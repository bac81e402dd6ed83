// Wishes: what should be what, and whether it is.

import { h, reconcile, say } from "./dom.js";
import { fileOf } from "./format.js";

/** `changed` hears that the wishes are others, `found` that one is to be shown. */
export function wishList(pictures, changed, found) {
  let [wishes, made, judged, before] = [[], 0, new Map(), new Map()];
  const list = h("ul", { class: "wishes", "aria-label": "Wishes" });
  const nothing = h("p", { class: "nothing" }, "No wishes yet. Choose the tool Wish or Box and a class, then click on a picture, or drag over it: this should be that.");
  const clear = h("button", { type: "button", hidden: true, onclick: () => set([]) }, "Remove all");
  const element = h("div", { class: "stack" }, list, nothing, h("div", { class: "actions" }, clear));

  const stateOf = ({ id }) => !judged.has(id) ? "open" : judged.get(id).held ? "held" : "missed";

  function row(wish) {
    const [sign, what, is] = [h("span", { class: "sign", "aria-hidden": "true" }), h("span"), h("span", { class: "soft" })];
    const name = fileOf(pictures()[wish.picture]?.name ?? `picture ${wish.picture + 1}`);
    const place = wish.width * wish.height > 1 ? `${wish.width} × ${wish.height} at ${wish.x}, ${wish.y}` : `${wish.x}, ${wish.y}`;
    const remove = h("button", { type: "button", class: "quiet remove", onclick: () => {
      const next = part.element.nextElementSibling ?? part.element.previousElementSibling;
      set(wishes.filter(({ id }) => id !== wish.id));
      next?.querySelector(".remove").focus();
    } }, "✕");
    const part = {
      element: h("li", null, sign, h("button", { type: "button", class: "link", onclick: () => found(wish.picture) }, what), h("span", { class: "soft place" }, `${name} · ${place}`), is, remove),
      update(now) {
        const state = stateOf(now);
        part.element.dataset.state = state;
        say(sign, { held: "✓", missed: "○", open: "…" }[state]);
        say(what, now.class);
        say(is, { held: "held", missed: `is ${judged.get(now.id)?.is ?? "nothing"}`, open: "not judged yet" }[state]);
        remove.setAttribute("aria-label", `Remove the wish for ${now.class} on ${name}`);
      },
    };
    return part;
  }

  function draw() {
    reconcile(list, wishes, wish => wish.id, row, (part, wish) => part.update(wish));
    nothing.hidden = wishes.length > 0;
    clear.hidden = wishes.length < 2;
  }

  function set(next) {
    wishes = next;
    draw();
    changed();
  }

  return {
    element,
    get all() { return wishes; },
    /** With what is drawn of each. */
    drawn: colors => wishes.map(wish => ({ ...wish, state: stateOf(wish), is: judged.get(wish.id)?.is, color: colors.get(wish.class) ?? "#888888" })),
    fill(kept) {
      wishes = kept;
      made = Math.max(0, ...wishes.map(({ id }) => Number(id.slice(1)) || 0));
      draw();
    },
    add: wish => set([...wishes, { id: `w${++made}`, ...wish }]),
    /** A class has another name: what is wished of it stays wished. */
    rename(from, to) {
      wishes = wishes.map(wish => wish.class === from ? { ...wish, class: to } : wish);
      draw();
    },
    /** From here on, gains are counted. */
    step() { before = judged; },
    judge(answers) {
      judged = new Map(answers.map(answer => [answer.id, answer]));
      draw();
    },
    /** Held, missed, and how many more are held than before the last change, of those that were wished then. */
    counts() {
      const [held, missed] = ["held", "missed"].map(state => wishes.filter(wish => stateOf(wish) === state).length);
      const both = wishes.filter(({ id }) => judged.has(id) && before.has(id));
      return { held, missed, open: wishes.length - held - missed, gain: both.reduce((sum, { id }) => sum + judged.get(id).held - before.get(id).held, 0) };
    },
  };
}
