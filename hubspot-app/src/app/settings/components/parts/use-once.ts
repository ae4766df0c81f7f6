import { useRef } from "react";

/** @returns `work`, without a second press while the first is under way: it would only say everything twice */
export function useOnce<Given extends unknown[]>(work: (...given: Given) => Promise<unknown>) {
  const isUnderWay = useRef(false);
  return async (...given: Given): Promise<void> => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    try {
      await work(...given);
    } finally {
      isUnderWay.current = false;
    }
  };
}
