// The files of a folder that was chosen or dropped: which are pictures that can be uploaded, and why the others are not.

const megabyte = 1 << 20;

/** The files of an input, each with its path below the folder that was chosen. */
export const filesOfInput = input => [...input.files].map(file => ({ file, name: below(file.webkitRelativePath || file.name) }));

/** The files of what was dropped, folders with all that is in them. */
export async function filesOfDrop(transfer) {
  // The entries are gone once the event is: they are taken before anything is awaited.
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(entry => entry);
  const found = [];
  for (const entry of entries) await walk(entry, entry.isDirectory ? "" : entry.name, found);
  return found;
}

async function walk(entry, name, found) {
  if (entry.isFile) {
    found.push({ file: await new Promise((done, failed) => entry.file(done, failed)), name });
    return;
  }
  const reader = entry.createReader();
  // A reader gives some at a time, and none at the end.
  for (let part; (part = await new Promise((done, failed) => reader.readEntries(done, failed))).length > 0;)
    for (const child of part) await walk(child, name ? `${name}/${child.name}` : child.name, found);
}

const below = path => path.includes("/") ? path.slice(path.indexOf("/") + 1) : path;

/** Parts files into those that are taken, and those that are not with the reason of each; hidden ones are nobody's pictures, and not spoken of. */
export function sortOut(files, limits) {
  const [taken, left] = [[], []];
  for (const item of files.filter(({ name }) => !name.split("/").some(part => part.startsWith("."))).sort((a, b) => a.name < b.name ? -1 : 1)) {
    const reason = !limits.endings.some(ending => item.name.toLowerCase().endsWith(ending)) ? "no picture by its ending"
      : item.file.size > limits.bytes ? `more than ${limits.bytes / megabyte} MB`
        : item.file.size === 0 ? "empty"
          : taken.length === limits.files ? `beyond the first ${limits.files}` : null;
    if (reason) left.push({ name: item.name, reason });
    else taken.push(item);
  }
  return { taken, left };
}

/** Bytes as people read them. */
export const size = bytes => bytes >= 1024 * megabyte ? `${(bytes / megabyte / 1024).toFixed(1)} GB` : bytes >= megabyte ? `${(bytes / megabyte).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;
