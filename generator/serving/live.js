// The living page: shows what its author saves, at once, and what is wrong with it. Put into pages by `visualposts
// serve` alone, never into a file of the site.
//
// Each message is whole: {page, style, problems, running, notice}. The page is loaded anew when it is not the one that was
// served, at the same place, with the same folds open and the same charts drawn; its style is changed alone.
"use strict";

(() => {
  const { page, style } = document.currentScript.dataset;
  const KEPT = `visualposts ${location.pathname}`;
  let shown = style;
  let source = null;

  // ---- The same place after a reload

  const folds = () => [...document.querySelectorAll("details")];
  const name = (fold) => fold.id || fold.querySelector("summary")?.textContent.trim() || "";

  function leave() {
    const open = folds().filter((fold) => fold.open).map(name);
    const drawn = document.querySelectorAll('figure.chart:is([data-state="drawn"], [data-state="loading"])');
    const charts = [...drawn].map((figure) => figure.id);
    sessionStorage.setItem(KEPT, JSON.stringify({ x: scrollX, y: scrollY, open, charts }));
    location.reload();
  }

  function arrive() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    if (!kept) return;
    const open = [...kept.open];
    for (const fold of folds()) {
      const at = open.indexOf(name(fold));
      fold.open = at >= 0;
      if (at >= 0) open.splice(at, 1);
    }
    scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
    // A chart waits until its reader moves, or turns to it: the reader of these has.
    if (kept.charts.length) dispatchEvent(new Event("scroll"));
    for (const id of kept.charts) {
      document.querySelector(`#${CSS.escape(id)} .chart-box`)?.dispatchEvent(new PointerEvent("pointerenter"));
    }
  }

  // ---- A new style for the same page

  function restyle(mark) {
    shown = mark;
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const address = new URL(link.href);
      if (address.origin !== location.origin) continue;
      address.searchParams.set("live", mark);
      const fresh = link.cloneNode();
      fresh.href = address.href;
      fresh.addEventListener("load", () => link.remove()); // until then the page keeps the old one
      fresh.addEventListener("error", () => fresh.remove());
      link.after(fresh);
    }
  }

  // ---- What is said above the page

  const root = document.createElement("visualposts-live");
  const shadow = root.attachShadow({ mode: "open" });
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = "/_visualposts/live.css";
  const panel = element("section", "panel");
  panel.setAttribute("role", "alert");
  const badge = element("p", "badge");
  badge.setAttribute("role", "status");
  shadow.append(sheet, panel, badge);
  panel.hidden = badge.hidden = true;

  function element(tag, kind, text = "") {
    const made = document.createElement(tag);
    made.className = kind;
    made.textContent = text;
    return made;
  }

  function complain(problems) {
    panel.hidden = !problems.length;
    const close = element("button", "close", "×");
    close.type = "button";
    close.title = "Hide (Esc)";
    close.setAttribute("aria-label", "Hide");
    close.addEventListener("click", () => (panel.hidden = true));
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    const page = document.querySelector("main") ? ": the page is as it was before" : "";
    const heading = element("h2", "", `${count}${page}`);
    const list = element("ol", "");
    for (const { place, message, notes, hint } of problems) {
      const item = list.appendChild(element("li", ""));
      if (place) item.append(element("code", "place", place));
      item.append(element("p", "message", message));
      if (notes.length) item.append(element("pre", "notes", notes.join("\n")));
      if (hint) item.append(element("p", "hint", hint));
    }
    panel.replaceChildren(heading, close, list);
  }

  function announce(running, notice) {
    badge.hidden = !running.length && !notice;
    const [first, ...others] = running;
    if (notice || !first) {
      badge.textContent = notice;
      return;
    }
    const more = others.length ? `, and ${others.length} more` : "";
    badge.textContent = `computing ${first.source}${first.text && `: ${first.text}`}${more}`;
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") panel.hidden = true;
  });

  // ---- The line to the server: only a page that is looked at has one, since browsers allow six to a host

  let before = "";

  function hear({ data }) {
    const news = JSON.parse(data);
    if (news.page !== page) {
      source.close();
      leave();
      return;
    }
    if (news.style !== shown) restyle(news.style);
    announce(news.running, news.notice);
    const problems = JSON.stringify(news.problems);
    if (problems !== before) complain(news.problems); // one that was hidden stays so until there is another
    before = problems;
  }

  function listen() {
    if (document.visibilityState === "hidden") {
      source?.close();
      source = null;
    } else if (!source || source.readyState === EventSource.CLOSED) {
      source = new EventSource(`/_visualposts/events?page=${encodeURIComponent(location.pathname)}`);
      source.addEventListener("message", hear);
      source.addEventListener("error", () => {
        badge.hidden = false;
        badge.textContent = "visualposts serve has ended, or is not to be reached";
      });
    }
  }

  document.body.append(root);
  arrive();
  listen();
  document.addEventListener("visibilitychange", listen);
  addEventListener("pageshow", listen);
  addEventListener("pagehide", () => source?.close());
})();
