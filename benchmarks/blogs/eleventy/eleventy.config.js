import { readFileSync } from "node:fs";
import rss from "@11ty/eleventy-plugin-rss";
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";
import footnotes from "markdown-it-footnote";

const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });
const charts = new Map();

// Quicker than Liquid's own include: each file is read once.
function chart(name) {
  if (!charts.has(name)) charts.set(name, readFileSync(`_includes/charts/${name}.html`, "utf8"));
  return charts.get(name);
}

export default function (eleventy) {
  eleventy.addPlugin(syntaxHighlight);
  eleventy.addPlugin(rss);
  eleventy.amendLibrary("md", (markdown) => markdown.use(footnotes));
  eleventy.addPassthroughCopy({ public: "/" });
  eleventy.addShortcode("chart", chart);
  eleventy.addFilter("day", (date) => day.format(date));
  eleventy.addFilter("iso", (date) => date.toISOString().slice(0, 10));
  eleventy.addFilter("head", (list, count) => list.slice(0, count));
  eleventy.addCollection("posts", (all) => all.getFilteredByGlob("posts/*.md"));
  eleventy.addCollection("tagNames", (all) =>
    [...new Set(all.getFilteredByGlob("posts/*.md").flatMap((post) => post.data.tags ?? []))].sort(),
  );
}
