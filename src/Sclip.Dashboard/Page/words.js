// Several names in one field: between commas, in quotation marks where one holds a comma.

const item = /\s*(?:"((?:[^"]|"")*)"|([^\s",][^,]*)?)\s*(?:,|$)/y;

/** The names in a text; null where a quotation mark has no other. */
export function split(text) {
  const words = [];
  for (item.lastIndex = 0; item.lastIndex < text.length;) {
    const found = item.exec(text);
    if (!found) return null;
    words.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? "").trim());
  }
  return words.filter(word => word);
}

/** The names as one text, of which the same are read. */
export const join = words => words.map(word => word.includes(",") || word.startsWith('"') ? `"${word.replaceAll('"', '""')}"` : word).join(", ");
