// The theme: light, dark, or the system's. It runs in the head, before the first paint, so that no other theme flashes.
//
// A reader's choice stands on <html data-theme> and in localStorage; without one the system decides. What asks the system
// by itself, pictures and the browser's frame, is told through its media attribute; whoever else wants to know listens
// for "themechange" on the document.
"use strict";

(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const ASKING = "source[media*=prefers-color-scheme], meta[media*=prefers-color-scheme], [data-media]";

  /** "light", "dark", or "" for the system's. */
  function remembered() {
    try {
      const theme = localStorage.getItem("theme");
      return theme === "light" || theme === "dark" ? theme : "";
    } catch {
      return ""; // a browser may refuse storage
    }
  }

  function remember(theme) {
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {
      // then it holds for this page
    }
  }

  /** Let `element` match as if the system had the theme. */
  function convince(element, theme) {
    const written = (element.dataset.media ??= element.media);
    const wanted = theme
      ? written.replace(/\(prefers-color-scheme: (light|dark)\)/g, (_, asked) =>
          asked === theme ? "(min-width: 0px)" : "(max-width: 0px)")
      : written;
    if (element.media !== wanted) element.media = wanted; // to write the same makes a picture choose again
  }

  function wear(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const element of document.querySelectorAll(ASKING)) convince(element, theme);
  }

  function label(button, theme) {
    button.title = button.dataset[theme || "system"];
    button.setAttribute("aria-label", button.title);
  }

  let theme = remembered();
  wear(theme);
  // Pictures that come in while the page is read must not fetch the other theme's first.
  const watch = new MutationObserver(() => wear(theme));
  if (theme) watch.observe(root, { childList: true, subtree: true });

  document.addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    wear(theme);
    const button = document.querySelector(".theme-toggle");
    if (!button) return;
    const told = document.querySelector(".theme-toggle + [role=status]");
    const turn = (to) => {
      theme = to;
      wear(theme);
      label(button, theme);
      document.dispatchEvent(new Event("themechange"));
    };
    label(button, theme);
    button.hidden = false;
    button.addEventListener("click", () => {
      // The first press always changes what one sees; the third leads back to the system's.
      const [first, second] = system.matches ? ["light", "dark"] : ["dark", "light"];
      turn(theme === "" ? first : theme === first ? second : "");
      remember(theme);
      if (told) told.textContent = button.title;
    });
    const follow = () => {
      if (theme !== remembered()) turn(remembered());
    };
    addEventListener("storage", follow); // another tab
    addEventListener("pageshow", follow); // back from a page where it was changed
    // Paper is light, but a picture that chose the dark one would be blank if it chose anew now: the sheet turns it over.
    addEventListener("beforeprint", () => {
      root.toggleAttribute("data-dark-pictures", theme ? theme === "dark" : system.matches);
    });
    addEventListener("afterprint", () => root.removeAttribute("data-dark-pictures"));
  });
})();
