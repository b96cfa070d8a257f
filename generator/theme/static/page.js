// The page: links to folders on a disk, a key for the search, buttons that copy code, contents that follow the reading. Nothing here is needed
// to read: without it the page lacks the buttons, and the mark in the contents.
"use strict";

(() => {
  const root = document.documentElement;
  const words = { ...document.currentScript.dataset }; // in the page's language, from base.html

  // ---- From disk a browser lists a folder, where a server sends its index.html.

  if (location.protocol === "file:") {
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
    }
  }

  // ---- The key / leads to the search, wherever it isn't typed into something

  const search = document.querySelector("a[aria-keyshortcuts='/']");
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const box = document.getElementById("search");
    if (!box && !search) return;
    event.preventDefault();
    if (box) box.focus();
    else search.click();
  });

  // ---- Copy buttons

  /** The code as one would type it: a session without its prompts and what it printed. */
  function typed(code) {
    const copy = code.cloneNode(true);
    if (copy.querySelector(".gp")) {
      for (const span of copy.querySelectorAll(".go, .gt, .gr")) span.remove();
      for (const span of copy.querySelectorAll(".gp")) { // with the indentation of what follows
        span.textContent = span.textContent.replace(/^(In \[\d+\]:|\S+) ?/, "");
      }
      return copy.textContent.replace(/^\n+/, "").replace(/\n{2,}/g, "\n");
    }
    return copy.textContent;
  }

  /** The way of pages that have no clipboard of their own: those on plain http. */
  function copyOld(text) {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return done;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyOld(text);
    }
  }

  for (const box of document.querySelectorAll(".highlight")) {
    const code = box.querySelector("pre code");
    if (!code) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    let back = 0;
    button.addEventListener("click", async () => {
      button.textContent = (await copy(typed(code))) ? words.copied : words.failed;
      clearTimeout(back);
      back = setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
    button.setAttribute("aria-live", "polite");
    box.append(button);
  }

  // ---- The contents: open beside the text, and marked where the reader is

  const contents = document.querySelector(".toc");
  const wide = matchMedia("(min-width: 56rem)"); // as in style.css
  const entries = [];
  for (const link of contents ? contents.querySelectorAll("a[href^='#']") : []) {
    const heading = document.getElementById(link.getAttribute("href").slice(1));
    if (heading) entries.push({ link, heading });
  }

  /** The last section whose heading is in the upper part of the window or above; at the end of the page, the last. */
  function here() {
    const end = innerHeight + scrollY >= root.scrollHeight - 2;
    const line = end ? innerHeight : 0.3 * innerHeight;
    return entries.findLast(({ heading }) => heading.getBoundingClientRect().top <= line);
  }

  let marked;
  let asked = false;

  function mark() {
    asked = false;
    const entry = here();
    if (entry === marked) return;
    marked?.link.removeAttribute("aria-current");
    marked = entry;
    if (!entry) return;
    entry.link.setAttribute("aria-current", "true");
    const { top, bottom } = entry.link.getBoundingClientRect();
    const frame = contents.getBoundingClientRect();
    if (top < frame.top || bottom > frame.bottom) contents.scrollTop += top - frame.top - frame.height / 3;
  }

  function follow() {
    if (asked || !wide.matches) return;
    asked = true;
    requestAnimationFrame(mark);
  }

  if (entries.length) {
    const open = () => {
      if (wide.matches) contents.querySelector("details").open = true;
      follow();
    };
    wide.addEventListener("change", open);
    addEventListener("scroll", follow, { passive: true });
    addEventListener("resize", follow, { passive: true });
    open();
  }
})();
