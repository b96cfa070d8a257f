// Controls of a chart: what Plotly draws as menus and sliders, made of the page's own buttons, lists and sliders. So
// keys and screen readers work them, fingers hit them, and the page's style is theirs.

/** The bars of controls above and below a plot (null where there is none), from a figure's `layout`.

    `run(method, args)` calls Plotly. `follow(frame)` moves the sliders to the frame that an animation shows;
    `reset()` puts everything back. */
function controls(layout, run) {
  const bars = { above: [], below: [] };
  const [follows, resets] = [[], []];
  for (const menu of layout.updatemenus ?? []) {
    const steps = (menu.buttons ?? []).filter((step) => step.visible !== false);
    if (menu.visible === false || !steps.length) continue;
    const made = menu.type === "buttons" ? buttons(menu, steps, run) : choice(menu, steps, run);
    bars[(menu.y ?? 1) >= 0.5 ? "above" : "below"].push(made.element);
    resets.push(made.reset);
  }
  for (const scale of layout.sliders ?? []) {
    const steps = (scale.steps ?? []).filter((step) => step.visible !== false);
    if (scale.visible === false || !steps.length) continue;
    const made = slider(scale, steps, run);
    bars.below.push(made.element);
    resets.push(made.reset);
    follows.push(made.follow);
  }
  const bar = (parts) => (parts.length ? element("div", { class: "chart-controls" }, ...parts) : null);
  return {
    above: bar(bars.above),
    below: bar(bars.below),
    follow: (frame) => follows.forEach((follow) => follow(frame)),
    reset: () => resets.forEach((reset) => reset()),
  };
}

/** A group of buttons; the one pressed last shows it, unless the menu's author says otherwise. */
function buttons(menu, steps, run) {
  const shows = menu.showactive !== false && steps.length > 1;
  const start = menu.active ?? 0;
  let active = start;
  const all = steps.map((step, place) => {
    const button = element("button", { type: "button" }, step.label ?? "");
    if (!/[\p{L}\p{N}]/u.test(step.label ?? "")) button.setAttribute("aria-label", step.name || "Button");
    button.addEventListener("click", () => {
      const again = step.args2 && active === place;
      run(step.method, again ? step.args2 : step.args);
      mark(again ? -1 : place);
    });
    return button;
  });
  const mark = (place) => {
    active = place;
    if (shows) all.forEach((button, other) => button.setAttribute("aria-pressed", String(other === place)));
  };
  mark(start);
  const about = { class: "chart-buttons", role: "group", "aria-label": menu.name || "What is shown" };
  return { element: element("div", about, ...all), reset: () => mark(start) };
}

function choice(menu, steps, run) {
  const list = element("select", { "aria-label": menu.name || "What is shown" });
  list.append(...steps.map((step) => element("option", {}, step.label ?? "")));
  list.selectedIndex = menu.active ?? 0;
  list.addEventListener("change", () => run(steps[list.selectedIndex].method, steps[list.selectedIndex].args));
  return { element: list, reset: () => (list.selectedIndex = menu.active ?? 0) };
}

function slider(scale, steps, run) {
  const { prefix = "", suffix = "" } = scale.currentvalue ?? {};
  const range = element("input", { type: "range", min: 0, max: steps.length - 1, value: scale.active ?? 0 });
  range.setAttribute("aria-label", scale.name || prefix.replace(/[\s:]+$/, "") || "Step");
  const value = element("output", {});
  const label = (step) => step.label ?? step.value ?? "";
  value.style.minWidth = `${Math.max(...steps.map((step) => `${prefix}${label(step)}${suffix}`.length))}ch`;
  const show = (place) => {
    range.value = place;
    value.textContent = `${prefix}${label(steps[place])}${suffix}`;
    range.setAttribute("aria-valuetext", value.textContent);
  };
  range.addEventListener("input", () => {
    show(range.value);
    run(steps[range.value].method, steps[range.value].args);
  });
  show(scale.active ?? 0);
  const follow = (frame) => {
    const place = steps.findIndex(({ method, args }) => method === "animate" && args?.[0]?.[0] === frame);
    if (place >= 0) show(place);
  };
  const parts = element("div", { class: "chart-slider" }, range, value);
  return { element: parts, follow, reset: () => show(scale.active ?? 0) };
}

/** An element with attributes and children. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
