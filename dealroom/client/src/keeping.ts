// Keeping the opened room open on this device: what the reader chose, within what the seller allows.

import { base64url } from "./crypto/encoding";
import type { Descriptor } from "./descriptor";
import { type Device, endOf, type Found, isOver, type Kept } from "./device";
import type { Remembering } from "./remember";
import type { Session } from "./session";

export type { Kept };

// The rooms of one origin share it; a message names the room that was locked.
const CHANNEL = "dealroom";

export class Keeping {
  private readonly channel: BroadcastChannel | null;

  /** `onLock` is called when the room was locked in another tab. */
  constructor(
    private readonly device: Promise<Device | null>,
    private readonly now: () => Date,
    private readonly onLock: (room: string) => void,
  ) {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
    this.channel?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string") {
        this.onLock(data);
      }
    });
  }

  /** What this device knows of the room; `null` when it cannot keep rooms. */
  async find(room: string): Promise<Found | null> {
    const device = await this.device;
    return device?.find(room, location.pathname, this.now().getTime()) ?? null;
  }

  /** Whether this device can keep rooms. */
  async isPossible(): Promise<boolean> {
    return (await this.device) !== null;
  }

  /** Whether what was kept may open the room: for its own person, and for no longer than the seller allows now. */
  holds(kept: Kept, session: Session): boolean {
    const { view, person } = session;
    return kept.person === person.id && !isOver(kept, view.remember, this.now().getTime());
  }

  /** Keeps what opened the room, and gives until when; `null` when it may not be kept, or cannot. */
  async keep(session: Session): Promise<Date | null> {
    const device = await this.device;
    const { view, person, secret, descriptor } = session;
    if (!device || view.remember === 0) {
      return null;
    }
    const kept: Kept = {
      room: descriptor.room,
      path: location.pathname,
      person: person.id,
      secret,
      derivation: derivationOf(descriptor),
      since: this.now().getTime(),
      days: view.remember,
    };
    return (await device.keep(kept)) ? endOf(kept, view.remember) : null;
  }

  async forget(room: string): Promise<void> {
    await (await this.device)?.forget(room);
  }

  /** Forgets what this session's own person kept; somebody else may keep the room on this device too. */
  async forgetIfOf(session: Session): Promise<void> {
    const found = await this.find(session.descriptor.room);
    if (found?.state === "kept" && found.kept.person === session.person.id) {
      await this.forget(session.descriptor.room);
    }
  }

  /** Forgets the room, and locks it in all other tabs. */
  lock(room: string | undefined): void {
    if (room !== undefined) {
      void this.forget(room);
      this.channel?.postMessage(room);
    }
  }

  /** The choice that the reader of an opened room has; `null` when there is none. */
  async of(session: Session): Promise<Remembering | null> {
    const { room } = session.descriptor;
    const found = session.view.remember > 0 ? await this.find(room) : null;
    if (found === null) {
      await this.forgetIfOf(session);
      return null;
    }
    const mine = found.state === "kept" && this.holds(found.kept, session) ? found.kept : null;
    return {
      until: mine && endOf(mine, session.view.remember),
      change: async (keep) => {
        if (keep) {
          return this.keep(session);
        }
        await this.forget(room);
        return null;
      },
    };
  }

  /** Whether passphrases are derived otherwise now than when this was kept: nobody's access changed by that. */
  isDerivedAnew(kept: Kept, descriptor: Descriptor): boolean {
    return kept.secret.way === "passphrase" && kept.derivation !== derivationOf(descriptor);
  }
}

function derivationOf({ salt, settings }: Descriptor): string {
  const { memory, iterations, parallelism } = settings;
  return [base64url(salt), memory, iterations, parallelism].join(" ");
}
