// A chart: one figure.chart of the page and its life. figure[data-state] says where it is: poster (a picture or words)
// → loading → drawn, and back to poster when it gives its WebGL contexts to another chart; or failed.

const calm = matchMedia("(prefers-reduced-motion: reduce)");

class Chart {
  plot = null; // Plotly's element, while the chart is drawn or being drawn
  held = 0; // WebGL contexts that are the chart's own
  stale = false; // the still picture has the colours or the size of another time
  #active = false;
  #authored = null;
  #drawing = null;
  #legend = null;
  #webgl = !STRICT; // whether flat traces may try it
  #still = null; // the last view of a chart that rests
  #view = null; // and what Plotly is to draw when it wakes

  constructor(figure) {
    this.figure = figure;
    this.name = figure.dataset.chart;
    this.box = figure.querySelector(".chart-box");
    this.poster = this.box.querySelector(".chart-poster");
    this.text = figure.querySelector('script[type="application/json"]')?.textContent ?? "";
    this.height = figure.style.getPropertyValue("--chart-height");
    this.alt = this.box.querySelector(".chart-alt")?.textContent || this.name;
    this.keys = element("p", { class: "chart-keys", id: `${figure.id}-keys` }, "The chart is being drawn.");
    const named = { role: "group", tabindex: 0, "aria-label": this.alt, "aria-describedby": this.keys.id };
    for (const [name, value] of Object.entries(named)) this.box.setAttribute(name, value);
    this.tools = toolbar(this);
    this.box.after(this.keys, this.tools.element);
    this.state = "poster";
    this.#measure();
  }

  get state() {
    return this.figure.dataset.state;
  }

  set state(state) {
    this.figure.dataset.state = state;
    this.tools.update();
  }

  /** Whether fingers on the chart are the chart's; else they scroll the page. */
  get active() {
    return this.#active;
  }

  set active(active) {
    this.#active = active;
    this.figure.toggleAttribute("data-active", active);
    this.tools.update();
  }

