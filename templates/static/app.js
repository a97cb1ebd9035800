// Shortcuts and small comforts. Everything here is also a link or a button; without script nothing is lost.
(function () {
  "use strict";
  var off = false;
  try { off = localStorage.getItem("pintasan") === "mati"; } catch (e) { /* no storage, no preference */ }

  var wrong = document.getElementById("galat");
  if (wrong) { wrong.focus(); }

  var pending = "";
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("a.subject, .register tbody a.clamp")); }
  function step(by) {
    var all = rows(), at = all.indexOf(document.activeElement);
    var next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (next) { next.focus(); }
  }
  function go(selector) {
    var link = document.querySelector(selector);
    // A button acts at once: the key only leads to it, Enter presses it.
    if (link) { if (link.tagName === "BUTTON") { link.focus(); } else { link.click(); } return true; }
    return false;
  }
  document.addEventListener("keydown", function (event) {
    var field = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.ctrlKey && event.key === "Enter" && field && field.form) {
      var main = field.form.querySelector(".btn-main");
      if (main) { event.preventDefault(); main.click(); }
      return;
    }
    if (off || field || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var key = event.key.toLowerCase(), done = true;
    if (pending === "g" && key === "m") { done = go(".nav a"); }
    else if (key === "/") { var box = document.getElementById("cari"); if (box && box.offsetParent) { box.focus(); } else { done = go(".find button"); } }
    else if (key === "j") { step(1); }
    else if (key === "k") { step(-1); }
    else if (key === "?") { done = go("a[data-kunci='?']"); }
    else { done = /^[a-z]$/.test(key) && go("[data-kunci='" + key + "']"); }
    pending = key === "g" ? "g" : "";
    if (done) { event.preventDefault(); }
  });

  var box = document.getElementById("pintasan-nyala");
  if (box) {
    box.closest("p").hidden = false;
    box.checked = !off;
    box.addEventListener("change", function () {
      off = !box.checked;
      try { localStorage.setItem("pintasan", off ? "mati" : "nyala"); } catch (e) { /* stays for this page */ }
    });
  }
}());
