/* Judging with the keyboard, in place; and words of a report chosen with the mouse. All of it works by forms, too. */
(function () {
  "use strict";
  var typing = function (place) { return !!place.closest("input, select, textarea, [contenteditable]"); };

  // what stands beside the claim one is at: in the row, or the only one of the page
  function box() {
    var row = document.querySelector("[data-walk] > .at");
    if (row) return row.querySelector("[data-judge]");
    var all = document.querySelectorAll("[data-judge]");
    return all.length === 1 || (all.length && !document.querySelector("[data-walk] > li [data-judge]")) ? all[0] : null;
  }

  function put(place, page) {
    var made = new DOMParser().parseFromString(page, "text/html"), found = made.querySelector("[data-judge]");
    if (!found) return tell(place, (made.querySelector("main .lead, main p") || made.body).textContent.trim());
    place.replaceWith(found);
    var first = found.querySelector(".asking [autofocus]");
    if (first) { first.focus(); if (first.select) first.select(); }
    else { var at = found.closest("li.at"), link = at && at.querySelector("[data-open], a"); if (link) link.focus({ preventScroll: true }); }
  }
  function tell(place, said) {
    var old = place.querySelector("[role=alert]");
    if (old) old.remove();
    var line = document.createElement("p");
    line.setAttribute("role", "alert"); line.className = "ailing"; line.textContent = said;
    place.append(line);
  }
  function ask(place, address, given) {
    place.setAttribute("aria-busy", "true");
    var how = { headers: { "HX-Request": "true" }, credentials: "same-origin" };
    if (given) { how.method = "POST"; how.body = given; }
    fetch(address, how)
      .then(function (answer) {
        if (answer.redirected && !/\/judged?(\?|$)/.test(answer.url)) { location.href = answer.url; return ""; }
        return answer.text();
      })
      .then(function (page) { if (page) put(place, page); })
      .catch(function () { tell(place, "The desk did not answer. Is it still open?"); })
      .then(function () { place.removeAttribute("aria-busy"); });
  }

  document.addEventListener("submit", function (event) {
    var place = event.target.closest("[data-judge]");
    if (!place) return;
    event.preventDefault();
    var given = new URLSearchParams(new FormData(event.target)), by = event.submitter;
    if (by && by.name) given.set(by.name, by.value);
    ask(place, event.target.action, given);
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-open-form]"), place = link && link.closest("[data-judge]");
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    var back = place.querySelector("[name=back]").value;
    ask(place, link.href + "&back=" + encodeURIComponent(back));
  });

  var does = "yxemaub";
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.closest(".asking")) {
      var open = event.target.closest("[data-judge]"), form = event.target.closest(".asking");
      form.remove();
      var again = open.querySelector("[data-do]");
      if (again) again.focus();
      return;
    }
    if (typing(event.target)) return;
    if (does.indexOf(event.key) >= 0 && event.key.length === 1) {
      var place = box(), what = place && place.querySelector('[data-do="' + event.key + '"]');
      if (what) { event.preventDefault(); what.click(); }
    }
    var digit = /^(?:Digit|Numpad)([1-4])$/.exec(event.code);
    if (digit && form_()) { event.preventDefault(); pick(["source", "cue", "content", "speaker"][digit[1] - 1], event.shiftKey); }
  });

  // Correcting: which words were selected, in code points of the report's text
  function form_() { return document.querySelector("[data-correct]"); }
  var text = document.querySelector(".report .text");
  var points = function (words) { return Array.from(words).length; };
  var kept = null;

  function chosen() {
    var all = getSelection();
    if (!all.rangeCount || all.isCollapsed) return null;
    var range = all.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    var before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    var words = range.toString(), bare = words.trim(), start = points(before.toString());
    start += points(words.slice(0, words.length - words.trimStart().length));
    return bare ? { start: start, end: start + points(bare), words: bare.replace(/\s+/g, " ") } : null;
  }
  function spans(at) {
    return (at.match(/\d+\s*[-–]\s*\d+/g) || []).map(function (one) { return one.split(/[-–]/).map(Number); });
  }
  function place(start) { // the node and the offset in it at which so many code points of the text are over
    var walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), node, left = start;
    while ((node = walk.nextNode())) {
      var all = Array.from(node.data);
      if (left <= all.length) return [node, all.slice(0, left).join("").length];
      left -= all.length;
    }
    return null;
  }
  function show() { // what is chosen so far, marked in the text where the browser can
    if (!window.CSS || !CSS.highlights || !text || !form_()) return;
    document.querySelectorAll("[data-at]").forEach(function (field) {
      var ranges = spans(field.value).map(function (span) {
        var from = place(span[0]), to = place(span[1]), range = document.createRange();
        if (!from || !to) return null;
        range.setStart(from[0], from[1]); range.setEnd(to[0], to[1]);
        return range;
      }).filter(Boolean);
      CSS.highlights.set("now-" + field.dataset.at, new Highlight(...ranges));
    });
  }
  function pick(role, more) {
    var form = form_(), found = chosen() || kept;
    if (!form || !found) return;
    if (role === "speaker") {
      var choice = form.querySelector("[data-speaker]"), at = found.start + "-" + found.end;
      var option = Array.from(choice.options).find(function (one) { return one.value === at; });
      if (!option) { option = new Option(found.words, at); choice.add(option); }
      choice.value = at;
      form.querySelector("[data-speaker-words]").value = "";
      return;
    }
    var field = form.querySelector('[data-role="' + role + '"]'), place = form.querySelector('[data-at="' + role + '"]');
    var pieces = more ? spans(place.value) : [];
    pieces = pieces.filter(function (one) { return one[1] <= found.start || one[0] >= found.end; });
    pieces.push([found.start, found.end]);
    pieces.sort(function (a, b) { return a[0] - b[0]; });
    place.value = pieces.map(function (one) { return one.join("-"); }).join(", ");
    field.value = read(pieces);
    show();
  }
  function read(pieces) { // the words of the pieces, as the desk writes them: … where something is left out
    var all = Array.from(text.textContent), shown = "", last = -1;
    pieces.forEach(function (one) {
      if (last >= 0) shown += all.slice(last, one[0]).join("").trim() ? " … " : " ";
      shown += all.slice(one[0], one[1]).join("");
      last = one[1];
    });
    return shown.replace(/\s+/g, " ").trim();
  }
  if (text && form_()) {
    document.addEventListener("selectionchange", function () { kept = chosen() || kept; });
    document.addEventListener("mousedown", function (event) { if (event.target.closest("[data-pick]")) event.preventDefault(); });
    document.addEventListener("click", function (event) {
      var button = event.target.closest("[data-pick]");
      if (button) pick(button.dataset.pick, "more" in button.dataset);
    });
    form_().addEventListener("input", function (event) { // words that were typed have no place until the desk finds one
      var role = event.target.dataset && event.target.dataset.role;
      if (role) { form_().querySelector('[data-at="' + role + '"]').value = ""; show(); }
    });
    show();
  }
})();
