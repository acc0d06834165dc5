// Memory that is given back at once. A browser collects what was read, but not before a large document has filled some
// 200 MB with it: its collector hardly sees the bytes behind the small objects that hold them.

// Whatever is moved to a port whose other end is closed is dropped, bytes and all. `ArrayBuffer.transfer` moves them too, but
// browsers keep those that they made themselves, as the results of decryption are, until they are collected.
const drain = new MessageChannel();
drain.port2.close();

/** Frees the memory of bytes that nobody reads any more; they are gone for whoever still holds them. */
export function release(memory: ArrayBuffer | undefined): void {
  // Moved memory has no bytes, and cannot be moved again.
  if (memory && memory.byteLength > 0) {
    drain.port1.postMessage(null, [memory]);
  }
}
