// What an app needs of this package: a client to open in a page.

export { openClient, type Client, type ClientOptions, type Opening, type Where } from "./client.ts";
export { FaceError, type Faces, type Remote, type Told } from "./faces/faces.ts";
export type * as answers from "./generated/answers.ts";
