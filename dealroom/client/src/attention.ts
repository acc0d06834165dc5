// What the reader is at while the page is drawn anew around them: where the focus is, and what they have unfolded.

/** Notes it; calling what is given brings it back where it went with what was replaced. */
export function holdAttention(page: HTMLElement): () => void {
  const refocus = holdFocus(page);
  const unfolded = [...page.querySelectorAll<HTMLElement>("details[open][id]")].map(({ id }) => id);
  return () => {
    for (const id of unfolded) {
      page.querySelector(`details[id="${CSS.escape(id)}"]`)?.setAttribute("open", "");
    }
    refocus();
  };
}

/** The same of the focus alone: it goes to the element of its kind that has taken the place of the one that had it. */
export function holdFocus(page: HTMLElement): () => void {
  const focused = document.activeElement;
  const home = focused?.closest("[id]");
  if (!(focused && home && page.contains(home))) {
    return () => undefined;
  }
  const { localName } = focused;
  const index = [...home.querySelectorAll(localName)].indexOf(focused);
  return () => {
    if (!focused.isConnected) {
      const place = page.querySelector(`[id="${CSS.escape(home.id)}"]`);
      const next = index < 0 ? place : place?.querySelectorAll(localName)[index];
      (next as HTMLElement | null | undefined)?.focus({ preventScroll: true });
    }
  };
}
