/**
 * A guard for transactions of postgres.js 3.4.9 (its issues 1133, 1186, 1204, 1208, 1216): when the connection of a
 * transaction is lost, the library reconnects and sends what is left of the transaction, its own COMMIT or ROLLBACK
 * included, over the new socket, where it may land inside somebody else's transaction. Once the connection is lost,
 * nothing of this transaction reaches the wire again. A chaos test kills backends mid-transaction to hold this.
 */
import type postgres from "postgres";

const connectionLost = /^(CONNECTION_|ECONN|EPIPE|ETIMEDOUT|57P0|25P0[34])/;
const forever = new Promise<never>(() => {});

/** The transaction's connection died; it may or may not have been committed. */
export class TransactionLost extends Error {
  readonly code = "TX_LOST";
}

/**
 * Runs `work` in a transaction. The only caller of `sql.begin`; network calls do not belong inside.
 * @throws TransactionLost when the connection died
 */
export function guardedTx<T>(sql: postgres.Sql, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  let dead = false;
  const notice = (error: unknown) => {
    if (connectionLost.test(String((error as { code?: string } | null)?.code))) dead = true;
  };
  const refuseWhenDead = () => {
    if (dead) throw new TransactionLost("the transaction's connection was lost");
  };
  // A query of the library is lazy and starts at its first `then`: listen there, without starting it.
  const watched = (query: object): object => {
    const then = (query as Promise<unknown>).then.bind(query);
    // biome-ignore lint/suspicious/noThenProperty: the library's query is itself a thenable; its `then` is wrapped
    (query as { then: unknown }).then = (ok?: (value: unknown) => unknown, failed?: (error: unknown) => unknown) =>
      then(ok, (error: unknown) => {
        notice(error);
        if (failed) return failed(error);
        throw error;
      });
    return query;
  };
  const run = sql.begin(async (tx) => {
    const guarded = new Proxy(tx, {
      apply(target, self, args) {
        refuseWhenDead();
        const tagged = Array.isArray((args[0] as { raw?: unknown } | undefined)?.raw);
        const query = Reflect.apply(target as never, self, args);
        return tagged ? watched(query as object) : query;
      },
      get(target, key) {
        const member = Reflect.get(target, key) as unknown;
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          refuseWhenDead();
          const result = (member as (...rest: unknown[]) => unknown).apply(target, args);
          return key === "unsafe" ? watched(result as object) : result;
        };
      },
    }) as postgres.TransactionSql;
    let result: T;
    try {
      result = await work(guarded);
    } catch (error) {
      notice(error);
      // Neither resolve nor reject: the library would send COMMIT or ROLLBACK over another connection.
      if (dead) return await forever;
      throw error;
    }
    if (dead) return await forever;
    return result;
  }) as Promise<T>;
  return run.then(
    (value) => value,
    (error: unknown) => {
      dead = true;
      throw error ?? new TransactionLost("the connection was closed");
    },
  );
}
