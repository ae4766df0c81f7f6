/** Calls the public API with the key that the demo put into the page. */

/** `{ key, words: code → sentence, crms: [{ crm, stats }] }` */
export const given = JSON.parse(document.getElementById("given").textContent);

/** @param path under the workspace, or absolute. @throws Error in words for people */
export async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path.startsWith("/") ? path : `/api/workspaces/me/${path}`, {
      method,
      headers: { authorization: `Bearer ${given.key}`, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Error("The demo does not answer. Is it still running in the terminal?");
  }
  const read = await answer.json().catch(() => ({}));
  if (answer.ok) return read;
  if (answer.status === 401) throw new Error("The demo was started anew: reload this page.");
  throw new Error(read.detail ?? read.title ?? `The server answered ${answer.status}.`);
}

export const get = (path) => call("GET", path);
export const post = (path) => call("POST", path, {});
