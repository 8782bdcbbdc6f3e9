// The texts of a page that lie over one another, each as "one / other". What is clipped or scrolled away is not there.
const clipped = (rect, node) => {
  let {left, top, right, bottom} = rect;
  for (let each = node.parentElement; each && each !== document.body; each = each.parentElement) {
    const style = getComputedStyle(each);
    if (style.clipPath !== "none" || style.visibility !== "visible") return null;
    if (style.overflowX === "visible" && style.overflowY === "visible") continue;
    const box = each.getBoundingClientRect();
    [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
    [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
  }
  return right - left > 1 && bottom - top > 1 ? {left, top, right, bottom, text: node.data.trim()} : null;
};
const seen = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const range = document.createRange();
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.data.trim() || node.parentElement.closest("script, style")) continue;
  range.selectNodeContents(node);
  for (const rect of range.getClientRects()) {
    const box = clipped(rect, node);
    if (box) seen.push(box);
  }
}
seen.sort((a, b) => a.top - b.top);
const over = new Set();
seen.forEach((a, i) => {
  for (const b of seen.slice(i + 1)) {
    if (b.top >= a.bottom) break;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - b.top;
    // A font's box is higher than a line may be, so neighbouring lines touch.
    if (wide > 1 && high > Math.min(a.bottom - a.top, b.bottom - b.top) / 3) over.add(`${a.text} / ${b.text}`);
  }
});
return [...over].slice(0, 20);
