// Numbers as people type them. Fields of numbers are plain texts, since a browser's own hands out an empty text for what it does not understand.

const form = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What is wrong with a typed number; an empty text where nothing is. */
export function numberFault(typed, { least = -Infinity, most = Infinity, whole = false, needed = false }) {
  const text = typed.trim();
  if (text === "") return needed ? "A number is needed here." : "";
  const number = Number(text);
  if (!form.test(text) || !Number.isFinite(number)) return `'${text}' is no number; one reads ${whole ? "12" : "0.5"}.`;
  if (whole && !Number.isInteger(number)) return `It must be a whole number; it is ${text}.`;
  if (number >= least && number <= most) return "";
  return `It must ${most === Infinity ? `be at least ${least}` : `lie in ${least}..${most}`}; it is ${text}.`;
}
