// The page's side of its service worker: registers it, gives files addresses, and hands them over when they are wanted.

import type { FileSource } from "../context";
import type { Reason } from "../errors";
import { POLICY, WORKER } from "../trusted";
import {
  type FromPort,
  fileAddress,
  type HandedFile,
  type Lost,
  newToken,
  type ToPort,
  type ToWorker,
  type Want,
} from "./messages";

// A worker starts in some 100 ms; after this the page goes on without. In milliseconds.
const LONGEST_START = 5000;
// Browsers stop a worker that heard nothing for 30 seconds, downloads or not. In milliseconds.
const REMINDER = 10_000;

export interface Follower {
  readonly onProgress?: (done: number) => void;
  readonly onConnection?: (lost: boolean) => void;
  /** Null when everything arrived; `stopped` when the browser wanted no more. */
  readonly onEnd?: (reason: Reason | "stopped" | null) => void;
}

/** A file that has an address now. */
export interface Delivery {
  readonly address: string;
  /** Whether the worker was asked for it. */
  readonly wanted: boolean;
  /** Ends what is under way, and has the worker forget the file and its key. */
  forget(): void;
}

export class Courier {
  private readonly deliveries = new Map<string, Parcel>();
  private reminder: ReturnType<typeof setInterval> | undefined;

  private constructor(private readonly registration: ServiceWorkerRegistration) {
    const { serviceWorker } = navigator;
    serviceWorker.addEventListener("message", (event) => this.hear(event));
    serviceWorker.startMessages();
  }

  /** The room's worker, or null where there can be none: in some private windows, and in a page from a file. */
  static async engage(): Promise<Courier | null> {
    if (!("serviceWorker" in navigator && location.protocol.startsWith("http"))) {
      return null;
    }
    try {
      const registration = await navigator.serviceWorker.register(POLICY.createScriptURL(WORKER), {
        scope: new URL(".", location.href).pathname,
        updateViaCache: "none",
      });
      return (await isTakenOn(registration)) ? new Courier(registration) : null;
    } catch {
      // Refused by the browser's settings, or the host has no worker: documents then open without.
      return null;
    }
  }

  /** Gives a file an address; null for one that is not on the web. `save` has the browser save what it gets. */
  deliver(source: FileSource, save: boolean, follower: Follower): Delivery | null {
    const { address } = source.file;
    if (address === null) {
      return null;
    }
    const token = newToken();
    const parcel = new Parcel({ ...source.file, address }, source.compressed, follower);
    this.deliveries.set(token, parcel);
    this.reminder ??= setInterval(() => this.remind(), REMINDER);
    return {
      address: fileAddress(this.registration.scope, token, save),
      get wanted() {
        return parcel.wanted;
      },
      forget: () => {
        this.deliveries.delete(token);
        parcel.forget();
        if (this.deliveries.size === 0) {
          clearInterval(this.reminder);
          this.reminder = undefined;
        }
      },
    };
  }

  private hear(event: MessageEvent<Want | Lost>): void {
    const { kind, token } = event.data;
    const parcel = this.deliveries.get(token);
    if (kind === "lost") {
      parcel?.lose();
    } else if (event.ports[0]) {
      parcel?.hand(event.ports[0]);
    }
  }

  private remind(): void {
    const tokens = [...this.deliveries].filter(([, { wanted }]) => wanted).map(([token]) => token);
    this.registration.active?.postMessage({ kind: "stay", tokens } satisfies ToWorker);
  }
}

class Parcel {
  wanted = false;
  private port: MessagePort | undefined;
  private isUnderWay = false;

  constructor(
    private readonly file: HandedFile,
    private readonly compressed: boolean,
    private readonly follower: Follower,
  ) {}

  hand(port: MessagePort): void {
    this.wanted = true;
    this.isUnderWay = true;
    this.port = port;
    port.onmessage = ({ data }: MessageEvent<FromPort>) => this.follow(data);
    const { file, compressed } = this;
    port.postMessage({ kind: "file", file, compressed } satisfies ToPort);
  }

  /** The worker was stopped: what was under way ended, what is asked for next finds the page again. */
  lose(): void {
    if (this.isUnderWay) {
      this.isUnderWay = false;
      this.follower.onEnd?.("unreachable");
    }
  }

  forget(): void {
    this.port?.postMessage({ kind: "forget" } satisfies ToPort);
    this.port = undefined;
  }

  private follow(message: FromPort): void {
    if (message.kind === "progress") {
      this.follower.onProgress?.(message.done);
    } else if (message.kind === "connection") {
      this.follower.onConnection?.(message.lost);
    } else {
      this.isUnderWay = false;
      const reason = message.kind === "done" ? null : message.kind;
      this.follower.onEnd?.(
        message.kind === "failed" ? message.reason : (reason as "stopped" | null),
      );
    }
  }
}

/** Waits until the worker runs and serves this page; false when that takes too long. */
async function isTakenOn(registration: ServiceWorkerRegistration): Promise<boolean> {
  const { serviceWorker } = navigator;
  const late = new Promise<null>((resolve) => setTimeout(resolve, LONGEST_START, null));
  const taken = new Promise<void>((resolve) => {
    serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
  });
  if (!(await Promise.race([serviceWorker.ready, late]))) {
    return false;
  }
  if (!serviceWorker.controller) {
    // A page that was reloaded past its caches is served by no worker until one asks for it.
    registration.active?.postMessage({ kind: "claim" } satisfies ToWorker);
    await Promise.race([taken, late]);
  }
  return serviceWorker.controller !== null;
}
