// What the page says for answering: the plan as a network, who is in it, and where replies go. `room/replying.py` writes it.

import { type Day, parseDay } from "../room/days";

export type Whose = "buyer" | "seller" | "both";

/** A milestone in the network. `takes` is in working days of those in `days`; `start` and `finish` are as planned. */
export interface Node {
  readonly id: string;
  readonly takes: number;
  readonly days: Whose;
  readonly after: readonly string[];
  readonly state: string;
  readonly started: Day | null;
  readonly done: Day | null;
  readonly start: Day | null;
  readonly finish: Day | null;
  readonly isAfterGoLive: boolean;
}

/** The plan's network, predecessors first. `buyer` and `seller` have a `1` for each day from `first` on they work. */
export interface Network {
  readonly goLive: Day;
  readonly milestone: string | null;
  readonly first: Day;
  readonly buyer: string;
  readonly seller: string;
  readonly nodes: readonly Node[];
}

export interface PersonFact {
  readonly id: string;
  readonly name: string;
  readonly side: "buyer" | "seller";
}

export interface ClosedAnswers {
  readonly id: string;
  readonly salt: string;
  readonly box: string;
}

export interface ReplyFacts {
  /** Of the commitments that the page shows. */
  readonly digest: string;
  readonly endpoint: string | null;
  readonly email: string | null;
  readonly seller: string;
  readonly answers: readonly ClosedAnswers[];
  readonly people: readonly PersonFact[];
  readonly criteria: Readonly<Record<string, { current: string | null; owner: string | null }>>;
  readonly network: Network;
}

interface WrittenNode {
  readonly id: string;
  readonly takes: number;
  readonly days: Whose;
  readonly after: readonly string[];
  readonly state: string;
  readonly started?: string;
  readonly done?: string;
  readonly start?: string;
  readonly finish?: string;
  readonly after_go_live?: boolean;
}

export interface WrittenNetwork {
  readonly go_live: string;
  readonly milestone: string | null;
  readonly first: string;
  readonly buyer: string;
  readonly seller: string;
  readonly nodes: readonly WrittenNode[];
}

/** The facts of the opened page. They are the seller's own, and were signed with it. */
export function readFacts(json: string): ReplyFacts {
  const written = JSON.parse(json) as Omit<ReplyFacts, "network"> & { network: WrittenNetwork };
  return { ...written, network: readNetwork(written.network) };
}

export function readNetwork(written: WrittenNetwork): Network {
  return {
    goLive: parseDay(written.go_live) ?? 0,
    milestone: written.milestone,
    first: parseDay(written.first) ?? 0,
    buyer: written.buyer,
    seller: written.seller,
    nodes: written.nodes.map((node) => ({
      id: node.id,
      takes: node.takes,
      days: node.days,
      after: node.after,
      state: node.state,
      started: parseDay(node.started),
      done: parseDay(node.done),
      start: parseDay(node.start),
      finish: parseDay(node.finish),
      isAfterGoLive: node.after_go_live ?? false,
    })),
  };
}
