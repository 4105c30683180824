/* Only adds to what links and forms do already: keys, the words of the claim one points at, more rows in place. */
(function () {
  "use strict";
  var typing = function (place) { return !!place.closest("input, select, textarea, [contenteditable]"); };
  var by = function (id) { return document.getElementById(id); };

  // j and k go through what is listed, Enter opens it
  function rows() { return Array.from(document.querySelectorAll("[data-walk] > li")); }
  function step(by) {
    var all = rows(), at = all.findIndex(function (row) { return row.classList.contains("at"); });
    if (!all.length) return;
    var next = Math.min(all.length - 1, Math.max(0, at + by));
    if (at >= 0) all[at].classList.remove("at");
    all[next].classList.add("at");
    all[next].scrollIntoView({ block: "nearest" });
    var link = all[next].querySelector("[data-open], a");
    if (link) link.focus({ preventScroll: true });
  }
  var keys = {
    j: function () { step(1); },
    k: function () { step(-1); },
    "/": function () { var seek = by("seek"); if (seek) { seek.focus(); seek.select(); } },
    "?": function () { var shown = by("keys"); if (shown && !shown.open) shown.showModal(); },
    t: function () { location.href = "/"; },
    n: function () { var more = document.querySelector(".more [rel=next]"); if (more) more.click(); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (Object.prototype.hasOwnProperty.call(keys, event.key)) { event.preventDefault(); keys[event.key](); }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-keys]")) { event.preventDefault(); by("keys").showModal(); }
    if (event.target.closest("[data-close]")) by("keys").close();
  });
  document.querySelectorAll("[data-scripted]").forEach(function (part) { part.hidden = false; });

  // which words of a report belong to the claim one is at
  function at(id) { var found = /^(r\d+)[cw](\d+)$/.exec(id || ""); return found && { key: found[1], number: found[2] }; }
  function mark(place, name, on) {
    if (!place) return;
    document.querySelectorAll('.text [data-c~="' + place.number + '"]').forEach(function (piece) {
      piece.classList.toggle(name, on);
    });
  }
  var chosen = null;
  function choose() { mark(chosen, "chosen", false); chosen = at(location.hash.slice(1)); mark(chosen, "chosen", true); }
  function point(event, on) {
    var claim = event.target.closest && event.target.closest(".claim, .ref");
    if (claim) mark(at(claim.id), "pointed", on);
  }
  addEventListener("hashchange", choose);
  choose();
  ["mouseover", "focusin"].forEach(function (name) { document.addEventListener(name, function (e) { point(e, true); }); });
  ["mouseout", "focusout"].forEach(function (name) { document.addEventListener(name, function (e) { point(e, false); }); });
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
