import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { NoAnswer, Refused } from "../api/call";
import { Intention, type Memory } from "../api/intention";
import type { LiveEvent } from "../api/types";
import { events } from "./events";

/** A storm of answers is read once in this time, not once an answer. */
const rereadMs = 400;
/** What no event announces: the clock, who became silent. */
const rereadAnywayMs = 20_000;

/** It is erased, or the officer may not see it any more: then it does not stand there until the view is left. */
const isWithdrawn = (error: unknown) => error instanceof Refused && [401, 403, 404].includes(error.problem.status);

export interface Loaded<T> {
  value: T | null;
  /** Of the last reading; there may be a value of before. */
  failure: Refused | NoAnswer | null;
  /** When `value` was read. */
  readAt: number | null;
  reload: () => void;
}

/** What `load` reads, and again whenever an event concerns it. `load` null: there is nothing to read. */
export function useLive<T>(
  load: (() => Promise<T>) | null,
  concerns: (event: LiveEvent) => boolean,
  on: unknown[],
): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failure, setFailure] = useState<Refused | NoAnswer | null>(null);
  const [readAt, setReadAt] = useState<number | null>(null);
  const reload = useRef(() => {});

  useEffect(() => {
    if (load === null) return;
    let gone = false;
    let underWay = false;
    let again = false;
    const read = async () => {
      if (underWay) {
        again = true;
        return;
      }
      underWay = true;
      try {
        const next = await load();
        if (gone) return;
        setValue(next);
        setReadAt(Date.now());
        setFailure(null);
      } catch (error) {
        if (gone) return;
        if (error instanceof NoAnswer) events.doubt();
        if (isWithdrawn(error)) {
          setValue(null);
          setReadAt(null);
        }
        setFailure(error instanceof Refused ? error : new NoAnswer());
      } finally {
        underWay = false;
        if (again && !gone) {
          again = false;
          later();
        }
      }
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void read();
      }, rereadMs);
    };
    reload.current = () => void read();
    setValue(null);
    void read();
    const beat = setInterval(later, rereadAnywayMs);
    const stop = events.listen((event) => {
      if (event === null || concerns(event)) later();
    });
    return () => {
      gone = true;
      clearTimeout(timer);
      clearInterval(beat);
      stop();
    };
  }, on);

  return { value, failure, readAt, reload: useCallback(() => reload.current(), []) };
}

export function useLost(): Date | null {
  const [lost, setLost] = useState(events.lostSince);
  useEffect(() => events.watch(() => setLost(events.lostSince)), []);
  return lost;
}

/** The time, as often as anything on the page counts by it. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export interface Action {
  busy: boolean;
  /** How often it has been tried in vain, while it is being tried. */
  tries: number;
  failure: Refused | NoAnswer | null;
  /** The answer; null: it failed, and `failure` says how. */
  send: <T>(target: string, request: unknown) => Promise<T | null>;
  /** No more is sent and nothing is waited for; `failure` says that it may have been done. */
  stop: () => void;
  clear: () => void;
}

/** Something that an officer does, exactly once. */
export function useAction(memory?: Memory): Action {
  const intention = useRef<Intention | null>(null);
  intention.current ??= new Intention(memory);
  const [busy, setBusy] = useState(false);
  const [tries, setTries] = useState(0);
  const [failure, setFailure] = useState<Refused | NoAnswer | null>(null);
  const send = useCallback(async <T>(target: string, request: unknown): Promise<T | null> => {
    setBusy(true);
    setTries(0);
    setFailure(null);
    try {
      return await intention.current!.send<T>(target, request, setTries);
    } catch (error) {
      setFailure(error instanceof Refused || error instanceof NoAnswer ? error : new NoAnswer());
      if (!(error instanceof Refused)) events.reread();
      return null;
    } finally {
      setBusy(false);
      setTries(0);
    }
  }, []);
  const stop = useCallback(() => intention.current!.stop(), []);
  // From a view that is not there any more nothing goes out by itself.
  useEffect(() => () => intention.current?.leave(), []);
  return { busy, tries, failure, send, stop, clear: useCallback(() => setFailure(null), []) };
}