  /** Whether there is a picture of the chart to look at while it isn't drawn. */
  get pictured() {
    return Boolean(this.#still ? !this.stale : this.poster);
  }

  /** Whether it was drawn once, so that the reader expects it to be alive when it is near. */
  get known() {
    return this.#view !== null;
  }

  /** Whether fingers turn it. */
  get spatial() {
    return Boolean(this.plot?._fullLayout._subplots.gl3d?.length);
  }

  /** The figure as its author left it. Raises for a payload that isn't whole. */
  get authored() {
    this.#authored ??= JSON.parse(this.text);
    const figure = structuredClone(this.#authored); // Plotly writes into what it draws
    for (const trace of figure.data) if (!this.#webgl) trace.type = trace.type?.replace(/^(scatter(polar)?)gl$/, "$1");
    return figure;
  }

  // ---- Drawing

  /** Draws the chart, if it isn't, and comes back when it is drawn or has failed. */
  draw() {
    if (this.state === "drawn") return Promise.resolve();
    this.#drawing ??= this.#make()
      .catch((error) => this.#fail(error))
      .finally(() => (this.#drawing = null));
    return this.#drawing;
  }

  async #make() {
    this.state = "loading";
    this.figure.querySelector(".chart-note")?.remove();
    const { authored } = this;
    const Plotly = await library();
    await idle();
    this.held = contexts(authored.data);
    await makeRoom(this);
    this.controls ??= this.#control(authored.layout);
    const { plot, themed, figure } = this.#dress(authored);
    [this.plot, this.themed, this.narrow] = [plot, themed, isNarrow(this.box)];
    await Plotly.newPlot(plot, figure);
    if (plot.querySelector(".no-webgl")) return this.#plainly();
    this.#attend(plot);
    this.#still?.remove();
    [this.#still, this.stale] = [null, false];
    this.state = "drawn";
  }

  /** Makes a plot that is new, or as new, one for keys and screen readers, and hears of what becomes of it. */
  #attend(plot) {
    // The box is one named group: its buttons stay reachable, the loose words of its drawing are not read out.
    for (const svg of plot.querySelectorAll(".main-svg")) svg.setAttribute("aria-hidden", "true");
    const say = (words) => (this.keys.textContent = words ?? keysOf(plot));
    if (!this.#legend) plot.after((this.#legend = legend(this.box, plot, say)).element);
    this.#legend.update();
    plot.on("plotly_afterplot", () => this.#legend?.update());
    plot.on("plotly_animatingframe", ({ name }) => this.controls.follow(name));
    plot.on("plotly_webglcontextlost", () => this.#lost(plot));
    say(null);
  }

  /** There is no WebGL: what can be drawn without is. */
  #plainly() {
    if (!this.#webgl) throw new Error("no WebGL here");
    this.#webgl = false;
    this.#release();
    return this.#make();
  }

  /** Plotly's element, in its place between the bars of controls, and what to draw there: the view that was left. */
  #dress(authored) {
    const plot = element("div", { class: "chart-plot" });
    if (this.controls.below) this.controls.below.before(plot);
    else this.box.append(plot);
    if (calm.matches) delete authored.layout.transition;
    const { themed, figure } = dressed(this.box, authored);
    if (this.#view?.narrow === isNarrow(this.box)) {
      figure.data = this.#view.data;
      figure.layout = { ...this.#view.layout, template: figure.layout.template ?? this.#view.layout.template };
    }
    return { plot, themed, figure };
  }

  #control(layout) {
    const made = controls(layout, async (method, args = []) => {
      await this.draw();
      const given = structuredClone(args);
      if (calm.matches && given[1]?.frame) given[1].transition = { duration: 0 };
      // An animation that another one ends is rejected, with nothing.
      await Plotly[method]?.(this.plot, ...given)?.catch((error) => error && console.error(error));
    });
    if (made.above) this.box.append(made.above);
    if (made.below) this.box.append(made.below);
    return made;
  }

  #fail(error) {
    console.error(`chart ${this.name}:`, error);
    this.#release();
    this.#still?.remove();
    const words = "This chart could not be drawn in your browser.";
    this.box.append(element("p", { class: "chart-note" }, words));
    const data = this.figure.querySelector(".chart-data");
    if (data) data.open = true;
    this.state = "failed";
  }

  /** As its author left it: the view, the legend, the menus, the first frame. */
  async reset() {
    if (this.state !== "drawn") return this.draw();
    const { figure } = dressed(this.box, this.authored);
    this.controls.reset();
    await Plotly.newPlot(this.plot, figure); // which forgets who listens
    this.#attend(this.plot);
  }

  // ---- Following the page

  /** In step with the page's colours and with the size of the box. */
  async refresh() {
    this.#measure();
    if (!this.box.clientWidth || this.state !== "drawn") return void (this.stale = true);
    this.stale = false;
    const { plot } = this;
    remember(plot);
    settle(this.box, plot.layout.paper_bgcolor);
    const change = { autosize: true, width: null, height: null };
    if (this.themed) change.template = template(this.box, plot.layout);
    if (this.narrow !== isNarrow(this.box)) Object.assign(change, fitted(this.box, this.authored));
    this.narrow = isNarrow(this.box);
    await Plotly.relayout(plot, change);
  }

  /** On paper: in the page's light colours, as wide as a sheet. Without a picture, its data. */
  print() {
    const data = this.figure.querySelector(".chart-data");
    if (this.state !== "drawn" && !this.pictured && data && !data.open) {
      data.open = true;
      addEventListener("afterprint", () => (data.open = false), { once: true });
    }
    if (this.state !== "drawn") return;
    remember(this.plot);
    settle(this.box, this.plot.layout.paper_bgcolor);
    const width = Math.min(this.box.clientWidth, 680);
    const change = { width, height: this.plot.clientHeight };
    if (this.themed) change.template = template(this.box, this.plot.layout);
    Plotly.relayout(this.plot, change);
    if (!this.held) return;
    // Paper gets the frame of before: it is given a picture of now.
    const { still } = picture(this.plot);
    this.plot.before(still);
    addEventListener("afterprint", () => still.remove(), { once: true });
  }

  /** Room for what stands beside each other on a wide screen and below each other on a narrow one. */
  #measure() {
    if (!/"scene\d+":/.test(this.text)) return;
    const width = this.box.clientWidth || document.documentElement.clientWidth;
    try {
      const height = wanted(this.authored.layout, width);
      this.figure.style.setProperty("--chart-height", height ? `${height}px` : this.height);
    } catch {
      // Its drawing will tell.
    }
  }

  // ---- Resting

  /** Gives the WebGL contexts back and shows the last view as a picture; the next drawing goes on from there. */
  async rest() {
    const { plot } = this;
    this.held = 0;
    this.#view = this.#seen();
    const { still, ready } = picture(plot);
    await ready;
    if (this.plot !== plot) return;
    this.#still = still;
    plot.before(still);
    this.#release();
    this.state = "poster";
  }

  /** What the reader sees, for Plotly to draw again. */
  #seen() {
    remember(this.plot);
    return { data: this.plot.data, layout: this.plot.layout, narrow: this.narrow };
  }

  /** The browser took a context away, as it does where there are too many on all pages together. */
  #lost(plot) {
    if (this.plot !== plot) return;
    this.#view = this.#seen();
    this.#release();
    this.state = "poster";
    this.draw();
  }

  #release() {
    const { plot } = this;
    [this.plot, this.held] = [null, 0];
    if (!plot) return;
    this.#legend?.element.remove();
    this.#legend = null;
    const canvases = painted(plot);
    window.Plotly?.purge(plot);
    plot.remove();
    giveBack(canvases);
  }
}
