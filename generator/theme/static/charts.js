// The chart client: draws each figure.chart from the JSON inside it when it comes near the viewport.
//
// A classic script, since a page opened from disk runs no other. It loads the site's one Plotly, named by its own
// data-plotly, for the first chart that is needed; figure[data-state] says how far a chart is:
// waiting → loading → drawn | failed. Colours and fonts are the page's own custom properties (style.css), laid
// under the figure as a template, so that one payload serves light and dark, wide and narrow.
"use strict";

(() => {
  const library = new URL(document.currentScript.dataset.plotly, document.baseURI).href;
  const NEAR = "600px 0px"; // most of a screen ahead of the reader
  const NARROW = 560; // CSS pixels: below it a legend beside the plot takes too much of it
  const CLEAR = "rgba(0,0,0,0)";
  const CONFIG = {
    displaylogo: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "resetCameraLastSave3d"],
    plotlyServerURL: "", // with the next line: no button that uploads the reader's chart
    showSendToCloud: false,
    scrollZoom: false, // the wheel belongs to the page
  };

  // ---- The page's look, as a Plotly template

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
    box.removeAttribute("style");
    const grounds = own ? [own] : [];
    const silent = !own && getComputedStyle(box).colorScheme === "normal";
    for (let on = box; silent && on; on = on.parentElement) grounds.push(getComputedStyle(on).backgroundColor);
    for (const ground of grounds) {
      const mixed = resolve(box, `color-mix(in srgb, ${ground} 100%, red 0%)`); // color(srgb 1 0.9 0 / 0.5)
      const [red, green, blue, alpha = 1] = mixed.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
      if (alpha <= 0.5) continue;
      if (silent) box.style.setProperty("--ground", `rgb(${[red, green, blue].map((part) => Math.round(255 * part))})`);
      box.style.colorScheme = 0.3 * red + 0.59 * green + 0.11 * blue > 0.55 ? "light" : "dark";
      return;
    }
  }

  /** Defaults for whatever a figure leaves open: the page's fonts and colours, and room by the width of its box. */
  function template(box, layout) {
    const css = (name) => resolve(box, `var(--${name})`);
    const scale = (...names) => names.map((name, place) => [place / (names.length - 1), css(`chart-${name}`)]);
    const [ground, panel, line, edge, ink, muted] = ["ground", "panel", "line", "line-strong", "ink", "muted"].map(css);
    const family = getComputedStyle(document.body).fontFamily;
    const narrow = box.clientWidth < NARROW;

    const size = narrow ? 12 : 13;
    const name = { font: { color: muted, size } };
    const edges = { linecolor: edge, tickcolor: edge, zerolinecolor: edge };
    const quiet = { ...edges, gridcolor: line, minor: { gridcolor: line }, tickfont: { color: muted } };
    const axis = { ...quiet, automargin: true, title: { ...name, standoff: 12 }, zerolinewidth: 1 };
    const axis3d = { ...edges, gridcolor: line, showbackground: false, showspikes: false, title: name };
    axis3d.tickfont = { color: muted, size: 11 };
    const eye = narrow ? { x: 1.7, y: 1.7, z: 1.4 } : { x: 1.4, y: 1.4, z: 1.1 };
    const camera = { center: { x: 0, y: 0, z: -0.12 }, eye }; // the axes' numbers stay in view
    const colorbar = { outlinewidth: 0, thickness: 12, tickfont: { color: muted }, ticks: "", title: name };
    const scaled = [{ colorbar, colorscale: scale("low", "middle", "high") }];
    const control = { bgcolor: panel, bordercolor: edge, borderwidth: 1, font: { color: ink } };
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
        margin: { b: 16, l: inset, r: 8, t: layout.title?.text ? 60 : 30 },
        modebar: { activecolor: ink, bgcolor: CLEAR, color: muted },
        paper_bgcolor: ground, // not clear: a picture saved by night has light text
        plot_bgcolor: CLEAR,
        polar: { angularaxis: quiet, bgcolor: CLEAR, radialaxis: quiet },
        scene: { bgcolor: CLEAR, camera, xaxis: axis3d, yaxis: axis3d, zaxis: axis3d },
        shapedefaults: { line: { color: muted } },
        sliderdefaults: { ...control, activebgcolor: css("accent"), tickcolor: edge },
        title: { font: heading, pad: { l: inset, t: 10 }, x: 0, y: 1, yanchor: "top" },
        updatemenudefaults: control,
        xaxis: axis,
        yaxis: axis,
      },
    };
  }

  /** What Plotly is to draw in `box`: the figure over the page's look, in the size of the box. `themed` says whether
      the look is the page's: an author's own template stands as it is. */
  function dressed(box, { data, layout, frames }) {
    const themed = !layout.template;
    const whole = { ...layout, autosize: true };
    delete whole.width; // the box decides
    delete whole.height;
    settle(box, layout.paper_bgcolor);
    if (themed) whole.template = template(box, layout);
    return { themed, figure: { config: CONFIG, data, frames, layout: whole } };
  }

  // Posters are drawn by this script too, on a page of their own (generator/charts/posters.py).
  window.visualposts = { dressed };

  // ---- Drawing

  /** The site's Plotly, loaded once; a page that brought its own uses that. */
  let loading = null;
  function plotly() {
    loading ??= new Promise((done, failed) => {
      if (window.Plotly) return done(window.Plotly);
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => (window.Plotly ? done(window.Plotly) : failed(new Error(`no Plotly in ${library}`)));
      script.onerror = () => failed(new Error(`${library} can't be loaded`));
      document.head.append(script);
    });
    return loading;
  }

  const later = window.requestIdleCallback ?? setTimeout; // Safari has no idle callbacks
  const idle = () => new Promise((done) => later(done, { timeout: 500 }));

  /** A reader who asked for less motion gets the frames of an animation without the glide between them. */
  function calm(layout) {
    const groups = [...(layout.updatemenus ?? []), ...(layout.sliders ?? [])];
    for (const { args } of groups.flatMap((group) => [...(group.buttons ?? []), ...(group.steps ?? [])])) {
      if (args?.[1]?.frame) args[1].transition = { duration: 0 };
    }
    delete layout.transition;
  }

  /** Keeps the drawn chart in step with its box and with the page's colours. */
  function follow(box, plot, themed) {
    const refresh = () => {
      settle(box, plot.layout.paper_bgcolor);
      Plotly.relayout(plot, { autosize: true, ...(themed && { template: template(box, plot.layout) }) });
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
    let [width, height, timer] = [box.clientWidth, box.clientHeight, 0];
    new ResizeObserver(() => {
      if (!box.clientWidth || (box.clientWidth === width && box.clientHeight === height)) return;
      [width, height] = [box.clientWidth, box.clientHeight];
      clearTimeout(timer);
      timer = setTimeout(refresh, 100);
    }).observe(box);
  }

  async function draw(figure) {
    const box = figure.querySelector(".chart-box");
    const plot = document.createElement("div");
    plot.className = "chart-plot";
    try {
      const payload = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
      const Plotly = await plotly();
      await idle();
      box.append(plot);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) calm(payload.layout);
      const { themed, figure: drawn } = dressed(box, payload);
      plot.classList.toggle("themed", themed);
      await Plotly.newPlot(plot, drawn);
      // One named group: its buttons stay reachable, the loose words of its drawing are not read out.
      plot.setAttribute("role", "group");
      plot.setAttribute("aria-label", figure.querySelector(".chart-alt").textContent || figure.dataset.chart);
      for (const svg of plot.querySelectorAll(".main-svg")) svg.setAttribute("aria-hidden", "true");
      figure.dataset.state = "drawn";
      follow(box, plot, themed);
    } catch (error) {
      fail(figure, box, plot, error);
    }
  }

  function fail(figure, box, plot, error) {
    console.error(`chart ${figure.dataset.chart}:`, error);
    plot.remove();
    const note = document.createElement("p");
    note.className = "chart-note";
    note.textContent = "This chart could not be drawn in your browser.";
    box.append(note);
    figure.dataset.state = "failed";
  }

  // ---- When

  let queue = Promise.resolve(); // one after the other, so that a page with many charts stays responsive
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        target.dataset.state = "loading";
        queue = queue.then(() => draw(target));
      }
    },
    { rootMargin: NEAR },
  );
  // On a page of another blog each chart brings this script, which then runs again: those with a state are taken.
  for (const figure of document.querySelectorAll("figure.chart[data-chart]:not([data-state])")) {
    // A finger on a flat plot scrolls the page; Plotly, which would drag instead, gets the tap as a click.
    figure.addEventListener(
      "touchstart",
      (event) => event.target.closest(".draglayer") && event.stopPropagation(),
      { capture: true, passive: true },
    );
    figure.dataset.state = "waiting";
    near.observe(figure);
  }
})();
