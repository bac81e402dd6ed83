// Numbers and times as people read them.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const count = number => whole.format(number);
export const compact = number => number < 100000 ? whole.format(number) : short.format(number);
export const percent = share => share >= 0.9995 ? "100 %" : share >= 0.0995 ? `${(100 * share).toFixed(0)} %` : share >= 0.0005 ? `${(100 * share).toFixed(1)} %` : share > 0 ? "< 0.1 %" : "0 %";
export const rate = perSecond => perSecond === null || perSecond === undefined ? "–" : `${perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s`;
export const plural = (number, one, many = `${one}s`) => `${compact(number)} ${number === 1 ? one : many}`;

/** Seconds as the two greatest units that are not zero: 3 d 4 h, 12 min 5 s. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !isFinite(seconds)) return "–";
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  let rest = Math.max(0, Math.round(seconds));
  const parts = units.map(([name, size]) => {
    const value = Math.floor(rest / size);
    rest -= value * size;
    return [value, name];
  });
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([value], i) => i === 0 || value > 0).map(([value, name]) => `${value} ${name}`).join(" ");
}

export const since = time => (Date.now() - new Date(time)) / 1000;
export const ago = time => since(time) < 5 ? "just now" : `${duration(since(time)).split(" ").slice(0, 2).join(" ")} ago`;
export const clock = time => new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** The last part of a name with folders. */
export const fileOf = name => name.slice(name.lastIndexOf("/") + 1) || name;
