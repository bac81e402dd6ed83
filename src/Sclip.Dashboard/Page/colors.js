// Colours for new classes: apart from each other, and light enough to see a picture through.

const first = ["#2f9e44", "#4dabf7", "#f08c00", "#e03131", "#7048e8", "#f783ac", "#12b886", "#fcc419", "#1864ab", "#a0522d", "#be4bdb", "#74b816"];

export function colorOf(index) {
  if (index < first.length) return first[index];
  // Steps by the golden angle go round the circle of hues without meeting.
  const [hue, lightness] = [(index * 137.508) % 360, [0.5, 0.62, 0.4][index % 3]];
  const channel = n => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - 0.6 * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
