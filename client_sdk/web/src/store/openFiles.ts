// Files of this origin's private file system as only workers have them; the types of pages leave them out.

/** An open file, read and written at once. */
export interface OpenFile {
  read(into: Uint8Array<ArrayBuffer>, from: { readonly at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, to: { readonly at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

/** Open a file that is there. Throws `DOMException`, as where it is open elsewhere. */
export const openFile = (handle: FileSystemFileHandle): Promise<OpenFile> =>
  (handle as FileSystemFileHandle & { createSyncAccessHandle(): Promise<OpenFile> }).createSyncAccessHandle();

/** Whether the room that an origin may use is used up. */
export const isQuota = (failure: unknown): boolean =>
  failure instanceof DOMException && failure.name === "QuotaExceededError";
