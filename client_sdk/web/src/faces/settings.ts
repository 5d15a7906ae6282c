// Choices of this device, as facts of its store: they are never sent anywhere.

import { InvalidField } from "../errors.ts";
import type { Store } from "../store/store.ts";
import type { Settings } from "./faces.ts";
import * as given from "./given.ts";

/** What keeps them apart from the store's own facts. */
const PREFIX = "setting ";

/** The settings of a device. */
export const settingsOf = (store: Store): Settings => ({
  get: <T>(name: string) => store.meta<T>(PREFIX + given.text("name", name)),
  set(name, value) {
    if (value === undefined) throw new InvalidField("A setting's value must be what JSON can hold; null removes it.");
    store.setMeta(PREFIX + given.text("name", name), value);
  },
});
