// Elements, made without a word of HTML: whatever an image or a class is called, it is text.

/** Makes an element: attributes (on… are listeners, properties such as value and checked are set as such), then children. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "vars") for (const [key, item] of Object.entries(value)) element.style.setProperty(`--${key}`, item);
    else if (["value", "checked", "disabled", "hidden", "indeterminate", "htmlFor"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

/** Sets an element's text where it is another, so that what is selected stays so. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute where it is another. */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/**
 * Brings the children of an element in line with a list: those whose key stays are kept and updated, so that focus, scroll and
 * loaded pictures survive.
 */
export function reconcile(parent, items, keyOf, make, update) {
  const old = parent.kept ?? new Map();
  const kept = new Map();
  // Those that go, go first: what stays then stands in its place, and is not moved, which would cost it the focus.
  const keys = new Set(items.map(keyOf));
  for (const [key, part] of old) if (!keys.has(key)) part.element.remove();
  let place = null;
  for (const item of items) {
    const key = keyOf(item);
    const part = old.get(key) ?? make(item);
    kept.set(key, part);
    update?.(part, item);
    const next = place === null ? parent.firstElementChild : place.nextElementSibling;
    if (next !== part.element) parent.insertBefore(part.element, next);
    place = part.element;
  }
  parent.kept = kept;
}
