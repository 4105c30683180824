// Finds claims in the list that this page carries. Nothing is asked of anybody, and words are only ever set as text.
"use strict";
const held = JSON.parse(document.getElementById("claims").textContent);
const box = document.getElementById("words"), list = document.getElementById("found"), told = document.getElementById("told");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const MOST = 100;
const entries = held.claims.map((one) => ({ one, words: plain([one[1], one[2], one[3], one[4], held.reports[one[0]][1], held.reports[one[0]][2]].join(" ")) }));
function put(name, text, kind) {
  const made = document.createElement(name);
  made.textContent = text;
  made.dir = "auto";
  if (kind) made.className = kind;
  return made;
}
function show() {
  const asked = plain(box.value).split(/\s+/).filter(Boolean);
  const found = asked.length ? entries.filter((entry) => asked.every((word) => entry.words.includes(word))) : [];
  list.replaceChildren(...found.slice(0, MOST).map(({ one }) => {
    const report = held.reports[one[0]], row = document.createElement("li"), link = put("a", one[3] || one[2]);
    link.href = `report/${report[0]}.html#r1c${one[5]}`;
    const head = put("p", ""), quote = document.createElement("blockquote"), about = put("p", "", "about");
    head.append(put("span", one[1], "who"), " ", put("span", one[2], "how"), " ", one[4] ? put("span", one[4], "mark") : "");
    quote.append(link);
    about.append(...[report[1], report[2], report[3]].filter(Boolean).map((text) => put("span", text)));
    row.append(head, quote, about);
    return row;
  }));
  told.textContent = !asked.length ? "" : found.length > MOST ? `${found.length} claims; the first ${MOST} are shown.` : found.length === 1 ? "1 claim." : `${found.length} claims.`;
}
box.disabled = false;
box.addEventListener("input", show);
box.focus();
show();
