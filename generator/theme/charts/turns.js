// The page's charts: when each is drawn, and which of them may hold WebGL contexts.
//
// A chart that has a poster is drawn when the reader turns to it: a pointer over it, a tap, the keyboard's focus, its
// button, a link to it. One that has none is drawn when it is near the screen, once the reader has moved at all.

const NEAR = "600px 0px"; // most of a screen ahead of the reader
const FAR = "2400px 0px";
const CONTEXTS = 5; // browsers allow 8 to 16; Plotly needs one more while it saves a picture

// ---- Plotly

const address = new URL(document.currentScript.dataset.plotly, document.baseURI).href;
let loading = null;

/** The site's Plotly, loaded once; a page that brought its own uses that. */
function library() {
  loading ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => (window.Plotly ? done(window.Plotly) : failed(new Error(`no Plotly in ${address}`)));
    script.onerror = () => failed(new Error(`${address} can't be loaded`));
    document.head.append(script);
  });
  loading.catch(() => (loading = null)); // another try may go well
  return loading;
}

const later = window.requestIdleCallback ?? setTimeout; // Safari has no idle callbacks
const idle = () => new Promise((done) => later(done, { timeout: 500 }));

// ---- WebGL contexts

/** How far a chart is from the middle of the screen; one that the reader is at is nearest of all. */
function distance(chart) {
  if (chart.active || chart.figure.matches(":hover, :focus-within, :fullscreen")) return -1;
  const { top, bottom } = chart.box.getBoundingClientRect();
  return Math.abs((top + bottom) / 2 - innerHeight / 2);
}

/** The charts that have to rest so that `chart` can hold as many contexts as it needs, the furthest first. */
function inTheWay(chart, needs) {
  const others = charts.filter((other) => other !== chart && other.held);
  let over = others.reduce((sum, other) => sum + other.held, needs) - CONTEXTS;
  const away = new Map(others.map((other) => [other, distance(other)]));
  const resting = [];
  for (const other of others.sort((one, two) => away.get(two) - away.get(one))) {
    if (over <= 0) break;
    if (!other.plot || other.state !== "drawn") continue; // is about to be drawn
    over -= other.held;
    resting.push(other);
  }
  return resting;
}

let room = Promise.resolve();

/** Comes back when `chart` may make its contexts: one chart after the other. */
function makeRoom(chart) {
  if (chart.held) room = room.then(() => Promise.allSettled(inTheWay(chart, chart.held).map((other) => other.rest())));
  return chart.held ? room : null;
}

// ---- When

const near = new Set();
let awake = false; // the reader has moved
let busy = false;
const tried = new Set(); // where none can be kept alive, each is drawn once, until it comes near again

/** Whether a chart is to be drawn by itself. A picture of it will do where another one, nearer, would have to rest. */
function due(chart) {
  if (chart.state !== "poster" || (chart.poster && !chart.known)) return false;
  if (!chart.pictured) return true;
  const here = distance(chart);
  return inTheWay(chart, contexts(chart.authored.data)).every((other) => distance(other) > here);
}

/** Draws what is near, one after the other, so that a page with many charts stays responsive. */
async function drawNear() {
  if (busy || !awake) return;
  busy = true;
  tried.clear();
  for (;;) {
    const wanting = [...near].filter((chart) => !tried.has(chart) && due(chart));
    const [next] = wanting.sort((one, two) => distance(one) - distance(two));
    if (!next) break;
    tried.add(next);
    await next.draw();
  }
  busy = false;
}

function wake() {
  for (const type of MOVES) removeEventListener(type, wake, true);
  awake = true;
  drawNear();
}

const MOVES = ["scroll", "keydown", "pointerdown", "pointermove", "touchstart", "wheel"];

/** Hears of charts that come into the screen's reach or leave it. */
function watch(rootMargin, heard) {
  const tell = ({ isIntersecting, target }) => heard(chartOf.get(target), isIntersecting);
  const observer = new IntersectionObserver((entries) => entries.forEach(tell), { rootMargin });
  for (const { box } of charts) observer.observe(box);
}

