// What a newly built page loads, against what the shown one has loaded.

/** The style sheets of `shown` that `fresh` has under another name, in order of appearance. */
export function staleStyles(
  shown: ParentNode,
  fresh: ParentNode,
): { old: HTMLLinkElement; href: string }[] {
  const before = [...shown.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
  const after = hrefs(fresh);
  return before.flatMap((old, index) => {
    const href = after[index];
    return href !== undefined && href !== old.getAttribute("href") ? [{ old, href }] : [];
  });
}

/** Whether both load the same scripts: a script that changed takes effect only when the page is loaded again. */
export function sameScripts(shown: ParentNode, fresh: ParentNode): boolean {
  return sources(shown) === sources(fresh);
}

function hrefs(page: ParentNode): (string | undefined)[] {
  const links = [...page.querySelectorAll("link[rel=stylesheet]")];
  return links.map((link) => link.getAttribute("href") ?? undefined);
}

function sources(page: ParentNode): string {
  const scripts = [...page.querySelectorAll("script[src]")];
  return scripts.map((script) => script.getAttribute("src")).join("\n");
}
