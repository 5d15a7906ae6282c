// What esbuild makes of a file that is no script: the address of a copy of it beside the bundle.

declare module "@automerge/automerge/automerge.wasm" {
  const address: string;
  export default address;
}

declare module "@sqlite.org/sqlite-wasm/sqlite3.wasm" {
  const address: string;
  export default address;
}

declare module "*.sql" {
  const script: string;
  export default script;
}