function listen(chart) {
  const { box, figure } = chart;
  const meant = () => chart.state === "poster" && chart.draw();
  box.addEventListener("pointerenter", ({ pointerType }) => pointerType !== "touch" && meant());
  box.addEventListener("focus", meant);
  box.addEventListener("click", meant);
  // A finger that lifts where it came down is a tap: one that scrolls is taken away by the browser.
  box.addEventListener("pointerup", async ({ pointerType, target }) => {
    if (pointerType !== "touch" || chart.state === "failed" || target.closest(".chart-controls")) return;
    await chart.draw();
    if (chart.spatial) chart.active = true;
  });
  // Until then fingers belong to the page; Plotly, which would drag, gets taps as clicks.
  for (const type of ["touchstart", "touchmove", "touchend"]) {
    const keep = (event) => chart.active || event.target.closest(".chart-controls") || event.stopPropagation();
    figure.addEventListener(type, keep, { capture: true, passive: true });
  }
  document.addEventListener("pointerdown", ({ target }) => {
    if (chart.active && !figure.contains(target)) chart.active = false;
  });
  figure.addEventListener("fullscreenchange", () => chart.tools.update());
  // Keys belong to the page for who came by the pointer, though clicking gives focus.
  let pointed = false;
  box.addEventListener("pointerdown", () => (pointed = true), true);
  box.addEventListener("blur", () => (pointed = false));
  box.addEventListener("keydown", (event) => pointed || press(chart, event));
  let [width, height, timer] = [box.clientWidth, box.clientHeight, 0];
  new ResizeObserver(() => {
    if (!box.clientWidth || (box.clientWidth === width && box.clientHeight === height && !chart.stale)) return;
    [width, height] = [box.clientWidth, box.clientHeight];
    clearTimeout(timer);
    timer = setTimeout(() => chart.refresh().then(drawNear), 100);
  }).observe(box);
}

function press(chart, event) {
  const { box, plot } = chart;
  if (event.target !== box || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    chart.active = false;
    return box.blur();
  }
  if (chart.state !== "drawn") return;
  remember(plot);
  const change = moved(plot, event.key);
  if (["0", "Home"].includes(event.key)) chart.reset();
  else if (change) Plotly.relayout(plot, change);
  else return;
  event.preventDefault();
}

/** The chart that the page's address names comes into view, out of a closed fold too, and is drawn. */
function arrive() {
  const chart = charts.find(({ figure }) => location.hash === `#${figure.id}`);
  if (!chart) return;
  const folds = [];
  for (let fold = chart.figure.closest("details"); fold; fold = fold.parentElement.closest("details")) folds.push(fold);
  const closed = folds.filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
  if (closed.length) chart.figure.scrollIntoView();
  chart.draw();
}

/** All charts in the page's colours of now. */
function recolour() {
  Promise.all(charts.map((chart) => chart.refresh())).then(drawNear);
}

// On a page of another blog each chart brings this script, which then runs again: those with a state are taken.
const figures = document.querySelectorAll("figure.chart[data-chart]:not([data-state]):has(.chart-box)");
const charts = [...figures].map((figure) => new Chart(figure));
const chartOf = new Map(charts.map((chart) => [chart.box, chart]));

if (charts.length) {
  charts.forEach(listen);
  watch(NEAR, (chart, inside) => {
    if (!inside) return void near.delete(chart);
    near.add(chart);
    tried.delete(chart);
    drawNear();
  });
  watch("0px", (_, inside) => inside && drawNear());
  // It takes a moment, in which the reader may have come back.
  watch(FAR, (chart, inside) => !inside && chart.state === "drawn" && chart.held && chart.rest().then(drawNear));
  for (const type of MOVES) addEventListener(type, wake, { capture: true, passive: true });
  addEventListener("hashchange", arrive);
  document.addEventListener("themechange", recolour);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  const root = document.documentElement;
  addEventListener("beforeprint", () => {
    root.style.colorScheme = "light";
    for (const chart of charts) chart.print();
  });
  addEventListener("afterprint", () => {
    root.style.removeProperty("color-scheme");
    recolour();
  });
  arrive();
}
