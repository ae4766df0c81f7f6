/** Loading, polling and sending, each with its states: nothing here knows what is loaded. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Once } from "./client.ts";
import type { Failure, Result } from "./failure.ts";
import { newRequestId } from "./request-id.ts";

export type Loaded<T> =
  | { state: "idle" }
  | { state: "loading" }
  | { state: "failed"; failure: Failure }
  /** `stale`: a later read failed, what is shown is from before. */
  | { state: "ready"; data: T; isReloading: boolean; stale: Failure | null };

export type Load<T> = {
  is: Loaded<T>;
  /** Reads again; what is there stays on the screen meanwhile. */
  reload(): Promise<void>;
  /** Replaces what is shown by what a mutation answered. */
  put(data: T): void;
};

/** The newest `value`, for what runs later than the drawing that made it. */
function useLatest<T>(value: T) {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}

/**
 * Reads once, and again whenever `key` changes.
 * @param key what is read: a new one starts over; null reads nothing yet
 */
export function useLoad<T>(key: string | null, read: () => Promise<Result<T>>): Load<T> {
  const [held, setHeld] = useState<{ key: string; is: Loaded<T> } | null>(null);
  const latestRead = useLatest(read);
  // Whoever asks last is answered: an earlier answer that comes later is dropped.
  const turn = useRef(0);

  const load = useCallback(
    async (of: string) => {
      turn.current += 1;
      const mine = turn.current;
      const result = await latestRead.current();
      if (turn.current !== mine) return;
      setHeld((was) => {
        if (result.ok) return { key: of, is: { state: "ready", data: result.data, isReloading: false, stale: null } };
        const { failure } = result;
        const shown = was?.key === of ? was.is : null;
        if (shown?.state === "ready") return { key: of, is: { ...shown, isReloading: false, stale: failure } };
        return { key: of, is: { state: "failed", failure } };
      });
    },
    [latestRead],
  );

  useEffect(() => {
    if (key !== null) void load(key);
    return () => {
      turn.current += 1;
    };
  }, [key, load]);

  const reload = useCallback(async () => {
    if (key === null) return;
    setHeld((was) => (was?.is.state === "ready" ? { ...was, is: { ...was.is, isReloading: true } } : null));
    await load(key);
  }, [key, load]);
  const put = useCallback(
    (data: T) => {
      turn.current += 1;
      if (key !== null) setHeld({ key, is: { state: "ready", data, isReloading: false, stale: null } });
    },
    [key],
  );
  if (key === null) return { is: { state: "idle" }, reload, put };
  return { is: held?.key === key ? held.is : { state: "loading" }, reload, put };
}

export type Poll<T> = { data: T | null; failure: Failure | null; resume(): void };

const firstPauseMs = 1_000;
const longestPauseMs = 8_000;
const failuresInARowMax = 4;

/**
 * Asks again and again, ever more slowly, until `isOver`. A few failures in a row end it; `resume` goes on.
 * @param key null: nothing to watch
 * @param onOver told once, with the last answer
 */
export function usePoll<T>(
  key: string | null,
  read: () => Promise<Result<T>>,
  isOver: (data: T) => boolean,
  onOver?: (data: T) => void,
): Poll<T> {
  const [shown, setShown] = useState<{ data: T | null; failure: Failure | null }>({ data: null, failure: null });
  const [round, setRound] = useState(0);
  const latest = useLatest({ read, isOver, onOver });

  useEffect(() => {
    if (key === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    let failures = 0;
    let pauseMs = firstPauseMs;
    const look = async () => {
      const result = await latest.current.read();
      if (isGone) return;
      if (result.ok) {
        failures = 0;
        setShown({ data: result.data, failure: null });
        if (latest.current.isOver(result.data)) return latest.current.onOver?.(result.data);
      } else {
        failures += 1;
        if (failures >= failuresInARowMax) return setShown((was) => ({ ...was, failure: result.failure }));
      }
      timer = setTimeout(look, pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 1.4);
    };
    timer = setTimeout(look, round === 0 ? firstPauseMs : 0);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [key, round, latest]);

  const resume = useCallback(() => {
    setShown((was) => ({ ...was, failure: null }));
    setRound((n) => n + 1);
  }, []);
  return { ...shown, resume };
}

export type Mutation<Body extends object, T> = {
  /** Sends it. While one is under way the next press gets the same answer. */
  run(body: Body): Promise<Result<T>>;
  isPending: boolean;
  failure: Failure | null;
  clear(): void;
};

/**
 * One thing that is asked for. Its request id stays the same until its outcome is known: pressing again after a time-out
 * asks for the same thing once more and gets the first answer, where there was one.
 */
export function useMutation<Body extends object, T>(
  send: (body: Body & Once) => Promise<Result<T>>,
): Mutation<Body, T> {
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useLatest(send);
  const underWay = useRef<Promise<Result<T>> | null>(null);
  const open = useRef<{ id: string; text: string } | null>(null);

  const run = useCallback(
    (body: Body): Promise<Result<T>> => {
      if (underWay.current) return underWay.current;
      const text = JSON.stringify(body);
      // Another body is another request; the server refuses an id that comes back with one.
      if (open.current?.text !== text) open.current = { id: newRequestId(), text };
      setPending(true);
      setFailure(null);
      const work = latest.current({ ...body, request_id: open.current.id }).then((result) => {
        underWay.current = null;
        if (result.ok || result.failure.isOutcomeKnown) open.current = null;
        setPending(false);
        setFailure(result.ok ? null : result.failure);
        return result;
      });
      underWay.current = work;
      return work;
    },
    [latest],
  );

  const clear = useCallback(() => setFailure(null), []);
  return { run, isPending, failure, clear };
}
