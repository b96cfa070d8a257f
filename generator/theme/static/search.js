// The search: asks the index that Pagefind made of the site, as one types, and shows what it finds as a list of links.
//
// The index is a module and files that it fetches: on a server they come from the site itself; from disk a browser
// refuses both, and the page says so. What is looked for stands in the address (?q=…), so that a search can be linked
// and found again by the back button.
"use strict";

(() => {
  const { root, index } = document.currentScript.dataset;
  const form = document.querySelector("form.search");
  const input = form.querySelector("input");
  const status = document.querySelector(".search-status");
  const list = document.querySelector(".results");
  const more = document.querySelector(".more");
  const PAGE = 10; // results shown at a time
  const PARTS = 3; // sections shown of one page
  const PAUSE = 150; // milliseconds without a key, after which a search begins

  if (location.protocol === "file:") {
    document.querySelector(".on-disk").hidden = false;
    return;
  }
  form.hidden = false;

  // ---- The index

  let loading = null;
  function pagefind() {
    loading ??= import(new URL(index, document.baseURI)).then(async (module) => {
      await module.options({ excerptLength: 30 });
      await module.init();
      return module;
    });
    return loading;
  }

  // ---- The list

  /** An element with a class and children; strings become text. */
  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  /** Pagefind's excerpt, words and <mark>s, as nodes: nothing else in it becomes an element. */
  function excerpt(text) {
    const plain = (part) => new DOMParser().parseFromString(part, "text/html").documentElement.textContent;
    const parts = text.split(/<mark>(.*?)<\/mark>/s);
    return parts.map((part, place) => (place % 2 ? make("mark", "", plain(part)) : pieces(part, plain))).flat();
  }

  /** Text between marks, whose blanks at both ends a parser would drop. */
  function pieces(part, plain) {
    const [, before, inner, after] = part.match(/^(\s*)(.*?)(\s*)$/s);
    return [before, inner && plain(inner), after].filter(Boolean);
  }

  function link(title, path) {
    const anchor = make("a", "", title);
    anchor.href = root + path.replace(/^\//, "");
    return anchor;
  }

  function shown({ raw_url: path, excerpt: text, meta, sub_results: parts }) {
    const item = make("li", "", make("h2", "", link(meta.title, path)));
    if (meta.date) {
      const time = make("time", "", meta.date);
      time.dateTime = meta.day;
      item.append(make("p", "meta", time));
    }
    const sections = parts.filter((part) => part.anchor);
    if (parts.length > sections.length || !sections.length) item.append(make("p", "excerpt", ...excerpt(text)));
    if (sections.length) {
      const inner = sections.slice(0, PARTS).map((part) =>
        make("li", "", link(part.title, `${path}#${part.anchor.id}`), make("p", "excerpt", ...excerpt(part.excerpt))));
      item.append(make("ul", "sections", ...inner));
    }
    return item;
  }

  let results = [];

  async function append() {
    const asked = results;
    const next = asked.slice(list.children.length, list.children.length + PAGE);
    const found = await Promise.all(next.map((result) => result.data()));
    if (asked !== results) return null; // the reader typed on
    const items = found.map(shown);
    list.append(...items);
    more.hidden = list.children.length >= results.length;
    return items[0];
  }

  // ---- The search

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  let last = null;
  let asked = 0;

  async function search() {
    const words = input.value.trim();
    if (words === last) return;
    last = words;
    asked += 1;
    const turn = asked;
    const address = new URL(location.href);
    if (words) address.searchParams.set("q", words);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    if (!words) {
      results = [];
      list.replaceChildren();
      more.hidden = true;
      say("");
      return;
    }
    try {
      const found = await (await pagefind()).search(words);
      if (turn !== asked) return;
      results = found.results;
      list.replaceChildren();
      more.hidden = true;
      await append();
      if (turn !== asked) return;
      const count = results.length === 1 ? "One page" : `${results.length} pages`;
      say(results.length ? `${count} with “${words}”` : `No page with “${words}”`);
    } catch (error) {
      if (turn !== asked) return;
      console.error("search:", error);
      say("The search could not be loaded. Are you online?");
      loading = null;
      last = null;
    }
  }

  let pause = 0;
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, PAUSE);
  });
  input.addEventListener("focus", () => pagefind().catch(() => {}), { once: true }); // ready when the first word is
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    search();
  });
  more.addEventListener("click", async () => {
    const first = await append();
    first?.querySelector("a").focus();
  });

  // ---- Arrows lead from the box through the list and back

  function step(event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const stops = [input, ...list.querySelectorAll("a")];
    const place = stops.indexOf(document.activeElement);
    if (place < 0 || !stops[place + way]) return;
    event.preventDefault();
    stops[place + way].focus();
  }
  form.addEventListener("keydown", step);
  list.addEventListener("keydown", step);

  const read = () => {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    search();
  };
  addEventListener("popstate", read);
  read();
  if (!matchMedia("(hover: none)").matches) input.focus(); // a phone's keyboard would hide the page
})();
