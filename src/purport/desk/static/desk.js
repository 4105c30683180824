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
    r: function () { location.href = "/review"; },
    h: hide,
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

  // all footage away at once, and on every page from now on, until it is asked for again
  function hide() {
    document.cookie = "purport-hidden=1; path=/; samesite=strict" + (location.protocol === "https:" ? "; secure" : "");
    document.documentElement.setAttribute("data-hidden", "");
    document.querySelectorAll("video, audio").forEach(function (one) { one.pause(); one.removeAttribute("src"); one.load(); });
    var said = by("veiled");
    if (said) said.hidden = false;
  }
  document.querySelectorAll("[data-hide]").forEach(function (form) {
    form.addEventListener("submit", function (event) { event.preventDefault(); hide(); form.hidden = true; });
  });

  // two films that show the same: what is done to the left one is done to the other, by the times that were aligned
  document.querySelectorAll("[data-beside]").forEach(function (place) {
    var films = place.querySelectorAll("video"), left = films[0], right = films[1], slider = by("instant");
    var told = place.querySelectorAll("[data-time]"), set = place.dataset;
    var here = +set.here, end = +set.end, there = +set.there, speed = +set.speed || 1;
    function other(time) { return Math.max(0, there + (time - here) * speed); }
    function clock(time) { return Math.floor(time / 60) + ":" + ("0" + (time % 60).toFixed(1)).slice(-4); }
    function follow(close) {
      var want = other(left.currentTime);
      if (Math.abs(right.currentTime - want) > close) right.currentTime = want;
      slider.value = left.currentTime;
      told[0].textContent = clock(left.currentTime); told[1].textContent = clock(want);
    }
    function go(time) { left.currentTime = Math.min(end, Math.max(here, time)); }
    left.addEventListener("seeking", function () { follow(0.02); });
    left.addEventListener("timeupdate", function () {
      follow(0.15);
      if (left.currentTime >= end && !left.paused) left.pause();
    });
    left.addEventListener("play", function () { right.playbackRate = speed; right.play(); state(true); });
    left.addEventListener("pause", function () { right.pause(); follow(0.02); state(false); });
    slider.addEventListener("input", function () { go(+slider.value); });
    function state(playing) {
      var button = document.querySelector('[data-go="play"]');
      button.setAttribute("aria-pressed", playing); button.textContent = playing ? "Stop both" : "Play both";
    }
    document.addEventListener("click", function (event) {
      var button = event.target.closest("[data-go]"), link = event.target.closest("[data-instant]");
      if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); go(+link.dataset.instant); place.scrollIntoView({ block: "nearest" }); }
      if (!button) return;
      if (button.dataset.go !== "play") go(left.currentTime + (+button.dataset.go));
      else if (left.paused) { if (left.currentTime >= end) go(here); left.play(); } else left.pause();
    });
  });

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
