// What people are told about the lock, in each language; screens show these as they are.

import { languageOf, own } from "../words/saying.ts";

const en = {
  forgotten:
    "Nobody can open it without your passcode or passkey: not your practice, and not the makers of this app. " +
    "If you have lost them, you can delete everything on this device and connect it with your practice again.",
  lost:
    "Lost for good: what exists on this device only. That is what you wrote and did not share, unless your " +
    "vault has it, your drafts, and what was still waiting to be sent.",
  stays:
    "It comes back when you connect again: everything that you shared and that was sent, and what your " +
    "practice gave you. Private entries in your vault come back with its passphrase or recovery code.",
  wrong: "That does not open it. Please try again.",
  wait: "That was not right several times. You can try again in {time}.",
  short: "Please use at least six characters. A few words are harder to guess than six digits.",
  passkey: "Your passkey cannot open this app on this device. Please choose a passphrase instead: four or five words.",
  cancelled: "The passkey was not used. Please try again, or use your passcode.",
  safety:
    "Your safety plan can stay readable without opening the lock, so that it is there when you need it " +
    "quickly. Whoever has this device unlocked in their hands can then read it too, and nothing else of what " +
    "you wrote.",
  moving: "Everything on this device is being encrypted. This takes a moment. If it is interrupted, nothing is lost.",
  unmoving: "The lock is being removed. This takes a moment. If it is interrupted, nothing is lost.",
  damaged:
    "A part of what is stored on this device is damaged and cannot be read. You can delete everything here and " +
    "connect with your practice again.",
} as const;

/** What can be said of the lock. */
export type LockPhrase = keyof typeof en;

const de: Readonly<Record<LockPhrase, string>> = {
  forgotten:
    "Ohne Ihren Passcode oder Passkey kann niemand öffnen, was hier gespeichert ist: weder Ihre Praxis noch " +
    "die, die diese App machen. Wenn Sie beides nicht mehr haben, können Sie alles auf diesem Gerät löschen " +
    "und es neu mit Ihrer Praxis verbinden.",
  lost:
    "Endgültig verloren ist, was es nur auf diesem Gerät gibt: was Sie geschrieben und nicht geteilt haben, " +
    "soweit es nicht in Ihrem Tresor liegt, Ihre Entwürfe, und was noch nicht gesendet war.",
  stays:
    "Wieder da ist, sobald Sie sich neu verbinden: alles, was Sie geteilt haben und was gesendet war, und was " +
    "Sie von Ihrer Praxis bekommen haben. Private Einträge in Ihrem Tresor öffnen Sie mit dessen Passphrase " +
    "oder Wiederherstellungscode.",
  wrong: "Damit lässt es sich nicht öffnen. Bitte versuchen Sie es noch einmal.",
  wait: "Das war mehrmals nicht richtig. Sie können es in {time} wieder versuchen.",
  short: "Bitte nehmen Sie mindestens sechs Zeichen. Ein paar Wörter sind schwerer zu erraten als sechs Ziffern.",
  passkey:
    "Ihr Passkey kann diese App auf diesem Gerät nicht öffnen. Bitte wählen Sie stattdessen eine Passphrase: " +
    "vier oder fünf Wörter.",
  cancelled: "Der Passkey wurde nicht verwendet. Bitte versuchen Sie es noch einmal, oder nehmen Sie Ihren Passcode.",
  safety:
    "Ihr Sicherheitsplan kann lesbar bleiben, ohne dass Sie die Sperre öffnen, damit er da ist, wenn Sie ihn " +
    "schnell brauchen. Wer dieses Gerät entsperrt in der Hand hat, kann ihn dann auch lesen, und sonst nichts " +
    "von dem, was Sie geschrieben haben.",
  moving:
    "Alles auf diesem Gerät wird verschlüsselt. Das dauert einen Moment. Wird es unterbrochen, geht nichts " +
    "verloren.",
  unmoving: "Die Sperre wird entfernt. Das dauert einen Moment. Wird es unterbrochen, geht nichts verloren.",
  damaged:
    "Ein Teil dessen, was auf diesem Gerät gespeichert ist, ist beschädigt und nicht lesbar. Sie können hier " +
    "alles löschen und sich neu mit Ihrer Praxis verbinden.",
};

const TABLES: Readonly<Record<string, Readonly<Record<LockPhrase, string>>>> = { en, de };

/** A text about the lock; `{time}` is for the screen to fill in. In English where a language has no table. */
export const sayOfLock = (locale: string, told: LockPhrase): string =>
  (own(TABLES, languageOf(locale)) ?? en)[told];
