// Checks the Node version before any TypeScript is loaded, then starts the named entry: main, demo, migrate-cli, …
const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `Pandora needs Node 24, this is ${process.version}. Start it through npm (npm start, npm run demo): npm uses the Node 24 that npm ci installed.`,
  );
  process.exit(1);
}
const [entry = "main", ...rest] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...rest);
await import(`./${entry}.ts`);
