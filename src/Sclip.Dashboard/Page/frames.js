// Masks of many pictures in one answer: four bytes length of a header, the header in JSON, then the pixels of picture after picture.

/** Reads a frame of classes (2 bytes a pixel, little endian) or of warmth (1 byte): its header, with the pixels of each picture as `data`. */
export function readFrame(buffer, bytes) {
  const view = new DataView(buffer);
  const begin = 4 + view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, begin - 4)));
  for (const picture of header.pictures) {
    const [at, pixels] = [begin + picture.offset, picture.width * picture.height];
    picture.data = bytes === 1 ? new Uint8Array(buffer, at, pixels) : classes(view, at, pixels);
  }
  return header;
}

const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function classes(view, at, pixels) {
  if (isLittle && at % 2 === 0) return new Uint16Array(view.buffer, at, pixels);
  return Uint16Array.from({ length: pixels }, (_, i) => view.getUint16(at + 2 * i, true));
}
