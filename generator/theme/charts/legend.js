// The legend of a drawn chart for keys and screen readers: a button over each of its entries. Who comes by a pointer
// still has Plotly's own entries, for these let it through; a key does by Plotly's hands what a click would do.

const LEGEND_KEYS = "Enter hides or shows it, Shift and Enter show it alone, arrows go along the legend, Escape leaves.";

/** The buttons over the legends of a `plot` in `box`, one stop of the Tab key whose arrows go from entry to entry.
    `said(words)` is told what keys do there, and null when the focus leaves. Plotly draws legends anew as it likes:
    `update()` brings the buttons in step, and each keeps its place and the focus. */
function legend(box, plot, said) {
  const bar = element("div", { class: "chart-legend", role: "toolbar", "aria-label": "Legend" });
  const all = () => [...bar.children];
  const stop = (at) => all().forEach((one) => (one.tabIndex = one === at ? 0 : -1));
  const at = (button) => entries(plot)[all().indexOf(button)];

  const update = () => {
    const found = entries(plot);
    while (bar.children.length > found.length) bar.lastChild.remove();
    while (bar.children.length < found.length) bar.append(element("button", { type: "button", tabindex: -1 }));
    all().forEach((button, place) => lay(button, found[place], box));
    bar.hidden = !found.length;
    if (found.length && !all().some((button) => button.tabIndex === 0)) stop(bar.firstChild);
  };

  bar.addEventListener("click", (event) => choose(plot, at(event.target), event.shiftKey));
  bar.addEventListener("focusin", ({ target }) => {
    stop(target);
    uncover(at(target));
    update();
    said(LEGEND_KEYS);
  });
  bar.addEventListener("focusout", ({ relatedTarget: next }) => bar.contains(next) || said(null));
  bar.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const buttons = all();
    const here = buttons.indexOf(event.target);
    const [next, before] = [here + 1, here - 1];
    const places = { ArrowRight: next, ArrowDown: next, ArrowLeft: before, ArrowUp: before, Home: 0, End: -1 };
    if (event.key === "Escape") box.focus();
    else if (event.key in places) buttons.at(places[event.key] % buttons.length).focus();
    else return;
    event.preventDefault();
  });
  update();
  return { element: bar, update };
}

/** Clicks on an entry, twice for it alone; `once` says whether one click does something. */
function choose(plot, { toggle, once }, alone) {
  plot._legendMouseDownTime = 0; // two keys one after the other are no double click
  for (let times = alone || !once ? 2 : 1; times > 0; times--)
    for (const type of ["mousedown", "mouseup"]) toggle.dispatchEvent(new MouseEvent(type));
}

/** What can be clicked in the legends of a plot, titles of some and items, and whether one click does something. */
function entries(plot) {
  const found = [];
  for (const toggle of plot.querySelectorAll('.infolayer > [class^="legend"] rect[class$="toggle"]')) {
    const [, id, title] = toggle.getAttribute("class").match(/^(.*?)(title)?toggle$/);
    const { [`${title ?? "item"}click`]: once, [`${title ?? "item"}doubleclick`]: twice } = plot._fullLayout[id] ?? {};
    if (once || twice) found.push({ toggle, once });
  }
  return found;
}

/** Puts a button over an entry, with its name and its state: Plotly draws what it hides at half strength. */
function lay(button, { toggle }, box) {
  const words = toggle.parentNode.querySelector(":scope > text");
  const lines = words?.querySelectorAll(".line") ?? [];
  const name = lines.length ? [...lines].map((line) => line.textContent).join(" ") : words?.textContent;
  const faint = [toggle.parentNode, words].some((part) => part?.style.opacity === "0.5");
  button.setAttribute("aria-label", name?.trim() || "Unnamed");
  button.setAttribute("aria-pressed", String(!faint));
  const [at, from] = [toggle.getBoundingClientRect(), box.getBoundingClientRect()];
  const place = { left: at.left - from.left, top: at.top - from.top, width: at.width, height: at.height };
  for (const [side, length] of Object.entries(place)) button.style[side] = `${length}px`;
}

/** Scrolls a legend that is higher than its chart until an entry is in sight, by the wheel, as a reader would. */
function uncover({ toggle }) {
  const whole = toggle.closest(".infolayer > *");
  const ground = whole.querySelector(":scope > .bg").getBoundingClientRect();
  const away = () => {
    const { top, bottom } = toggle.getBoundingClientRect();
    return Math.min(0, top - ground.top) || Math.max(0, bottom - ground.bottom);
  };
  // The legend moves by a share of what the wheel turns: the first turn tells which.
  let turn = away();
  for (let tries = 0; tries < 4 && Math.abs(away()) > 1; tries++) {
    const before = away();
    whole.dispatchEvent(new WheelEvent("wheel", { deltaY: turn }));
    const moved = before - away();
    if (!moved) return;
    turn *= away() / moved;
  }
}
