// What the address names, and how a page writes into it where it is.

/** The page of an address, what it is of, and the place within. */
export function placeOf(address) {
  const [path, query] = address.replace(/^#\/?/, "").split("?");
  const [page, id, ...inside] = path.split("/").map(plain);
  return { page, id, inside, query: new URLSearchParams(query) };
}

/** Two addresses of the same page have the same key. */
export const pageKey = ({ page, id }) => JSON.stringify([page, id]);

/**
 * Writes where a page is into the address; `of` is an address of the page that writes. Nothing is written where the address names another page already:
 * between a click on a link and the change of pages there is time for a page to say where it was scrolled to, which would undo the click.
 */
export function writeAddress(address, { of = address, pushed = false, state = null } = {}) {
  if (address === location.hash || pageKey(placeOf(of)) !== pageKey(placeOf(location.hash))) return;
  history[pushed ? "pushState" : "replaceState"](state, "", address);
}

function plain(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
