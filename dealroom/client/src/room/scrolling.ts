// Tables and code that are wider than the screen scroll by themselves; the keyboard must reach them to do so.

export function reachScrolling(room: HTMLElement): void {
  for (const element of room.querySelectorAll<HTMLElement>(".prose table, .prose pre")) {
    if (element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0;
    } else {
      element.removeAttribute("tabindex");
    }
  }
}
