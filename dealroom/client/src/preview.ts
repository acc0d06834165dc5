// Live reload. Only the preview server adds this script to a page; a published room never has it.

import { followRoom } from "./preview/follow";
import { followIndex } from "./preview/index_page";

const script = document.querySelector<HTMLScriptElement>('script[src="/-/preview.js"]');
const page = document.documentElement.dataset["preview"];
if (page === "index") {
  followIndex();
} else {
  followRoom(script?.dataset["version"] ?? "");
}
