// Links to folders, for a site opened from disk: a browser lists the folder there, where a server sends its index.html.
"use strict";

if (location.protocol === "file:") {
  for (const link of document.querySelectorAll("a[href]")) {
    if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }
}
