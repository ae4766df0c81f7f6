/** A list that grows page by page. */
import { Flex, LoadingButton, Text } from "@hubspot/ui-extensions";
import { type Failure, FailureNote, type ListOf, type Load, type Result } from "@pandora/hs-shared";
import { useState } from "react";
import { useSettings } from "../settings-context.tsx";

export type Pages<T> = {
  items: T[];
  hasMore: boolean;
  isLoadingMore: boolean;
  failure: Failure | null;
  more(): Promise<void>;
};

/** @param first the first page as loaded; the further ones are read with `next` and dropped when it changes */
export function usePages<T>(first: Load<ListOf<T>>, next: (cursor: string) => Promise<Result<ListOf<T>>>): Pages<T> {
  const page = first.is.state === "ready" ? first.is.data : null;
  // What was read behind a first page counts only as long as that page stands.
  const [read, setRead] = useState<Read<T> | null>(null);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const behind = read?.of === page ? read : null;
  const cursor = behind ? behind.cursor : (page?.next_cursor ?? null);
  return {
    items: [...(page?.items ?? []), ...(behind?.items ?? [])],
    hasMore: cursor !== null,
    isLoadingMore,
    failure: behind?.failure ?? null,
    more: async () => {
      if (cursor === null || isLoadingMore) return;
      setLoadingMore(true);
      const result = await next(cursor);
      setLoadingMore(false);
      const items = behind?.items ?? [];
      setRead(
        result.ok
          ? { of: page, items: [...items, ...result.data.items], cursor: result.data.next_cursor, failure: null }
          : { of: page, items, cursor, failure: result.failure },
      );
    },
  };
}

type Read<T> = { of: ListOf<T> | null; items: T[]; cursor: string | null; failure: Failure | null };

/** Under a list: the way to more of it. */
export function MoreOf<T>({ pages, showEnd = false }: { pages: Pages<T>; showEnd?: boolean }) {
  const { words } = useSettings();
  if (pages.failure) return <FailureNote failure={pages.failure} onRetry={() => void pages.more()} />;
  if (!pages.hasMore) return showEnd ? <Text variant="microcopy">{words.thatIsAll}</Text> : null;
  return (
    <Flex direction="row" justify="start">
      <LoadingButton size="sm" loading={pages.isLoadingMore} onClick={() => void pages.more()}>
        {words.showMore}
      </LoadingButton>
    </Flex>
  );
}
