/* Faults of the page as it is laid out now, as sentences. What is folded away is opened first. */
() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  for (const each of document.querySelectorAll("[class*='conditional--hidden']")) {
    each.className = each.className.replace(/\S+conditional--hidden/, "");
  }
  const faults = [];
  const REFERENCE = /^\s*[A-Z]+-[A-Z0-9]{4}-[A-Z0-9]{4}\s*$/, WORDS = /[\p{L}\p{N}’']+/gu, LONGEST = 22;
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const said = (node) => short(node.textContent || node.name || "");

  // For screen readers only, or not shown at all.
  const seen = new Map();
  const isSeen = (element) => {
    if (!element) return true;
    if (!seen.has(element)) {
      const style = getComputedStyle(element);
      const away =
        style.display === "none" || style.visibility === "hidden" || style.opacity === "0" ||
        style.clipPath !== "none" || (style.clip !== "auto" && style.position === "absolute") ||
        !element.checkVisibility();
      seen.set(element, !away && isSeen(element.parentElement));
    }
    return seen.get(element);
  };
  const boxOf = (element) => {
    while (getComputedStyle(element).display.startsWith("inline") && element.parentElement) {
      if (getComputedStyle(element).display === "inline-block") break;
      element = element.parentElement;
    }
    return element;
  };

  const sideways = document.documentElement.scrollWidth - window.innerWidth;
  if (sideways > 0) {
    const wide = [...document.body.querySelectorAll("*")].filter(
      (each) => isSeen(each) && each.getBoundingClientRect().right > window.innerWidth
    );
    const last = wide.length ? wide[wide.length - 1].outerHTML.slice(0, 90) : "";
    faults.push(`the page scrolls sideways by ${sideways} pixels: ${short(last)}`);
  }

  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim() || !isSeen(node.parentElement)) continue;
    if (["SCRIPT", "STYLE", "OPTION", "TEXTAREA"].includes(node.parentElement.tagName)) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((r) => r.width >= 1 && r.height >= 1);
    const box = boxOf(node.parentElement).getBoundingClientRect();
    for (const rect of rects) {
      pieces.push({ node, rect });
      if (rect.right > box.right + 1.5 || rect.left < box.left - 1.5) {
        faults.push(`"${said(node)}" is wider than its box`);
      }
    }
    // A reference that stands by itself stays in one line, a status of a task, and a word of ordinary length.
    if (rects.length < 2) continue;
    const isStatus = node.parentElement.closest(".govuk-task-list__status");
    if (isStatus || REFERENCE.test(node.textContent)) faults.push(`"${said(node)}" is broken`);
    for (const { 0: word, index } of node.textContent.matchAll(WORDS)) {
      if (word.length > LONGEST) continue;
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const parts = [...range.getClientRects()].filter((r) => r.width > 0.5);
      if (new Set(parts.map((r) => Math.round(r.top))).size > 1) {
        faults.push(`the word "${word}" is broken in "${said(node)}"`);
      }
    }
  }
  const controls = "input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), select, textarea";
  for (const node of document.querySelectorAll(controls)) {
    if (isSeen(node)) pieces.push({ node, rect: node.getBoundingClientRect() });
  }

  // Letters do not fill the height of their line, so a quarter of the lower one has to be covered.
  pieces.sort((one, other) => one.rect.top - other.rect.top);
  pieces.forEach(({ node, rect }, number) => {
    for (let next = number + 1; next < pieces.length && pieces[next].rect.top < rect.bottom; next++) {
      const other = pieces[next];
      if (other.node === node || node.contains(other.node) || other.node.contains(node)) continue;
      const across = Math.min(rect.right, other.rect.right) - Math.max(rect.left, other.rect.left);
      const down = Math.min(rect.bottom, other.rect.bottom) - other.rect.top;
      if (across > 1.5 && down > Math.min(rect.height, other.rect.height) / 4) {
        faults.push(`"${said(node)}" overlaps "${said(other.node)}"`);
      }
    }
  });
  return [...new Set(faults)];
};
