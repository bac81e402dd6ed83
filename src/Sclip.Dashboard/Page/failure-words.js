// What the kinds of failure are called.

const words = {
  name: "unusable name", missing: "no longer there", unreadable: "cannot be read", too_large: "too large", damaged: "damaged or of no known format",
  refused: "refused by the engine", memory: "not enough memory", timed_out: "not decoded in time", worker_died: "workers died on it",
};

export const failureWord = kind => words[kind] ?? (kind || "without a reason");
