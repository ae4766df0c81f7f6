/** A caller of the HTTP API with the demo's own key: what anybody else would write, too. */

export type Api = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
};

/** @param base "http://localhost:8787"; paths are under the caller's own workspace */
export function createApi(base: string, key: string): Api {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${base}/api/workspaces/me/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const read = (await answer.json()) as { detail?: string; title?: string };
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${read.detail ?? read.title ?? ""}`);
    return read as T;
  };
  return {
    get: (path) => call("GET", path),
    post: (path, body = {}) => call("POST", path, body),
    patch: (path, body) => call("PATCH", path, body),
  };
}
