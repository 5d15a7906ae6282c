// Bundles one entry for a browser: node bundle.mjs ENTRY OUT_FOLDER
// WebAssembly and workers are written beside it, each with its hash in its name, so that they can be cached for ever.

import { build } from "esbuild";

const [entry, folder] = process.argv.slice(2);
if (!entry || !folder) {
  console.error("usage: node bundle.mjs ENTRY OUT_FOLDER");
  process.exit(2);
}

await build({
  entryPoints: { main: entry },
  outdir: folder,
  absWorkingDir: import.meta.dirname,
  nodePaths: [new URL("node_modules", import.meta.url).pathname],
  // The package is imported by its name, from wherever a bundle begins.
  alias: { "@intersession/client": new URL("src", import.meta.url).pathname },
  bundle: true,
  format: "esm",
  splitting: true,
  target: "es2022",
  loader: { ".wasm": "file", ".sql": "text" },
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
});
