// Bundles the browser's code into dist/, and says in dist/manifest.json which file is which:
//
//   {"main.ts": {"file": "main-4QZ7KD2N.js", "imports": ["chunk-….js"], "dynamic_imports": []}, …}
//
// `imports` are the chunks an entry needs at once (a page may preload them); `dynamic_imports` the
// others that it may ask for later. Names carry a hash of the content, so that a host may cache them for
// ever. The service worker alone keeps its name, by which browsers look for a newer one, and is a classic script, which
// all of them take. Called by hatch_build.py.

import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

const OUTPUT = "dist";
// main: the room itself. preview: live reload, which only the preview server adds to a page.
const ENTRIES = ["src/main.ts", "src/preview.ts"];

const STANDALONE = "src/standalone.ts";
const WORKER = "src/documents/worker.ts";

const COMMON = {
  outdir: OUTPUT,
  bundle: true,
  target: "es2022",
  minify: true,
  charset: "utf8",
  // The licences of what is bundled travel with it, at the end of each file.
  legalComments: "eof",
  write: false,
  logLevel: "warning",
};

const { metafile, outputFiles } = await build({
  ...COMMON,
  entryPoints: ENTRIES,
  format: "esm",
  splitting: true,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  metafile: true,
});

// For a copy of a room in one file, which can import nothing.
const standalone = await build({
  ...COMMON,
  entryPoints: [STANDALONE],
  format: "esm",
  entryNames: "[name]-[hash]",
  metafile: true,
});

const worker = await build({
  ...COMMON,
  entryPoints: [WORKER],
  format: "iife",
  entryNames: "[name]",
  // By this, a build knows the file for dealroom's own.
  banner: { js: "/* Written by dealroom. */" },
});

// A preview or a test may be reading dist/ now: files first, then the manifest that names them, and
// what it no longer names last. A file that is there already is left alone.
const files = [...outputFiles, ...standalone.outputFiles, ...worker.outputFiles];
const contents = new Map(files.map((file) => [basename(file.path), file.contents]));
const outputs = { ...metafile.outputs, ...standalone.metafile.outputs };
contents.set("manifest.json", `${JSON.stringify(manifest(outputs), null, 2)}\n`);
await mkdir(OUTPUT, { recursive: true });
for (const [name, content] of contents) {
  await replace(join(OUTPUT, name), Buffer.from(content));
}
for (const name of await readdir(OUTPUT)) {
  if (!contents.has(name)) {
    await rm(join(OUTPUT, name), { recursive: true });
  }
}

async function replace(path, content) {
  const present = await readFile(path).catch(() => undefined);
  if (present === undefined || !present.equals(content)) {
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, content);
    await rename(temporary, path);
  }
}

function manifest(outputs) {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) =>
    [...ENTRIES, STANDALONE].includes(entryPoint),
  );
  return Object.fromEntries(
    entries.map(([path, { entryPoint }]) => {
      const now = reachable(outputs, path, ["import-statement"]);
      const ever = reachable(outputs, path, ["import-statement", "dynamic-import"]);
      return [
        basename(entryPoint),
        {
          file: basename(path),
          imports: now.map((chunk) => basename(chunk)),
          dynamic_imports: ever
            .filter((chunk) => !now.includes(chunk))
            .map((chunk) => basename(chunk)),
        },
      ];
    }),
  );
}

/** The outputs that the one at `path` asks for by imports of `kinds`, and those that they ask for. */
function reachable(outputs, path, kinds) {
  const visited = new Set([path]);
  // A set is iterated with what is added meanwhile.
  for (const output of visited) {
    for (const imported of outputs[output].imports) {
      // A library may name a module of Node's for where there is no WebCrypto; a browser never asks for it.
      if (kinds.includes(imported.kind) && !imported.external) {
        visited.add(imported.path);
      }
    }
  }
  visited.delete(path);
  return [...visited].sort();
}
