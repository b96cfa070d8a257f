// The look of a chart: the page's own fonts and colours as a Plotly template, so that one payload serves light and
// dark, wide and narrow. Colours are custom properties (style.css); posters are drawn in this look too.

const NARROW = 560; // CSS pixels: below it a legend beside the plot takes too much of it
const PANEL = 330; // the height of one scene among several, one below the other
const EYE = { x: 1.4, y: 1.4, z: 1.1 };
const CLEAR = "rgba(0,0,0,0)";
const CONFIG = {
  displayModeBar: false, // tools.js has what it offers, for fingers and keys too
  plotlyServerURL: "", // with the next line: nothing that uploads the reader's chart
  showSendToCloud: false,
  scrollZoom: false, // the wheel belongs to the page
};

/** The computed value of a CSS colour inside `box`, whose color-scheme decides between light and dark. */
function resolve(box, value) {
  const probe = box.appendChild(document.createElement("span"));
  probe.style.color = value;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Light or dark by what a chart stands on: its figure's own background or, on a page that names no color-scheme
    (another blog, which includes our chart), by what is painted behind it. */
function settle(box, own) {
  const figure = box.closest(".chart") ?? box;
  for (const name of ["--ground", "background-color", "color-scheme"])
    for (const part of [figure, box]) part.style.removeProperty(name);
  const grounds = own ? [own] : [];
  const silent = !own && getComputedStyle(box).colorScheme === "normal";
  for (let on = box; silent && on; on = on.parentElement) grounds.push(getComputedStyle(on).backgroundColor);
  for (const ground of grounds) {
    const mixed = resolve(box, `color-mix(in srgb, ${ground} 100%, red 0%)`); // color(srgb 1 0.9 0 / 0.5)
    const [red, green, blue, alpha = 1] = mixed.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
    if (alpha <= 0.5) continue;
    if (own) box.style.backgroundColor = own;
    else figure.style.setProperty("--ground", `rgb(${[red, green, blue].map((part) => Math.round(255 * part))})`);
    (own ? box : figure).style.colorScheme = 0.3 * red + 0.59 * green + 0.11 * blue > 0.55 ? "light" : "dark";
    return;
  }
}

/** Defaults for whatever a figure leaves open: the page's fonts and colours, and room by the width of its box. */
function template(box, layout) {
  const css = (name) => resolve(box, `var(--${name})`);
  const scale = (...names) => names.map((name, place) => [place / (names.length - 1), css(`chart-${name}`)]);
  const [ground, panel, line, edge, ink, muted] = ["ground", "panel", "line", "line-strong", "ink", "muted"].map(css);
  const family = getComputedStyle(document.body).fontFamily;
  const narrow = isNarrow(box);

  const size = narrow ? 12 : 13;
  const name = { font: { color: muted, size } };
  const edges = { linecolor: edge, tickcolor: edge, zerolinecolor: edge };
  const quiet = { ...edges, gridcolor: line, minor: { gridcolor: line }, tickfont: { color: muted } };
  const axis = { ...quiet, automargin: true, title: { ...name, standoff: 12 }, zerolinewidth: 1 };
  const axis3d = { ...edges, gridcolor: line, showbackground: false, showspikes: false, title: name };
  axis3d.tickfont = { color: muted, size: 11 };
  const camera = { center: { x: 0, y: 0, z: -0.12 }, eye: EYE }; // the numbers stay in view
  const colorbar = { outlinewidth: 0, thickness: 12, tickfont: { color: muted }, ticks: "", title: name };
  const scaled = [{ colorbar, colorscale: scale("low", "middle", "high") }];
  const seam = [{ marker: { line: { color: ground } } }];
  const above = narrow && { orientation: "h", x: 0, y: 1, yanchor: "bottom" };
  const heading = { color: ink, size: size + 3, weight: 600 };
  const inset = layout.paper_bgcolor ? 12 : 0; // a figure without its own background stands on the text's edge
  return {
    data: { bar: seam, contour: scaled, heatmap: scaled, histogram2d: scaled, scatter: seam, surface: scaled },
    layout: {
      annotationdefaults: { arrowcolor: muted, arrowwidth: 1 },
      coloraxis: scaled[0],
      colorscale: {
        diverging: scale("below", "even", "above"),
        sequential: scale("low", "middle", "high"),
        sequentialminus: scale("high", "middle", "low"),
      },
      colorway: [1, 2, 3, 4, 5, 6, 7, 8].map((place) => css(`chart-${place}`)),
      font: { color: ink, family, size },
      geo: { bgcolor: CLEAR, lakecolor: ground, landcolor: panel, subunitcolor: line },
      hoverlabel: { align: "left", bgcolor: panel, bordercolor: edge, font: { color: ink, family } },
      legend: { bgcolor: CLEAR, itemsizing: "constant", title: name, ...above },
      margin: { b: 16, l: inset, r: 8, t: layout.title?.text ? 60 : 16 },
      paper_bgcolor: ground, // not clear: a picture saved by night has light text
      plot_bgcolor: CLEAR,
      polar: { angularaxis: quiet, bgcolor: CLEAR, radialaxis: quiet },
      scene: { bgcolor: CLEAR, camera, xaxis: axis3d, yaxis: axis3d, zaxis: axis3d },
      shapedefaults: { line: { color: muted } },
      title: { font: heading, pad: { l: inset, t: 10 }, x: 0, y: 1, yanchor: "top" },
      xaxis: axis,
      yaxis: axis,
    },
  };
}

/** What Plotly is to draw in `box`: the figure over the page's look, in the size of the box. `themed` says whether
    the look is the page's: an author's own template stands as it is. Menus and sliders are left to controls.js. */
function dressed(box, { data, layout, frames }) {
  const themed = !layout.template;
  const { width, height, updatemenus, sliders, ...whole } = layout; // the box decides on the size
  settle(box, layout.paper_bgcolor);
  if (themed) whole.template = template(box, layout);
  for (const [path, value] of Object.entries(fitted(box, { data, layout }))) put(whole, path, value);
  return { themed, figure: { config: CONFIG, data, frames, layout: { ...whole, autosize: true } } };
}

// ---- Narrow boxes

function isNarrow(box) {
  return box.clientWidth < NARROW;
}

/** The scenes of a layout that stand beside each other, in the order of reading; none where there is only one. */
function panels(layout) {
  const scenes = Object.keys(layout).filter((key) => /^scene\d*$/.test(key) && layout[key].domain?.x);
  const [left, top] = [(key) => layout[key].domain.x[0], (key) => layout[key].domain.y?.[1] ?? 1];
  const several = scenes.length > 1 && new Set(scenes.map(left)).size > 1 && !layout.xaxis;
  return several ? scenes.sort((one, other) => top(other) - top(one) || left(one) - left(other)) : [];
}

/** The height in pixels that a chart wants in a box of this width, where that isn't the one it was given. */
function wanted(layout, width) {
  const count = width < NARROW ? panels(layout).length : 0;
  return count && count * PANEL + 60; // and a legend
}

/** What a narrow box changes in a figure's layout, and a wide one changes back: values by Plotly's dotted names. */
function fitted(box, figure) {
  const { layout } = figure;
  const change = { ...stacked(layout), ...distant(layout), ...wrapped(figure, box.clientWidth) };
  if (isNarrow(box)) return change;
  const authored = (path) => path.split(".").reduce((part, key) => part?.[key], layout) ?? null;
  return Object.fromEntries(Object.keys(change).map((path) => [path, authored(path)]));
}

/** Scenes one below the other, each with the words that stood above it. */
function stacked(layout) {
  const scenes = panels(layout);
  if (!scenes.length) return {};
  const change = {};
  const slot = 1 / scenes.length;
  const above = 44 / PANEL; // two lines of words
  scenes.forEach((scene, place) => {
    const top = 1 - place * slot;
    change[`${scene}.domain`] = { x: [0, 1], y: [top - slot, top - above * slot] };
  });
  const distance = (note, { x, y }) => Math.abs(note.x - (x[0] + x[1]) / 2) + Math.abs(note.y - (y?.[1] ?? 1));
  change.annotations = (layout.annotations ?? []).map((note) => {
    if (note.xref !== "paper" || note.yref !== "paper" || note.showarrow !== false) return note;
    const away = scenes.map((scene) => distance(note, layout[scene].domain));
    const nearest = away.indexOf(Math.min(...away));
    return { ...note, x: 0.5, xanchor: "center", y: 1 - nearest * slot, yanchor: "top" };
  });
  return change;
}

/** Cameras that stand further off, where the names of the axes would else be cut. */
function distant(layout) {
  const change = {};
  const off = panels(layout).length ? 1.1 : 1.3;
  for (const [key, scene] of Object.entries(layout)) {
    if (!/^scene\d*$/.test(key)) continue;
    const { x, y, z } = scene.camera?.eye ?? EYE;
    change[`${key}.camera.eye`] = { x: x * off, y: y * off, z: z * off };
  }
  return change;
}

/** Words below a column of a heatmap or a group of bars, broken where they would else be turned. */
function wrapped({ data, layout }, width) {
  const change = {};
  for (const key of new Set(["xaxis", ...Object.keys(layout)])) {
    if (!/^xaxis\d*$/.test(key) || layout[key]?.tickangle) continue;
    const values = layout[key]?.ticktext ? layout[key].tickvals : categories(data, key.replace("axis", ""));
    const texts = layout[key]?.ticktext ?? values;
    if (!texts?.some?.((text) => /[a-z] /i.test(text))) continue;
    const letters = Math.max((0.62 * width) / texts.length / 6, 6);
    const lines = texts.map((text) => String(text).split("<br>").flatMap((line) => broken(line, letters)));
    change[`${key}.tickvals`] = values;
    change[`${key}.ticktext`] = lines.map((parts) => parts.join("<br>"));
    change[`${key}.tickfont.size`] = 11;
  }
  return change;
}

/** The few names that traces on the axis `id` have as their x; none where those are dates or numbers. */
function categories(data, id) {
  const traces = data.filter(({ xaxis = "x", x }) => xaxis === id && Array.isArray(x));
  const names = [...new Set(traces.flatMap(({ x }) => x))];
  const words = (name) => typeof name === "string" && !/^[\d.,: -]*$/.test(name);
  return names.length <= 12 && names.every(words) ? names : [];
}

/** The parts of `line` (a piece of Plotly's HTML) between spaces, none longer than `letters` if it can help it. */
function broken(line, letters) {
  const seen = (text) => text.replace(/<[^>]*>/g, "").length;
  let parts = [];
  for (const word of line.split(/ (?![^<]*>)/)) {
    const together = `${parts.at(-1)} ${word}`;
    parts = parts.length && seen(together) <= letters ? [...parts.slice(0, -1), together] : [...parts, word];
  }
  return parts;
}

/** Sets a value by its dotted name, in copies of what lies on the way: the author's figure stays as it is. */
function put(whole, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  let part = whole;
  for (const key of keys) part = part[key] = { ...part[key] };
  if (value === null) delete part[last];
  else part[last] = value;
}

// Posters are drawn by this script too, on a page of their own (generator/charts/posters.py).
window.visualposts = { dressed, wanted };
