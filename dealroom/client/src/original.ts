// The opened page as the seller wrote it, beside what has become of it in the document. When a newer one comes, only what
// differs between the two as they were written is changed in the document; what the page itself or its reader did stays.

/** The same part of two pages has the same shape: what it is, its name, its looks, and what is said of it. */
function shapeOf(node: Node): string {
  if (!(node instanceof Element)) {
    return node.nodeName;
  }
  const said = [...node.attributes].map(({ name }) => name).filter((name) => /^data-/.test(name));
  return [node.nodeName, node.id, node.getAttribute("class"), ...said.sort()].join(" ");
}

function areAlike(one: Node | undefined, other: Node | undefined): boolean {
  return one !== undefined && other !== undefined && shapeOf(one) === shapeOf(other);
}

export class Original {
  private readonly root: Node;
  private readonly drawn = new WeakMap<Node, ChildNode>();

  /** `body` holds the page as it was parsed; its children are about to be moved into `place`. */
  constructor(
    body: Node,
    private readonly place: ParentNode & Node,
  ) {
    this.root = body.cloneNode(true);
    this.pair(this.root, body);
  }

  /** Draws what is different in `body`, which is taken apart. */
  become(body: Node): void {
    this.update(this.root, body);
  }

  private pair(written: Node, drawn: Node): void {
    const walks = [written, drawn].map((root) => document.createTreeWalker(root));
    for (let [one, other] = next(walks); one && other; [one, other] = next(walks)) {
      this.drawn.set(one, other as ChildNode);
    }
  }

  private update(was: Node, now: Node): void {
    if (was.isEqualNode(now)) {
      return;
    }
    const drawn = this.drawn.get(was);
    if (was instanceof Element && now instanceof Element) {
      if (drawn instanceof Element) {
        retell(drawn, was, now);
      }
      retell(was, was, now);
    } else if (was.nodeValue !== now.nodeValue) {
      was.nodeValue = now.nodeValue;
      if (drawn) {
        drawn.nodeValue = now.nodeValue;
      }
    }
    this.updateChildren(was, now);
  }

  /** What is alike at both ends stays; in between, each part takes its like, wherever that stood. */
  private updateChildren(was: Node, now: Node): void {
    const [before, after] = [[...was.childNodes], [...now.childNodes]];
    let start = 0;
    while (areAlike(before[start], after[start])) {
      this.update(before[start] as Node, after[start] as Node);
      start += 1;
    }
    let end = 0;
    const left = () => Math.min(before.length, after.length) - start;
    while (end < left() && areAlike(before.at(-1 - end), after.at(-1 - end))) {
      end += 1;
    }
    const gone = before.slice(start, before.length - end);
    const fresh = after.slice(start, after.length - end).map((part) => {
      const index = gone.findIndex((each) => areAlike(each, part));
      return { part, like: index < 0 ? undefined : gone.splice(index, 1)[0] };
    });
    for (const each of gone) {
      this.drawn.get(each)?.remove();
      each.remove();
    }
    let last = before[start - 1] ?? null;
    for (const { part, like } of fresh) {
      if (like) {
        this.update(like, part);
      }
      last = this.move(like ?? this.draw(part), was, last);
    }
    for (; end > 0; end -= 1) {
      this.update(before.at(-end) as Node, after.at(-end) as Node);
    }
  }

  private draw(fresh: ChildNode): ChildNode {
    const drawn = document.importNode(fresh, true);
    this.drawn.set(fresh, drawn);
    this.pair(fresh, drawn);
    return fresh;
  }

  /** Puts a part after `last`, or first, unless it is there. */
  private move(part: ChildNode, parent: Node, last: ChildNode | null): ChildNode {
    if (part.parentNode !== parent || part.previousSibling !== last) {
      parent.insertBefore(part, last ? last.nextSibling : parent.firstChild);
      this.moveDrawn(part, parent);
    }
    return part;
  }

  /** Puts what was drawn of a part after what was drawn of those before it, as far as that still stands there. */
  private moveDrawn(part: ChildNode, parent: Node): void {
    const place = parent === this.root ? this.place : this.drawn.get(parent);
    const drawn = this.drawn.get(part);
    if (!place || !drawn) {
      return;
    }
    let before = part.previousSibling;
    while (before && this.drawn.get(before)?.parentNode !== place) {
      before = before.previousSibling;
    }
    const neighbour = before && this.drawn.get(before);
    place.insertBefore(drawn, neighbour ? neighbour.nextSibling : place.firstChild);
  }
}

function next(walks: readonly TreeWalker[]): (Node | null)[] {
  return walks.map((walk) => walk.nextNode());
}

/** Says of `element` what is said anew. What it was drawn with besides stays. */
function retell(element: Element, was: Element, now: Element): void {
  for (const { name, value } of now.attributes) {
    if (was.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }
  for (const name of was.getAttributeNames()) {
    if (!now.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  }
}
