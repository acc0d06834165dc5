// The room's files as viewer and saving use them: what each is called here, and the ways to its content.

import type { FileSource, OpenFileOptions, RoomContext, RoomFile } from "../context";
import { RoomError } from "../errors";
import type { Values, Wording } from "../room/wording";
import { Courier, type Delivery, type Follower } from "./courier";

// Up to this size a document is decrypted in the page: no worker has to be started for it, and it takes a tenth of
// the memory that documents may take. In bytes.
const SMALL = 8 << 20;

const MEGABYTE = 1_000_000;
const KILOBYTE = 1000;

export class Library {
  private courier: Promise<Courier | null> | undefined;
  private numbers: Intl.NumberFormat | undefined;

  constructor(
    private readonly context: RoomContext,
    private readonly wording: Wording,
    private readonly lang: string,
  ) {}

  get signal(): AbortSignal {
    return this.context.closed;
  }

  file(ref: string): RoomFile | undefined {
    return this.context.files.get(ref);
  }

  /** Whether a file is too large to be held in the page. */
  isLarge(ref: string): boolean {
    return (this.file(ref)?.size ?? 0) > SMALL;
  }

  /** The whole content. Rejects with a `RoomError`, or the signal's reason. */
  blob(ref: string, options: OpenFileOptions): Promise<Blob> {
    return this.context.openFile(ref, options);
  }

  source(ref: string, signal: AbortSignal): Promise<FileSource> {
    return this.context.openSource(ref, signal);
  }

  /**
   * An address from which the browser itself reads a large file, decrypted while it does; null where the page has to
   * read it. Rejects with a `RoomError` when the file's beginning is not there, or not right.
   */
  async deliver(
    ref: string,
    save: boolean,
    signal: AbortSignal,
    follower: Follower,
  ): Promise<Delivery | null> {
    if (!this.isLarge(ref)) {
      return null;
    }
    this.courier ??= Courier.engage();
    const courier = await this.courier;
    const delivery = courier?.deliver(await this.source(ref, signal), save, follower) ?? null;
    if (signal.aborted) {
      delivery?.forget();
    }
    signal.throwIfAborted();
    signal.addEventListener("abort", () => delivery?.forget());
    return delivery;
  }

  say(key: string, values?: Values): string {
    return this.wording.say(key, values);
  }

  /** Why a file did not open, for its reader. */
  failure(error: unknown): string {
    const reason = error instanceof RoomError ? error.reason : "damaged";
    return this.say(reason === "unreachable" ? "file_unreachable" : "file_damaged");
  }

  /** A size as people write it: `740 KB`, `2.4 MB`. */
  size(bytes: number): string {
    const [value, unit] =
      bytes >= MEGABYTE ? [bytes / MEGABYTE, "MB"] : [Math.ceil(bytes / KILOBYTE), "KB"];
    // Made when a file is first opened: it takes a phone a tenth of a second.
    this.numbers ??= new Intl.NumberFormat(this.lang, { maximumFractionDigits: 1 });
    return `${this.numbers.format(value)} ${unit}`;
  }
}
