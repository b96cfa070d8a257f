// WebGL: how many contexts charts need, how they are given back, and views that need none.

const SPACE = new Set(["cone", "isosurface", "mesh3d", "scatter3d", "streamtube", "surface", "volume"]);
// For flat traces in WebGL Plotly compiles code at run time, which a strict policy forbids; as SVG they need none.
const POLICY = document.querySelector('meta[http-equiv="Content-Security-Policy"]');
const STRICT = /script-src(?!.*'unsafe-eval')/.test(POLICY?.content);
/** How many WebGL contexts Plotly needs for these traces: one a scene or map, two or three for all that is flat. */
function contexts(data) {
  const some = (kinds) => data.some(({ type }) => kinds.test(type));
  const places = new Set();
  for (const { type, scene = "scene", subplot = "map" } of data) {
    if (SPACE.has(type)) places.add(scene);
    if (/^(choropleth|density|scatter)map(box)?$/.test(type)) places.add(subplot);
  }
  return places.size + (some(/^parcoords$/) ? 3 : some(/gl$|^splom$/) ? 2 : 0);
}

/** Writes the cameras that a finger has moved into the layout; Plotly does so for a mouse only. */
function remember(plot) {
  for (const id of plot._fullLayout._subplots.gl3d ?? []) {
    const scene = plot._fullLayout[id]._scene;
    if (scene?.glplot) scene.saveLayout(plot.layout);
  }
}

/** A copy of a drawn plot that needs no WebGL: its words and lines as they are, its canvases as pictures, which are
    `ready` to be shown a little later. */
function picture(plot) {
  for (const id of plot._fullLayout._subplots.gl3d ?? []) plot._fullLayout[id]._scene.glplot?.redraw();
  const still = plot.cloneNode(true);
  still.className = "chart-still";
  const shots = [...plot.querySelectorAll("canvas")].map(shotOf);
  [...still.querySelectorAll("canvas")].forEach((canvas, place) => canvas.replaceWith(shots[place]));
  return { still, ready: Promise.allSettled(shots.map((shot) => shot.decode())) };
}

function shotOf(canvas) {
  const shot = new Image();
  shot.alt = "";
  shot.src = canvas.toDataURL();
  shot.style.cssText = canvas.style.cssText;
  shot.style.width = `${canvas.clientWidth}px`;
  shot.style.height = `${canvas.clientHeight}px`;
  return shot;
}

/** The canvases of a plot that have a context; that for picking has one for parallel coordinates only. */
function painted(plot) {
  const without = plot.querySelector(".parcoords") ? "" : ":not(.gl-canvas-pick)";
  return [...plot.querySelectorAll(`canvas${without}`)];
}

/** Gives the contexts of canvases back at once: collecting garbage takes its time. */
function giveBack(canvases) {
  for (const canvas of canvases) {
    canvas.addEventListener("webglcontextlost", (event) => event.stopImmediatePropagation(), true);
    const gl = canvas.getContext("webgl") ?? canvas.getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
