// Where one is among many pages, and the ways to the others.

import { h, say } from "./dom.js";
import { count } from "./format.js";

/** `turned` hears the page that is wanted, from 1. */
export function pager(label, size, turned) {
  let [page, last] = [1, 1];
  const said = h("p", { class: "soft", role: "status" });
  const button = (text, sign, to) => h("button", { type: "button", "aria-label": text, onclick: () => turned(to()) }, sign);
  const [first, before] = [button("First page", "«", () => 1), button("Previous page", "‹", () => page - 1)];
  const [after, end] = [button("Next page", "›", () => page + 1), button("Last page", "»", () => last)];
  const ways = h("nav", { class: "ways", "aria-label": label, hidden: true }, first, before, after, end);
  return {
    element: h("div", { class: "pager" }, said, ways),
    /** What is said is "61-120 of 14,210", and `more` behind it. */
    update({ offset, shown, total, none, more = "" }) {
      [page, last] = [Math.floor(offset / size) + 1, Math.max(1, Math.ceil(total / size))];
      say(said, (shown === 0 ? none : `${count(offset + 1)}-${count(offset + shown)} of ${count(total)}`) + more);
      ways.hidden = last === 1 && page === 1;
      first.disabled = before.disabled = page === 1;
      after.disabled = end.disabled = page >= last;
    },
  };
}
