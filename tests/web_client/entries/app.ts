// A page with this device's client and its worker, in one bundle, as an app has them: `begin` opens it, `call` calls it.

import { openClient, type Client, type Faces, type Told } from "@intersession/client/index.ts";
import { serveClient } from "@intersession/client/worker/serving.ts";

type Called = Readonly<Record<string, Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>>>;

function page(): void {
  let client: Client<Faces, Told> | null = null;
  const changed: string[] = [];

  const begin = async (): Promise<string> => {
    const opening = await openClient({ worker: () => new Worker(import.meta.url, { type: "module" }) });
    if (opening.state === "open") {
      client = opening.client;
      client.onChange(({ documents }) => changed.push(...documents));
    }
    return opening.state;
  };

  const call = async (face: string, method: string, given: readonly unknown[]): Promise<unknown> => {
    try {
      const faces = client?.faces as unknown as Called;
      return { answer: (await faces[face]?.[method]?.(...given)) ?? null };
    } catch (failure) {
      const { code, message } = failure as { code?: string; message: string };
      return { refused: code ?? "", message };
    }
  };

  Object.assign(globalThis, { begin, call, changed, end: () => client?.close() });
}

if ("document" in globalThis) page();
else serveClient(self, { version: "0", browser: "test" });
