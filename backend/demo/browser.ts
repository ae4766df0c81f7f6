/** What a browser does in an OAuth round trip: follows redirects by hand and brings each host's cookies along. */

/**
 * Opens an address and follows it to the page at its end.
 * @throws Error with the page's text when it ends in anything but success
 */
export async function openInBrowser(address: string): Promise<string> {
  const cookies = new Map<string, Map<string, string>>();
  let url = new URL(address);
  for (let hop = 0; hop < 10; hop += 1) {
    const jar = cookies.get(url.host) ?? new Map<string, string>();
    cookies.set(url.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { redirect: "manual", headers: cookie ? { cookie } : {} });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name) jar.set(name, value ?? "");
    }
    const next = answer.headers.get("location");
    const text = await answer.text();
    if (next) {
      url = new URL(next, url);
      continue;
    }
    if (answer.ok) return text;
    throw new Error(`Connecting ended at ${url.origin}${url.pathname} with ${answer.status}: ${wordsOf(text)}`);
  }
  throw new Error("Connecting went round in circles.");
}

function wordsOf(page: string): string {
  return page
    .replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
