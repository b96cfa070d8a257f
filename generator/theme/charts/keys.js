// Keys of a chart: what the arrows and a few letters do while the keyboard's focus is on it.

const STEP = 0.15; // of a turn's radian and of an axis's length
const ZOOM = 1.2;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** One sentence that says what keys do in a drawn chart. */
function keysOf(plot) {
  const act = plot._fullLayout._subplots.gl3d?.length ? "turn" : axes(plot).length ? "move" : "";
  const start = act ? `Arrow keys ${act} it, plus and minus zoom,` : "The key";
  const legend = entries(plot).length ? " Tab goes to the legend," : "";
  return `${start} 0 starts again,${legend} Escape leaves.`;
}

/** The change of layout that a key asks for, by Plotly's dotted names; null for a key that means nothing here. */
function moved(plot, key) {
  const zoom = { "+": 1 / ZOOM, "=": 1 / ZOOM, "-": ZOOM }[key];
  const [right, up] = ARROWS[key] ?? [0, 0];
  if (!zoom && !right && !up) return null;
  const { _fullLayout: layout } = plot;
  const scenes = layout._subplots.gl3d ?? [];
  const turned = scenes.map((scene) => [`${scene}.camera.eye`, orbit(layout[scene].camera, right, up, zoom ?? 1)]);
  const by = (axis) => (axis._id[0] === "x" ? right : up);
  const ranges = axes(plot).map((axis) => [`${axis._name}.range`, shifted(axis, by(axis), zoom ?? 1)]);
  return turned.length || ranges.length ? Object.fromEntries([...turned, ...ranges]) : null;
}

/** The axes of the plane that a reader may move. */
function axes(plot) {
  const { _fullLayout: layout } = plot;
  const { xaxis = [], yaxis = [] } = layout._subplots;
  const named = (id) => layout[`${id[0]}axis${id.slice(1)}`];
  return [...xaxis, ...yaxis].map(named).filter((axis) => axis && !axis.fixedrange);
}

/** Where the eye goes that walks around the centre, `right` and `up` by one step each, `zoom` times as far away. */
function orbit({ eye, center }, right, up, zoom) {
  const [x, y, z] = ["x", "y", "z"].map((axis) => eye[axis] - center[axis]);
  const radius = Math.hypot(x, y, z);
  const around = Math.atan2(y, x) + right * STEP;
  const above = Math.min(Math.max(Math.asin(z / radius) + up * STEP, -1.5), 1.5);
  const far = Math.min(Math.max(radius * zoom, 0.2), 12);
  return {
    x: center.x + far * Math.cos(above) * Math.cos(around),
    y: center.y + far * Math.cos(above) * Math.sin(around),
    z: center.z + far * Math.sin(above),
  };
}

function shifted(axis, by, zoom) {
  const [start, end] = axis.range.map((end) => axis.r2l(end));
  const [middle, half] = [(start + end) / 2 + by * STEP * (end - start), (zoom * (end - start)) / 2];
  return [axis.l2r(middle - half), axis.l2r(middle + half)];
}
