// What a small screen needs: figures that open in full size, and a sign on whatever scrolls sideways.

const SCROLLS = ".pst-scrollable-table-container, .cell_output .text_html, .bd-article pre";

// --- figures ---------------------------------------------------------------------------------------

function showInFullSize(picture) {
  const dialog = document.createElement("dialog");
  dialog.className = "full-size";
  dialog.setAttribute("aria-label", "Figure in full size");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  const room = document.createElement("div");
  room.tabIndex = 0;
  room.setAttribute("role", "region");
  room.setAttribute("aria-label", "Figure");
  const whole = document.createElement("img");
  whole.src = picture.src;
  whole.alt = picture.alt;
  room.append(whole);
  dialog.append(close, room);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function openFigure(event) {
  const link = event.target.closest("a.full-size");
  // With a key held down, the browser's own way: a new tab, a new window, a download.
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  showInFullSize(link.querySelector("img"));
}

// --- whatever is wider than the page ---------------------------------------------------------------

function nameOf(element) {
  const caption = element.querySelector("caption");
  if (caption) return caption.textContent.trim();
  const heads = [...element.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  return heads.length ? `Table of ${heads.join(", ")}` : "Wide text";
}

function markScrolling(element, number) {
  const left = element.scrollLeft;
  const more = element.scrollWidth - element.clientWidth;
  const scrolls = more > 1;
  element.classList.toggle("more-left", scrolls && left > 1);
  element.classList.toggle("more-right", scrolls && left < more - 1);
  if (scrolls) {
    element.tabIndex = 0;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", `${nameOf(element)} (${number + 1}, scrolls sideways)`);
  } else if (element.getAttribute("role") === "region") {
    for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
  }
}

function addHint(element) {
  const hint = document.createElement("p");
  hint.className = "scroll-hint";
  hint.setAttribute("aria-hidden", "true");
  hint.textContent = "The table goes on to the right →";
  element.after(hint);
}

function watchScrolling() {
  const all = [...document.querySelectorAll(SCROLLS)];
  const mark = () => all.forEach(markScrolling);
  all.forEach((element, number) => {
    if (element.querySelector("table")) addHint(element);
    element.addEventListener("scroll", () => markScrolling(element, number), { passive: true });
  });
  const sizes = new ResizeObserver(mark);
  all.forEach((element) => sizes.observe(element));
  // The theme gives wide elements a tabindex when the page has loaded; ours comes after it.
  window.addEventListener("load", () => setTimeout(mark, 0));
}

document.addEventListener("click", openFigure);
document.addEventListener("DOMContentLoaded", watchScrolling);
