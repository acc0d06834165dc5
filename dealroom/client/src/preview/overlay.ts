// What is wrong with a plan, over the page: in a shadow tree, so that it looks the same over any theme.

// A constructed style sheet, since the room's policy allows no style element.
const STYLES = `
:host { all: initial; color-scheme: light dark; }
section {
  position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; display: flex; flex-direction: column;
  font: 16px/1.5 system-ui, sans-serif; color: light-dark(#1d1b1a, #f4f1ef); background: light-dark(#fffdfb, #1b1918);
  border-top: 4px solid light-dark(#b3261e, #ff897d); box-shadow: 0 -12px 40px rgb(0 0 0 / 0.28);
}
header { display: flex; gap: 16px; align-items: center; padding: 12px clamp(16px, 3vw, 32px); }
h2 { font-size: 16px; font-weight: 650; margin: 0; flex: 1; }
button {
  font: inherit; color: inherit; background: none; border: 1px solid light-dark(#8b827d, #8f8782); border-radius: 8px;
  min-height: 44px; padding: 0 16px; cursor: pointer;
}
button:hover { background: light-dark(#f3edea, #2b2827); }
button:focus-visible, pre:focus-visible { outline: 3px solid light-dark(#0b57d0, #a8c7fa); outline-offset: 2px; }
pre {
  font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; margin: 0; overflow: auto; tab-size: 4;
  padding: 4px clamp(16px, 3vw, 32px) 24px;
}
section[hidden] { display: none; }
`;

const HOST = "dealroom-findings";

export class Overlay {
  private readonly section = document.createElement("section");
  private readonly title = document.createElement("h2");
  private readonly text = document.createElement("pre");
  private isPlaced = false;
  private dismissed = "";

  show(title: string, text: string): void {
    if (!this.isPlaced) {
      this.place();
    }
    this.title.textContent = title;
    this.text.textContent = text;
    // What the seller put away stays away until something else is wrong.
    this.section.hidden = text === this.dismissed;
  }

  hide(): void {
    this.section.hidden = true;
    this.dismissed = "";
  }

  private place(): void {
    this.isPlaced = true;
    const host = document.createElement(HOST);
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    shadow.adoptedStyleSheets = [sheet];

    const hide = document.createElement("button");
    hide.type = "button";
    hide.textContent = "Hide";
    hide.addEventListener("click", () => this.dismiss());
    this.section.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.dismiss();
      }
    });
    // It is announced, but takes no focus: the seller is typing in an editor.
    this.title.setAttribute("role", "alert");
    this.text.tabIndex = 0;
    this.text.setAttribute("role", "region");
    this.text.setAttribute("aria-label", "Findings");
    const header = document.createElement("header");
    header.append(this.title, hide);
    this.section.append(header, this.text);
    shadow.append(this.section);
    document.body.append(host);
  }

  private dismiss(): void {
    this.dismissed = this.text.textContent ?? "";
    this.section.hidden = true;
  }
}
