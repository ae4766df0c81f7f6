/** Errors that reach a caller. Everything else is a fault of ours and answers 500 without details. */

export type FieldError = {
  /** Path of the offending field in the request, dotted. */
  field: string;
  code: string;
  message: string;
  /** What would be accepted, when it can be listed or shown. */
  allowed?: string[];
};

export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly public: string;
  readonly errors: FieldError[];
  readonly retryAfterS: number | undefined;
  readonly extra: Record<string, unknown>;

  /**
   * @param code stable, snake_case; callers switch on it
   * @param options.public one sentence for people, saying what to do
   * @param options.status HTTP status (default 400)
   * @param options.extra further public members of the problem document
   */
  constructor(
    code: string,
    options: {
      public: string;
      status?: number;
      errors?: FieldError[];
      retryAfterS?: number;
      extra?: Record<string, unknown>;
      cause?: unknown;
    },
  ) {
    super(`${code}: ${options.public}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.status = options.status ?? 400;
    this.public = options.public;
    this.errors = options.errors ?? [];
    this.retryAfterS = options.retryAfterS;
    this.extra = options.extra ?? {};
  }
}

/** 404 for what is not there, or is another workspace's. */
export function notFound(what: string): AppError {
  return new AppError("not_found", { status: 404, public: `There is no such ${what} in this workspace.` });
}
