// Walks every text of a page against its real ground. Answers what is too faint, cut off, or too
// small for a thumb. Exempt: the faded original of a card being dragged, and what reads as off.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    const given = text.match(/^rgba?\(([^)]+)\)$/);
    if (given) {
      const [r, g, b, a = 1] = given[1].split(/[ ,/]+/).map(Number);
      return [r, g, b, a];
    }
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => {
      const s = v / 255;
      return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] >= 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && !element.closest(".sr");
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.matches("script, style, option, template") || !seen(element)) continue;
    if (element.closest(".ghost, .wait, :disabled")) continue;
    const style = getComputedStyle(element);
    if (parseFloat(style.fontSize) === 0) continue;
    const svg = element.closest("svg");
    const under = svg && element.matches(".on, .inv, .o") ? null : ground(element);
    if (!under) continue;
    const ink = over(colour(svg ? style.fill : style.color), under);
    const [a, b] = [light(ink), light(under)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${text.slice(0, 24)} ${contrast.toFixed(2)}`);
  }
  const wide = [...document.querySelectorAll("main *, header *, nav *")]
    .filter((e) => seen(e) && e.getBoundingClientRect().right > innerWidth + 1)
    .filter((e) => !e.closest(".scroll-x, .clip, .deck, .fl, .bd, .cal, .terms-box, .stages-strip, .ptabs, .tabs, .act:has(> :nth-child(6)), dialog"))
    .map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 20)}`);
  const cut = [...document.querySelectorAll(".btn, .chip, .bdg, .e-rail a, .nv a, .op label, h1, .n, .big, .facts dd")]
    .filter((e) => seen(e) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
    .map((e) => `${e.className} ${e.textContent.trim().slice(0, 24)}`);
  const small = innerWidth >= 768 ? [] : [...document.querySelectorAll(
    ".btn, .op label, .op a, .seg label, .nv a, .in, button, .ptabs button, .fl > a, .fl > label, .cu, .new, .cb, .stages-strip a, summary")]
    .filter((e) => seen(e) && e.getBoundingClientRect().height < 40 && !e.matches(".link, .in > *, .peek"))
    .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().height)} ${e.textContent.trim().slice(0, 20)}`);
  const nameless = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")]
    .filter((e) => seen(e) && !(e.textContent.trim() || e.ariaLabel || e.labels?.length || e.title))
    .map((e) => e.outerHTML.slice(0, 80));
  return { faint: [...new Set(faint)], wide: [...new Set(wide)].slice(0, 8), cut: [...new Set(cut)], small: [...new Set(small)], nameless };
}
