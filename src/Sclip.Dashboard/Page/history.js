// Steps back and forth through what was typed; keys pressed in one field without a rest are one step.

const rest = 1500;

export function history(restore) {
  let [past, future, now, last, where] = [[], [], null, 0, null];

  function go(from, to) {
    if (from.length === 0) return;
    to.push(now);
    now = from.pop();
    where = null;
    restore(now);
  }

  return {
    begin(state) { now = state; },
    /** Keeps a state; true where it begins a step. `place` is where it was typed. */
    note(state, place) {
      if (state === now) return false;
      const isStep = place !== where || performance.now() - last > rest;
      if (isStep) past.push(now);
      [future.length, now, last, where] = [0, state, performance.now(), place];
      return isStep;
    },
    undo: () => go(past, future),
    redo: () => go(future, past),
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
  };
}
