// What the page asks of the service.

/** A refusal; the message is the service's own. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const lost = "The service does not answer. It is asked again.";

/** Asks, and gives the answer as it begins; a refusal is thrown. `answered` hears the status before. A body is sent as JSON, a file or text as it is. */
export async function request(path, { method = "GET", body, text, headers, signal, keepalive, answered = () => {} } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method, signal, keepalive,
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }), ...(text === undefined ? {} : { "content-type": "text/plain" }), ...headers },
      body: body === undefined ? text : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, lost);
  }
  answered(answer.status);
  if (answer.ok) return answer;
  const content = await answer.json().catch(() => null);
  if (answer.status === 401) dispatchEvent(new Event("sclip-locked"));
  const wait = Number(answer.headers.get("retry-after"));
  throw new Refusal(answer.status, `${content?.detail ?? `The service answers with ${answer.status}.`}${wait > 0 ? ` Try again in ${wait} s.` : ""}`);
}

/** Asks, and gives the JSON of the answer. */
export async function ask(path, options) {
  const answer = await request(path, options);
  return answer.status === 204 ? null : answer.json().catch(() => null);
}

/**
 * Follows an event stream. A stream that breaks is opened again by itself; one of a hidden tab is closed until it is looked at, since browsers
 * hold no more than six connections to a host for all tabs together. Returns what ends it.
 */
export function follow(path, event, received, broken = () => {}) {
  let source, timer, ended = false;
  const open = () => {
    source = new EventSource(path);
    source.addEventListener(event, message => received(JSON.parse(message.data)));
    source.addEventListener("error", () => {
      broken();
      // A refusal closes the stream for good: a plain question says which, and it is tried again later.
      if (source.readyState === EventSource.CLOSED && !ended) {
        ask("session").then(state => { if (!state.admitted) dispatchEvent(new Event("sclip-locked")); }).catch(() => {});
        clearTimeout(timer);
        timer = setTimeout(open, 3000);
      }
    });
  };
  const look = () => {
    clearTimeout(timer);
    source.close();
    if (!document.hidden) open();
  };
  document.addEventListener("visibilitychange", look);
  open();
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", look);
    clearTimeout(timer);
    source.close();
  };
}

const part = encodeURIComponent;
export const jobPath = id => `jobs/${part(id)}`;
/** Of the version that was labelled, where that is known: no mask is to be shown over another picture. */
export const picturePath = (job, image, side) => `${jobPath(job)}/thumbnails/picture?name=${part(image.image)}&side=${side}${image.input_etag ? `&etag=${part(image.input_etag)}` : ""}`;
export const maskPath = (job, mask, side) => `${jobPath(job)}/thumbnails/mask?name=${part(mask)}&side=${side}`;
/** The mask that counts: a person's where there is one. */
export const maskOf = image => image.corrected ?? image.mask ?? null;
export const placePath = container => `places/${part(container)}`;
/** A picture that need not be of a job. */
export const storedPath = (container, name, side) => `${placePath(container)}/picture?name=${part(name)}&side=${side}`;
export const uploadPath = (container, name) => `${placePath(container)}/${name.split("/").map(part).join("/")}`;
/** The mask that a person made of an image; the shard spares a search for it. */
export const correctionPath = (job, image) => `${filePath(job, `corrections/${image.image}`)}?shard=${image.shard}`;
export const filePath = (job, name) => `${jobPath(job)}/${name.split("/").map(part).join("/")}`;
