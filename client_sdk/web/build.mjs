// Builds the client's app: node build.mjs OUT_FOLDER [--plain] [--main ENTRY] [--worker ENTRY]
//
// The folder is made anew: index.html, what it is made of with a hash in each name, the manifest, the service worker
// with the hashes of all that it keeps, version.json, and beside each file its .br and .gz. The same sources give the
// same bytes, so that anybody can build it and compare the one hash in version.json.
//
// `--plain` leaves out what is compressed, which takes longest. `--main` and `--worker` are for tests: another page that
// starts the app, another worker.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { png, svg } from "./app/icons/drawing.mjs";

const BASE = "/app";
const HERE = import.meta.dirname;
const APP = join(HERE, "app");

const SHARED = {
  absWorkingDir: HERE,
  nodePaths: [join(HERE, "node_modules")],
  // The package is imported by its name, from wherever a bundle begins.
  alias: { "@intersession/client": join(HERE, "src") },
  bundle: true,
  minify: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".wasm": "file", ".sql": "text" },
  assetNames: "[name]-[hash]",
  entryNames: "[name]-[hash]",
  publicPath: `${BASE}/`,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Bundle one entry into the folder; gives the name of what came of it. */
async function bundled(folder, name, entry, options = {}) {
  const { metafile } = await build({ ...SHARED, format: "esm", entryPoints: { [name]: entry }, outdir: folder, ...options });
  const [made] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint !== undefined);
  return made.split("/").at(-1);
}

/** Write bytes under a name with their hash in it; gives the name. */
async function hashed(folder, name, ending, bytes) {
  const full = `${name}-${sha256(bytes).slice(0, 8).toUpperCase()}.${ending}`;
  await writeFile(join(folder, full), bytes);
  return full;
}

/** Every file in the folder with the hash of its bytes, sorted by name. */
async function contents(folder) {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, sha256(await readFile(join(folder, name)))]));
}

/** The one hash of all files: of their names and hashes, a line each. */
const hashOf = (files) => sha256(files.map(([name, hash]) => `${hash}  ${name}\n`).join(""));

async function icons(folder) {
  const whole = { whole: true };
  return {
    sign: await hashed(folder, "icon", "svg", svg()),
    touch: await hashed(folder, "icon-180", "png", png(180, whole)),
    small: await hashed(folder, "icon-192", "png", png(192)),
    large: await hashed(folder, "icon-512", "png", png(512)),
    whole: await hashed(folder, "icon-whole-512", "png", png(512, whole)),
  };
}

async function manifest(folder, { small, large, whole }) {
  const told = JSON.parse(await readFile(join(APP, "manifest.json"), "utf-8"));
  const icon = (name, size, purpose) => ({ src: `${BASE}/${name}`, sizes: `${size}x${size}`, type: "image/png", purpose });
  told.icons = [icon(small, 192, "any"), icon(large, 512, "any"), icon(whole, 512, "maskable")];
  await writeFile(join(folder, "manifest.webmanifest"), `${JSON.stringify(told, null, 2)}\n`);
}

async function index(folder, names) {
  const page = await readFile(join(APP, "index.html"), "utf-8");
  const filled = Object.entries(names).reduce((text, [key, name]) => text.replaceAll(`{{${key}}}`, name), page);
  await writeFile(join(folder, "index.html"), filled);
}

async function serviceWorker(folder) {
  const files = await contents(folder);
  const precache = files.map(([name, hash]) => [`${BASE}/${name}`, hash]);
  await build({
    ...SHARED,
    format: "iife",
    entryPoints: { sw: join(APP, "serviceWorker.ts") },
    entryNames: "[name]",
    outdir: folder,
    define: {
      PRECACHE: JSON.stringify(precache),
      VERSION: JSON.stringify(hashOf(files)),
      BASE: JSON.stringify(BASE),
    },
  });
}

/** What a server sends as it is, so that it need not compress anything. */
async function compress(folder) {
  const one = async (name) => {
    const bytes = await readFile(join(folder, name));
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(bytes, { params }));
    await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
  };
  await Promise.all((await readdir(folder)).map(one));
}

async function app(folder, { main, worker, plain }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const workerName = await bundled(folder, "worker", worker);
  const mainName = await bundled(folder, "main", main, {
    define: { WORKER: JSON.stringify(`${BASE}/${workerName}`) },
  });
  const styles = await bundled(folder, "app", join(APP, "styles", "app.css"));
  const drawn = await icons(folder);
  await manifest(folder, drawn);
  await index(folder, { base: BASE, main: mainName, styles, icon: drawn.sign, touch: drawn.touch });
  await serviceWorker(folder);
  const bundle = hashOf(await contents(folder));
  await writeFile(join(folder, "version.json"), `${JSON.stringify({ bundle })}\n`);
  if (!plain) await compress(folder);
  return bundle;
}

/** What was asked for on the command line; ends with how to ask where something is missing. */
function asked(words) {
  const chosen = { main: join(APP, "main.ts"), worker: join(HERE, "src", "worker", "worker.ts"), plain: false };
  const folders = [];
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === "--plain") chosen.plain = true;
    else if (words[at] === "--main" || words[at] === "--worker") chosen[words[at].slice(2)] = resolve(words[(at += 1)] ?? "");
    else folders.push(words[at]);
  }
  if (folders.length !== 1) {
    console.error("usage: node build.mjs OUT_FOLDER [--plain] [--main ENTRY] [--worker ENTRY]");
    process.exit(2);
  }
  return { folder: resolve(folders[0]), ...chosen };
}

const { folder, ...entries } = asked(process.argv.slice(2));
console.log(await app(folder, entries));
