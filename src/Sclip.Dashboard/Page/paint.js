// Pixels of masks on a canvas: classes in their colours, one class alone, or the warmth of what is alike.

/** A colour as the four bytes of a pixel. */
export const pixel = (red, green, blue, alpha = 255) => new Uint32Array(new Uint8Array([red, green, blue, alpha]).buffer)[0];
/** A colour of the page as a pixel. */
export const ofText = color => pixel(...[1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16)));
const cover = pixel(8, 12, 16, 225);

/** From cold to warm, told apart by lightness alone, too. */
const stops = [[11, 12, 40], [72, 22, 104], [150, 39, 110], [221, 81, 72], [250, 163, 26], [252, 252, 164]];
const warmth = Uint32Array.from({ length: 256 }, (_, i) => {
  const place = i / 255 * (stops.length - 1);
  const at = Math.min(Math.floor(place), stops.length - 2);
  return pixel(...stops[at].map((channel, k) => Math.round(channel + (stops[at + 1][k] - channel) * (place - at))));
});

/** Paints a mask; `alone` is the one class to be seen, or null for all. */
export const paintMask = (canvas, mask, colors, alone) => paint(canvas, mask, Uint32Array.from(colors, (color, i) => alone === null || alone === i ? ofText(color) : cover));
export const paintHeat = (canvas, heat) => paint(canvas, heat, warmth);

function paint(canvas, { width, height, data }, palette) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < data.length; i++) pixels[i] = palette[data[i]];
  canvas.getContext("2d").putImageData(image, 0, 0);
}
