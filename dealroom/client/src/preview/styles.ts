// What a newly built page loads, against what the shown one has loaded.

/** The style sheets of `shown` that `fresh` has under another name, in order of appearance, with their digests. */
export function staleStyles(
  shown: ParentNode,
  fresh: ParentNode,
): { old: HTMLLinkElement; href: string; integrity: string }[] {
  const before = [...shown.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
  const after = [...fresh.querySelectorAll("link[rel=stylesheet]")];
  return before.flatMap((old, index) => {
    const href = after[index]?.getAttribute("href") ?? null;
    const integrity = after[index]?.getAttribute("integrity") ?? "";
    return href !== null && href !== old.getAttribute("href") ? [{ old, href, integrity }] : [];
  });
}

/** Whether both load the same scripts: a script that changed takes effect only when the page is loaded again. */
export function sameScripts(shown: ParentNode, fresh: ParentNode): boolean {
  return sources(shown) === sources(fresh);
}

function sources(page: ParentNode): string {
  const scripts = [...page.querySelectorAll("script[src]")];
  return scripts.map((script) => script.getAttribute("src")).join("\n");
}
