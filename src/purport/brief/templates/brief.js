/* Only adds to what links do already: show which words belong to the claim one is at, and open what is
   folded before printing. */
(function () {
  "use strict";
  function at(id) {
    var found = /^(r\d+)[cw](\d+)$/.exec(id || "");
    return found && { key: found[1], number: found[2] };
  }
  function mark(place, name, on) {
    if (!place) return;
    document
      .querySelectorAll("#" + place.key + ' .text [data-c~="' + place.number + '"]')
      .forEach(function (piece) { piece.classList.toggle(name, on); });
  }
  var chosen = null;
  function choose() {
    mark(chosen, "chosen", false);
    chosen = at(location.hash.slice(1));
    mark(chosen, "chosen", true);
  }
  function point(event, on) {
    var claim = event.target.closest && event.target.closest(".claim, .ref");
    if (claim) mark(at(claim.id), "pointed", on);
  }
  addEventListener("hashchange", choose);
  choose();
  ["mouseover", "focusin"].forEach(function (name) {
    document.addEventListener(name, function (event) { point(event, true); });
  });
  ["mouseout", "focusout"].forEach(function (name) {
    document.addEventListener(name, function (event) { point(event, false); });
  });
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
