// Alerts on a phone: one card a screen. Says which of them is in sight; the arrows turn to the next
// as a swipe does. On a wide screen the cards stand below each other and the arrows are not shown.
export function startDeck() {
  const deck = document.querySelector("[data-deck]");
  const bar = document.querySelector("[data-deck-bar]");
  const cards = deck.querySelectorAll(":scope > [data-row]");
  if (!bar || cards.length < 2) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const place = () => Math.round(deck.scrollLeft / deck.clientWidth);
  const tell = () => {
    const at = place();
    bar.querySelector("[data-deck-at]").textContent = `${at + 1} / ${cards.length}`;
    for (const turn of bar.querySelectorAll("[data-deck-turn]")) {
      turn.disabled = !cards[at + Number(turn.dataset.deckTurn)];
    }
  };
  bar.addEventListener("click", (event) => {
    const turn = event.target.closest("[data-deck-turn]");
    if (!turn) return;
    const left = (place() + Number(turn.dataset.deckTurn)) * deck.clientWidth;
    deck.scrollTo({ left, behavior: still.matches ? "instant" : "smooth" });
  });
  deck.addEventListener("scroll", tell, { passive: true });
  bar.hidden = false;
  tell();
}
