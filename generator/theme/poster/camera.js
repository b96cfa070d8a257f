// The camera: lets Kaleido's Plotly.toImage take every poster of a chart at once, in the look of the site's own client.
//
// Kaleido loads its page anew after each picture, plotly.js included; so one call answers with all of them, as JSON.
"use strict";

(() => {
  const variants = JSON.parse(document.currentScript.dataset.variants); // [name, width, light or dark]
  const toImage = Plotly.toImage;

  /** The figure as the client draws it in a box of this size, as a PNG in base64. */
  async function taken(text, width, asked, scale, scheme) {
    const height = visualposts.wanted(JSON.parse(text).layout, width) || asked; // that of scenes one below the other
    const root = document.documentElement;
    root.dataset.theme = root.style.colorScheme = scheme;
    const box = document.body.appendChild(document.createElement("div"));
    box.className = "chart-box";
    box.style.cssText = `width: ${width}px; height: ${height}px`;
    const { figure } = visualposts.dressed(box, JSON.parse(text));
    figure.config = { ...figure.config, plotGlPixelRatio: scale };
    const url = await toImage(figure, { format: "png", width, height, scale });
    box.remove();
    return url.slice(url.indexOf(",") + 1);
  }

  Plotly.toImage = async ({ data, layout }, { height, scale }) => {
    const text = JSON.stringify({ data, layout }); // Plotly writes into what it draws
    const pictures = {};
    for (const [name, width, scheme] of variants) pictures[name] = await taken(text, width, height, scale, scheme);
    return JSON.stringify(pictures);
  };
})();
