// The table of jobs. Only the rows in sight are in the document, and the one that has the focus.

import { h, mark, reconcile, say } from "./dom.js";
import { count } from "./format.js";
import { emptyRow, jobRow } from "./job-row.js";

const beyond = 8;
// From its least, where nothing else is asked for: the others from their greatest.
const rising = ["name", "state"];
const columns = [
  ["name", "Job", "who"], ["state", "State", "state"], ["progress", "Progress", "bar-cell"], ["images", "Images", "images"], ["failed", "Failed", "failures-count"],
  [null, "Pace", "pace"], ["priority", "Priority", "priority"], ["created", "Submitted", "created"], ["completed", "Ended", "ended"],
];

/** `sort` hears by which column and whether from its greatest; `scrolled` which row is the first in sight. */
export function jobTable(pages, selection, { sort, scrolled, selectAll }) {
  const all = h("input", { type: "checkbox", "aria-label": "Select all jobs that match", onclick: () => selectAll(all.checked) });
  const heads = columns.map(([key, title, style]) => {
    const button = key && h("button", { type: "button", onclick: () => sort(key, { ascending: true, descending: false }[head.getAttribute("aria-sort")] ?? !rising.includes(key)) }, title);
    const head = h("div", { class: `cell ${style}`, role: "columnheader", "data-sort": key }, button ?? title);
    return head;
  });
  const head = h("div", { class: "row head-row", role: "row", "aria-rowindex": "1" }, h("div", { class: "cell mark", role: "columnheader" }, all), heads);
  const body = h("div", { class: "rows", role: "rowgroup", onkeydown: press });
  const grid = h("div", { class: "job-grid", role: "grid", "aria-label": "Jobs", "aria-multiselectable": "true", "aria-describedby": "grid-keys" }, h("div", { class: "heads", role: "rowgroup" }, head), body);
  const frame = h("div", { class: "table card", onscroll: later, onwheel: stay, onpointerdown: stay }, grid);
  const place = h("p", { class: "soft place" });
  const steps = [["First", "«", () => 0], ["Previous", "‹", () => top() - room()], ["Next", "›", () => top() + room()], ["Last", "»", () => pages.total]].map(([title, sign, to]) =>
    h("button", { type: "button", class: "quiet", "aria-label": `${title} jobs`, title, onclick: () => { frame.scrollTop = to() * height; } }, sign));
  const foot = h("div", { class: "foot" }, place, h("p", { class: "soft keys", id: "grid-keys" }, "In the table: ↑ ↓ go, Space selects, Shift+↑ ↓ selects on, Enter opens."), h("div", { class: "steps" }, steps));
  let [height, active, frameId, timer, wanted, isLast] = [44, 0, 0, 0, null, false];

  const top = () => Math.floor(frame.scrollTop / height);
  const room = () => Math.max(1, Math.floor((frame.clientHeight - head.offsetHeight) / height));
  const inSight = () => [top(), Math.min((pages.total ?? 0) - 1, top() + room())];

  /** Who scrolls goes where they want. */
  function stay() {
    [wanted, isLast] = [null, false];
  }

  function later() {
    frameId ||= requestAnimationFrame(render);
    clearTimeout(timer);
    timer = setTimeout(() => { if (wanted === null) scrolled(top()); }, 300);
  }

  /** Makes room for all rows: without it the table cannot be scrolled to those that are new at its end. */
  const stretch = () => body.style.setProperty("height", `${(pages.total ?? 0) * height}px`);

  function render() {
    frameId = 0;
    height = parseFloat(getComputedStyle(frame).getPropertyValue("--row"));
    const total = pages.total ?? 0;
    stretch();
    if (wanted !== null && pages.total !== null) {
      frame.scrollTop = wanted * height;
      // While jobs are still being read there may be more.
      if (wanted < total || pages.complete) wanted = null;
    }
    active = Math.max(0, Math.min(active, total - 1));
    const [first, last] = inSight();
    const [from, to] = [Math.max(0, first - beyond), Math.min(total - 1, last + beyond)];
    const places = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    if (active < from && total > 0) places.unshift(active);
    if (active > to) places.push(active);
    const known = new Set();
    const items = places.map(place => ({ place, job: pages.at(place) })).filter(({ job }) => !job || (!known.has(job.status.id) && known.add(job.status.id)));
    const hadFocus = body.contains(document.activeElement);
    reconcile(body, items, ({ place, job }) => job?.status.id ?? `#${place}`, make, update);
    if (hadFocus && !body.contains(document.activeElement)) rowAt(active)?.focus({ preventScroll: true });
    mark(grid, "aria-rowcount", total + 1);
    const [above, below] = [0, frame.clientHeight - head.offsetHeight].map(pixels => Math.min(total, Math.round((frame.scrollTop + pixels) / height)));
    say(place, total === 0 ? "" : `${count(above + 1)}–${count(below)} of ${count(total)}`);
    const isLong = total > room();
    for (const [i, step] of steps.entries()) Object.assign(step, { hidden: !isLong, disabled: i < 2 ? above === 0 : below === total });
    all.checked = total > 0 && selection.size >= total && items.every(({ job }) => job && selection.has(job.status.id));
    all.indeterminate = selection.size > 0 && !all.checked;
    pages.need(first, Math.max(first, last));
    // The last of those that were read so far was meant as the last of all, till all are read and that one is there.
    isLast &&= !(pages.complete && pages.at(active));
  }

  function make({ job }) {
    if (!job) return emptyRow();
    const row = jobRow(job, (isSelected, isRange) => pick(row.place, isSelected, isRange));
    return row;
  }

  function update(row, { place, job }) {
    row.place = place;
    row.element.style.setProperty("--place", place);
    mark(row.element, "aria-rowindex", place + 2);
    row.element.tabIndex = place === active ? 0 : -1;
    if (job) row.update(job, selection.has(job.status.id));
  }

  const rowAt = place => [...body.kept?.values() ?? []].find(row => row.place === place)?.element;

  async function pick(place, isSelected, isRange) {
    const jobs = isRange ? await pages.between(Math.min(place, selection.anchor), Math.max(place, selection.anchor)) : [pages.at(place)];
    if (!isRange) selection.anchor = place;
    go(place);
    if (jobs?.every(job => job)) selection.set(jobs, isSelected);
  }

  /** Makes a row the one that keys speak to, in sight. */
  function go(place) {
    active = Math.max(0, Math.min(place, pages.total - 1));
    const room = frame.clientHeight - head.offsetHeight;
    frame.scrollTop = Math.max((active + 1) * height - room, Math.min(frame.scrollTop, active * height));
    render();
    rowAt(active)?.focus({ preventScroll: true });
  }

  function press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: room(), PageUp: -room(), Home: -active, End: pages.total - 1 - active }[event.key];
    const job = pages.at(active);
    if (step !== undefined) {
      event.preventDefault();
      isLast = event.key === "End" && !event.shiftKey;
      const next = Math.max(0, Math.min(pages.total - 1, active + step));
      if (event.shiftKey) pick(next, true, true);
      else {
        if (!selection.has(job?.status.id)) selection.anchor = next;
        go(next);
      }
    } else if (event.key === " " && job) {
      event.preventDefault();
      pick(active, !selection.has(job.status.id), event.shiftKey);
    } else if (event.key === "Enter" && job && event.target.role === "row") location.hash = `#/jobs/${encodeURIComponent(job.status.id)}`;
  }

  const watcher = new ResizeObserver(() => {
    // The same rows stay in sight, though they are of another height.
    const before = height;
    height = parseFloat(getComputedStyle(frame).getPropertyValue("--row"));
    if (before !== height) wanted ??= Math.round(frame.scrollTop / before);
    later();
  });
  watcher.observe(frame);

  return {
    elements: [frame, foot],
    inSight,
    render,
    focus: () => go(active),
    /** Goes to a row as soon as there are rows. */
    open(row) {
      [wanted, active, isLast] = [row, row, false];
      selection.anchor = row;
    },
    /** Follows rows that have moved: what was in sight stays so, but at the top, where what is new is to be seen. */
    moved(by) {
      const [isAtTop, follows] = [frame.scrollTop === 0, isLast];
      const id = [...body.kept?.entries() ?? []].find(([, row]) => row.place === active)?.[0];
      stretch();
      if (by !== 0 && !isAtTop) frame.scrollTop += by * height;
      const [first, last] = [Math.max(0, active + by - beyond), active + by + beyond];
      for (let place = first; place <= last; place++) if (id && pages.at(place)?.status.id === id) active = place;
      selection.anchor += by;
      render();
      if (follows && body.contains(document.activeElement)) {
        isLast = true;
        go(pages.total - 1);
      }
    },
    /** Shows by which column the rows are ordered. */
    ordered(key, isDescending) {
      for (const item of heads) mark(item, "aria-sort", item.dataset.sort === key ? isDescending ? "descending" : "ascending" : "none");
    },
    close() {
      watcher.disconnect();
      cancelAnimationFrame(frameId);
      clearTimeout(timer);
    },
  };
}
