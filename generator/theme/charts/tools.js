// Tools of a chart: the row of words below it, one stop of the Tab key, whose arrows go from tool to tool.

/** The row of tools of `chart`; `update()` says what fits its state. */
function toolbar(chart) {
  const bar = element("div", { class: "chart-tools", role: "toolbar", "aria-label": "Tools of this chart" });
  const said = element("span", { class: "chart-said", role: "status" });
  const touch = matchMedia("(any-pointer: coarse)");

  const say = (text) => {
    said.textContent = text;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => (said.textContent = ""), 5000);
  };
  const tool = (name, words, act) => {
    const made = element("button", { type: "button", "data-tool": name }, words);
    made.addEventListener("click", act);
    bar.append(made);
    return made;
  };
  /** A link to what `found`, a link in the data of the chart, leads to. */
  const lead = (name, words, found) => {
    if (!found) return;
    const link = element("a", { href: found.getAttribute("href"), "data-tool": name, title: found.textContent }, words);
    if (found.hasAttribute("download")) link.download = found.download;
    bar.append(link);
  };

  const explore = tool("explore", "Explore", () => {
    if (chart.state === "drawn" && !touch.matches) chart.reset();
    else if (chart.state === "drawn") chart.active = !chart.active;
    else chart.draw().then(() => (chart.active = touch.matches && chart.state === "drawn"));
  });
  const reset = tool("reset", "Reset", () => chart.reset());
  const full = tool("full", "Full screen", () =>
    document.fullscreenElement === chart.figure ? document.exitFullscreen() : enlarge(chart),
  );
  const pictures = ["png", "svg"].map((format) =>
    tool(format, format.toUpperCase(), () => save(chart, format).catch(() => say("The picture could not be saved."))),
  );
  const files = [...chart.figure.querySelectorAll(".chart-files a")];
  lead("csv", "CSV", files.find((file) => /\.csv$/.test(file.pathname)));
  const link = element("a", { href: `#${chart.figure.id}`, "data-tool": "link", title: "Copy the link" }, "Link");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    copy(link.href).then(
      () => say("Link copied."),
      () => say("The link is in the address bar."),
    );
  });
  bar.append(link);
  lead("code", "Code", files.find((file) => !file.hasAttribute("download")));
  bar.append(said);

  const all = [...bar.querySelectorAll("button, a")];
  const shown = () => all.filter((one) => !one.hidden);
  const stop = (at) => all.forEach((one) => (one.tabIndex = one === at ? 0 : -1));
  bar.addEventListener("focusin", (event) => all.includes(event.target) && stop(event.target));
  bar.addEventListener("keydown", (event) => {
    const places = shown();
    const here = places.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    places.at(to % places.length).focus();
  });

  const update = () => {
    const { state } = chart;
    const failed = state === "failed";
    const whileDrawn = !touch.matches ? "Reset" : chart.active ? "Done" : "Explore";
    explore.textContent = { loading: "Loading…", failed: "Try again", drawn: whileDrawn }[state] ?? "Explore";
    explore.setAttribute("aria-disabled", String(state === "loading"));
    reset.hidden = !chart.active;
    full.hidden = failed || !document.fullscreenEnabled;
    full.textContent = document.fullscreenElement === chart.figure ? "Close" : "Full screen";
    for (const picture of pictures) picture.hidden = failed;
    if (!shown().includes(all.find((one) => one.tabIndex === 0))) stop(explore);
  };
  stop(explore);
  return { element: bar, update };
}

async function enlarge(chart) {
  await chart.figure.requestFullscreen();
  await chart.draw();
}

/** Saves the chart as the reader sees it, twice as fine as most screens. */
async function save(chart, format) {
  await chart.draw();
  const { clientWidth: width, clientHeight: height } = chart.plot;
  const scale = format === "png" ? 2 : 1;
  await Plotly.downloadImage(chart.plot, { filename: chart.name, format, width, height, scale });
}

/** The link to the clipboard and to the address bar, without a jump. */
async function copy(address) {
  history.replaceState(history.state, "", address);
  await navigator.clipboard.writeText(address);
}
