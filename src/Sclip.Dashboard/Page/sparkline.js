// A small line of the last minutes.

const space = "http://www.w3.org/2000/svg";
const [width, height] = [240, 40];

export function sparkline() {
  const element = document.createElementNS(space, "svg");
  element.setAttribute("viewBox", `0 0 ${width} ${height}`);
  element.setAttribute("preserveAspectRatio", "none");
  element.setAttribute("class", "sparkline");
  element.setAttribute("aria-hidden", "true");
  const area = document.createElementNS(space, "path");
  const line = document.createElementNS(space, "path");
  area.setAttribute("class", "area");
  line.setAttribute("class", "line");
  element.append(area, line);
  return {
    element,
    update(points) {
      if (points.length < 2) return;
      const most = Math.max(...points.map(point => point.rate), 1e-9);
      const [first, last] = [points[0].time, points.at(-1).time];
      const path = points.map((point, i) => `${i === 0 ? "M" : "L"}${(width * (point.time - first) / Math.max(1, last - first)).toFixed(1)} ${(height - 3 - (height - 6) * point.rate / most).toFixed(1)}`).join("");
      line.setAttribute("d", path);
      area.setAttribute("d", `${path}L${width} ${height}L0 ${height}Z`);
    },
  };
}
