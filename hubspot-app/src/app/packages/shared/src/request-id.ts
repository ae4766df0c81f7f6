/** The id under which one thing is asked for, however often it has to be sent. */

let drawn = 0;

export function newRequestId(): string {
  // Not every sandbox has the generator of random ids; the clock and a count tell apart what one person asks for.
  const random = globalThis.crypto?.randomUUID?.();
  drawn += 1;
  return random ?? `r-${Date.now().toString(36)}-${drawn}-${Math.random().toString(36).slice(2)}`;
}
