/**
 * The database: one pool, one way in. `withWorkspace` is how tenant rows are reached; a query outside it sees none,
 * because row-level security is forced and the role is no superuser.
 */
import postgres from "postgres";
import { AppError } from "./errors.ts";
import { guardedTx } from "./guarded-tx.ts";

export type Tx = postgres.TransactionSql;

export type Db = {
  /** Runs `work` in a transaction that sees this workspace's rows only. */
  withWorkspace<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction outside any workspace: directory functions and the queue, nothing else. */
  outside<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** SQL statements sent so far, without transaction control and the workspace setting (see bench). */
  statements(): number;
  close(): Promise<void>;
};

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * @param url a role that is neither superuser nor allowed to bypass row-level security
 * @param options.poolMax connections of this process (default 10)
 */
export function openDb(url: string, options: { poolMax?: number; prepare?: boolean } = {}): Db {
  let counted = 0;
  const sql = postgres(url, {
    max: options.poolMax ?? 10,
    // Without these two, a dying connection raises unhandled rejections, and quick queries queue behind slow ones.
    fetch_types: false,
    max_pipeline: 1,
    prepare: options.prepare ?? true,
    onnotice() {},
    connection: { application_name: "pandora" },
    debug: (_connection: number, query: string) => {
      if (!/^\s*(begin|commit|rollback|savepoint|select set_config)/i.test(query)) counted += 1;
    },
  } as postgres.Options<Record<string, never>>);
  return {
    withWorkspace(workspaceId, work) {
      // An id that is no uuid can't be any workspace: the same answer as for one that does not exist.
      if (!uuidShape.test(workspaceId)) return Promise.reject(noSuchWorkspace());
      return guardedTx(sql, async (tx) => {
        // Compiling a plan costs more than any of our statements runs for; a server with LLVM would do it for every search.
        await tx`select set_config('app.workspace_id', ${workspaceId}, true), set_config('jit', 'off', true)`;
        return work(tx);
      });
    },
    outside: (work) => guardedTx(sql, work),
    statements: () => counted,
    close: () => sql.end({ timeout: 5 }),
  };
}

/** Refuses a role that would see every tenant's rows. */
export async function assertTenantSafe(db: Db): Promise<void> {
  const unsafe = await db.outside(async (tx) => {
    const [role] = await tx<{ unsafe: boolean }[]>`
      select rolsuper or rolbypassrls as unsafe from pg_roles where rolname = current_user`;
    return role?.unsafe ?? true;
  });
  if (unsafe) {
    throw new AppError("unsafe_database_role", {
      public:
        "DATABASE_URL connects as a superuser or a role with BYPASSRLS, which would switch row-level security off. " +
        "Make a plain role that owns the database and put it into DATABASE_URL: " +
        "create role pandora_app login password '…'; create database pandora owner pandora_app;",
    });
  }
}

function noSuchWorkspace(): AppError {
  return new AppError("not_found", { status: 404, public: "There is no such workspace." });
}
