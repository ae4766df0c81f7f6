/** The demo's lines in the terminal: each step with the seconds it took, and one line that moves while something is under way. */

export type Terminal = {
  line(text: string): void;
  /** Runs a step; `progress` replaces the moving line. */
  step<T>(title: string, work: (progress: (text: string) => void) => Promise<T>): Promise<T>;
};

/** @param out where to write; `isTTY` decides whether a line can move */
export function createTerminal(out: { write(text: string): unknown; isTTY?: boolean }): Terminal {
  const moving = (text: string) => {
    if (out.isTTY) out.write(`\r\u001b[2K  … ${text}`);
  };
  return {
    line: (text) => void out.write(`${text}\n`),
    async step(title, work) {
      const began = performance.now();
      moving(title);
      let last = "";
      const result = await work((text) => {
        last = text;
        moving(`${title}: ${text}`);
      });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      out.write(`${out.isTTY ? "\r\u001b[2K" : ""}  ✓ ${title.padEnd(52)} ${seconds.padStart(5)} s  ${last}\n`);
      return result;
    },
  };
}
