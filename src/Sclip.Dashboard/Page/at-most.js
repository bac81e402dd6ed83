// Work that is asked for often and done at most once in a time.

/** `pause` is in milliseconds. What is asked for while the work is done is done once more, afterwards. */
export function atMostEvery(pause, work) {
  let [last, timer, isDue, isAtWork, closed] = [0, 0, false, false, false];

  function ask() {
    isDue = true;
    if (!timer && !isAtWork && !closed) timer = setTimeout(run, Math.max(0, last + pause - Date.now()));
  }

  async function run() {
    [timer, isDue, isAtWork, last] = [0, false, true, Date.now()];
    await work();
    isAtWork = false;
    if (isDue) ask();
  }

  return {
    ask,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
