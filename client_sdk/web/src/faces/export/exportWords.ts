// What an exported page says beside what a person has written, by language. Whatever has no table is said in English.

import { languageOf } from "../../words/saying.ts";

/** The words of one language. */
export interface ExportWords {
  readonly language: string;
  readonly record: string;
  readonly exported: (at: string, practice: string) => string;
  readonly includesPrivate: string;
  readonly parts: {
    readonly journal: string;
    readonly symptoms: string;
    readonly homework: string;
    readonly assessments: string;
    readonly goals: string;
    readonly topics: string;
    readonly comments: string;
    readonly safety: string;
    readonly drafts: string;
    readonly refusals: string;
    readonly leftOut: string;
  };
  readonly shared: string;
  readonly private: string;
  readonly mood: (value: number) => string;
  readonly scale: (low: number, high: number) => string;
  readonly yes: string;
  readonly no: string;
  readonly done: string;
  readonly status: Readonly<Record<"could_not" | "done" | "not" | "partly", string>>;
  readonly state: Readonly<Record<"completed" | "draft", string>>;
  readonly notScored: string;
  readonly talkedAbout: (day: string) => string;
  readonly leftOut: {
    readonly versions: string;
    readonly notes: string;
    readonly access: string;
    readonly ended: string;
    readonly locked: (entries: number) => string;
    readonly unreadable: (items: number) => string;
  };
}

const EN: ExportWords = {
  language: "en",
  record: "My record",
  exported: (at, practice) => `Exported on ${at}${practice && ` from ${practice}`}.`,
  includesPrivate: "It includes private entries.",
  parts: {
    journal: "Journal",
    symptoms: "Symptoms",
    homework: "Homework",
    assessments: "Assessments",
    goals: "Goals",
    topics: "To talk about",
    comments: "Comments",
    safety: "Safety plan",
    drafts: "Started, not finished",
    refusals: "Not accepted by the practice",
    leftOut: "What is not in this export",
  },
  shared: "shared",
  private: "private",
  mood: (value) => `mood ${value}`,
  scale: (low, high) => ` (${low} to ${high})`,
  yes: "yes",
  no: "no",
  done: " (done)",
  status: { done: "done", partly: "partly", not: "not done", could_not: "could not" },
  state: { completed: "completed", draft: "draft" },
  notScored: "not scored",
  talkedAbout: (day) => `talked about on ${day}`,
  leftOut: {
    versions: "Earlier versions of edited items, and anything deleted or withdrawn.",
    notes: "Your therapists' own notes: they are not on this device.",
    access: "This device's access to the practice, and the key of the vault.",
    ended: "What you shared and the practice received: access has ended, and it was deleted from this device.",
    locked: (entries) =>
      `Private entries that are locked on this device: ${entries}. Unlock the vault and export again.`,
    unreadable: (items) => `Items from the server that this app cannot read: ${items}.`,
  },
};

const DE: ExportWords = {
  language: "de",
  record: "Meine Akte",
  exported: (at, practice) => `Exportiert am ${at}${practice && ` aus ${practice}`}.`,
  includesPrivate: "Private Einträge sind enthalten.",
  parts: {
    journal: "Tagebuch",
    symptoms: "Symptome",
    homework: "Hausaufgaben",
    assessments: "Fragebögen",
    goals: "Ziele",
    topics: "Für die nächste Sitzung",
    comments: "Kommentare",
    safety: "Sicherheitsplan",
    drafts: "Begonnen, nicht abgeschlossen",
    refusals: "Von der Praxis nicht angenommen",
    leftOut: "Was dieser Export nicht enthält",
  },
  shared: "geteilt",
  private: "privat",
  mood: (value) => `Stimmung ${value}`,
  scale: (low, high) => ` (${low} bis ${high})`,
  yes: "ja",
  no: "nein",
  done: " (erledigt)",
  status: { done: "gemacht", partly: "teilweise", not: "nicht gemacht", could_not: "nicht möglich" },
  state: { completed: "abgeschlossen", draft: "Entwurf" },
  notScored: "nicht ausgewertet",
  talkedAbout: (day) => `besprochen am ${day}`,
  leftOut: {
    versions: "Frühere Fassungen von Geändertem sowie alles, was gelöscht oder zurückgezogen wurde.",
    notes: "Die eigenen Notizen Ihrer Therapeutinnen und Therapeuten: Sie liegen nicht auf diesem Gerät.",
    access: "Der Zugang dieses Geräts zur Praxis und der Schlüssel des Tresors.",
    ended:
      "Was Sie geteilt haben und was bei der Praxis angekommen ist: " +
      "Der Zugang ist beendet, und es wurde von diesem Gerät gelöscht.",
    locked: (entries) =>
      `Private Einträge, die auf diesem Gerät verschlossen sind: ${entries}. ` +
      "Öffnen Sie den Tresor und exportieren Sie noch einmal.",
    unreadable: (items) => `Einträge vom Server, die diese App nicht lesen kann: ${items}.`,
  },
};

/** The words in the language of a locale. */
export const wordsOfExport = (locale: string): ExportWords => (languageOf(locale) === "de" ? DE : EN);
